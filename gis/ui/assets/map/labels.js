/* Names on the map, drawn on one canvas: the important first, each where it touches neither another name, nor a symbol,
   nor a box over the map; what finds no room is left out. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var FONT = "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei','WenQuanYi Micro Hei',sans-serif";
  var BOXES = '.jj-legend,.jj-search,.jj-actions,.jj-tools,.jj-reading,.jj-foot,.leaflet-control,.jj-card,.jj-filters-button,.jj-years';
  var CELL = 64;

  /* Rectangles by cells of 64 pixels, so that 20,000 symbols cost no more than a glance. */
  J.Taken = function () { this.cells = {}; };

  J.Taken.prototype.cellsOf = function (box, each) {
    for (var x = Math.floor(box[0] / CELL); x <= Math.floor(box[2] / CELL); x++) {
      for (var y = Math.floor(box[1] / CELL); y <= Math.floor(box[3] / CELL); y++) {
        if (each(x + ' ' + y)) { return true; }
      }
    }
    return false;
  };

  J.Taken.prototype.add = function (box) {
    var cells = this.cells;
    this.cellsOf(box, function (key) { (cells[key] = cells[key] || []).push(box); });
  };

  J.Taken.prototype.isFree = function (box) {
    var cells = this.cells;
    return !this.cellsOf(box, function (key) {
      return (cells[key] || []).some(function (other) {
        return box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1];
      });
    });
  };

  J.Labels = L.Layer.extend({
    initialize: function (source, keepOff) {
      this._source = source;
      this._keepOff = keepOff;
      this._wide = {};
    },

    onAdd: function (map) {
      this._canvas = L.DomUtil.create('canvas', 'jj-labels', map.getPane('jj-labels'));
      map.on('moveend resize', this.redraw, this);
      map.on('zoomstart', this._hide, this);
      this.redraw();
    },

    onRemove: function (map) {
      map.off('moveend resize', this.redraw, this);
      map.off('zoomstart', this._hide, this);
      L.DomUtil.remove(this._canvas);
    },

    _hide: function () { this._canvas.style.visibility = 'hidden'; },

    redraw: function () {
      var map = this._map;
      if (!map) { return; }
      var size = map.getSize(), ratio = window.devicePixelRatio || 1, canvas = this._canvas;
      canvas.width = size.x * ratio;
      canvas.height = size.y * ratio;
      canvas.style.width = size.x + 'px';
      canvas.style.height = size.y + 'px';
      L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
      canvas.style.visibility = '';
      var ctx = this._ctx = canvas.getContext('2d'), self = this;
      ctx.scale(ratio, ratio);
      ctx.textAlign = 'center';
      ctx.textBaseline = 'middle';
      ctx.lineJoin = 'round';
      this._size = size;
      this._taken = new J.Taken();
      this.drawn = []; /* text and box of each, for whoever asks what stands where */
      this._takeBoxes();
      var labels = this._source(map.getZoom());
      labels.forEach(function (label) { if (label.must) { self._place(label); } });
      this._takeSymbols();
      labels.forEach(function (label) { if (!label.must) { self._place(label); } });
    },

    /* What lies over the map would hide half a name. */
    _takeBoxes: function () {
      var stage = this._map.getContainer(), from = stage.getBoundingClientRect(), taken = this._taken;
      var root = stage.closest ? stage.closest('.jj-street') : null;
      if (!root) { return; }
      Array.prototype.forEach.call(root.querySelectorAll(BOXES), function (box) {
        var b = box.getBoundingClientRect();
        if (b.width && b.height && b.bottom > from.top && b.top < from.bottom) {
          taken.add([b.left - from.left - 2, b.top - from.top - 2, b.right - from.left + 2, b.bottom - from.top + 2]);
        }
      });
    },

    _takeSymbols: function () {
      var map = this._map, size = this._size, taken = this._taken, scale = map.options.crs.scale(map.getZoom());
      var shift = map.layerPointToContainerPoint([0, 0]).subtract(map.getPixelOrigin());
      this._keepOff().forEach(function (mark) {
        var x = mark.x * scale + shift.x, y = mark.y * scale + shift.y, r = mark.radius + 1;
        if (x > -r && y > -r && x < size.x + r && y < size.y + r) { taken.add([x - r, y - r, x + r, y + r]); }
      });
    },

    /* label: {text, lon, lat, shift, tries, size, weight, colour, room, must}; `tries` are further shifts, down or [right, down]. */
    _place: function (label) {
      if (!label.text) { return; }
      var size = this._size, p = this._map.latLngToContainerPoint([label.lat, label.lon]);
      if (p.x < -60 || p.y < -40 || p.x > size.x + 60 || p.y > size.y + 40) { return; }
      var half = this._widthOf(label) / 2 + 3, high = label.size / 2 + 2, shifts = [label.shift || 0].concat(label.tries || []);
      if (label.room && 2 * half > label.room) { return; }
      for (var k = 0; k < shifts.length; k++) {
        var isPair = typeof shifts[k] !== 'number', x = p.x + (isPair ? shifts[k][0] : 0), y = p.y + (isPair ? shifts[k][1] : shifts[k]);
        var box = [x - half, y - high, x + half, y + high];
        var isWhole = label.must || (box[0] >= 0 && box[1] >= 0 && box[2] <= size.x && box[3] <= size.y); /* no half names */
        if (isWhole && this._taken.isFree(box)) { this._write(label, x, y, box); return; }
      }
    },

    _widthOf: function (label) {
      var font = (label.weight || 400) + ' ' + label.size + 'px ' + FONT, key = font.slice(0, 9) + label.text;
      this._ctx.font = font;
      if (!(key in this._wide)) { this._wide[key] = this._ctx.measureText(label.text).width; }
      return this._wide[key];
    },

    _write: function (label, x, y, box) {
      var ctx = this._ctx;
      this._taken.add(box);
      this.drawn.push({ text: label.text, box: box });
      ctx.lineWidth = label.halo || 3;
      ctx.strokeStyle = 'rgba(255,255,255,.94)';
      ctx.strokeText(label.text, x, y);
      ctx.fillStyle = label.colour;
      ctx.fillText(label.text, x, y);
    }
  });
})();
