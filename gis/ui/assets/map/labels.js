/* Names on the map, drawn on one canvas: the important first, each where it touches neither another name, nor a symbol,
   nor a box over the map; what finds no room is left out. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var FONT = "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei','WenQuanYi Micro Hei',sans-serif";
  var BOXES = '.jj-legend,.jj-search,.jj-actions,.jj-tools,.jj-reading,.jj-foot,.leaflet-control,.jj-card,.jj-filters-button,.jj-years';
  var CELL = 64, ROW = 65536, NONE = [];

  /* Rectangles by cells of 64 pixels. */
  J.Taken = function () { this.cells = new Map(); };

  J.Taken.prototype.cellsOf = function (box, each) {
    var right = Math.floor(box[2] / CELL), bottom = Math.floor(box[3] / CELL);
    for (var x = Math.floor(box[0] / CELL); x <= right; x++) {
      for (var y = Math.floor(box[1] / CELL); y <= bottom; y++) {
        if (each(x * ROW + y)) { return true; }
      }
    }
    return false;
  };

  J.Taken.prototype.add = function (box) {
    var cells = this.cells;
    this.cellsOf(box, function (key) {
      var there = cells.get(key);
      if (there) { there.push(box); } else { cells.set(key, [box]); }
    });
  };

  J.Taken.prototype.isFree = function (box) {
    var cells = this.cells;
    return !this.cellsOf(box, function (key) {
      return (cells.get(key) || NONE).some(function (other) {
        return box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1];
      });
    });
  };

  function fontOf(label) { return (label.weight || 400) + ' ' + label.size + 'px ' + FONT; }

  J.Labels = L.Layer.extend({
    /* `isSymbol(left, top, right, bottom)` in world coordinates: only names that must stand there stand on a symbol */
    initialize: function (source, isSymbol) {
      this._source = source;
      this._isSymbol = isSymbol;
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
      var map = this._map, self = this;
      if (!map) { return; }
      this._size = map.getSize();
      this._ctx = this._ctx || this._canvas.getContext('2d');
      this._taken = new J.Taken();
      this.drawn = []; /* text and box of each, for whoever asks what stands where */
      this._takeBoxes();
      var labels = this._source(map.getZoom());
      labels.forEach(function (label) { if (label.must) { self._place(label); } });
      labels.forEach(function (label) { if (!label.must) { self._place(label); } });
      this._paint();
    },

    /* Where the same names stand on the same spots, the canvas stays as it is. */
    _paint: function () {
      var canvas = this._canvas, size = this._size, ratio = window.devicePixelRatio || 1, at = this._map.containerPointToLayerPoint([0, 0]), self = this;
      var key = JSON.stringify([size, ratio, at, this.drawn]);
      canvas.style.visibility = '';
      if (key === this._painted) { return; }
      this._painted = key;
      canvas.width = size.x * ratio;
      canvas.height = size.y * ratio;
      canvas.style.width = size.x + 'px';
      canvas.style.height = size.y + 'px';
      L.DomUtil.setPosition(canvas, at);
      var ctx = this._ctx;
      ctx.scale(ratio, ratio);
      ctx.textAlign = 'center';
      ctx.textBaseline = 'middle';
      ctx.lineJoin = 'round';
      this.drawn.forEach(function (one) { self._write(one); });
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

    _isOnSymbol: function (box) {
      var map = this._map, scale = map.options.crs.scale(map.getZoom());
      var shift = map.layerPointToContainerPoint([0, 0]).subtract(map.getPixelOrigin());
      return this._isSymbol(
        (box[0] - shift.x) / scale, (box[1] - shift.y) / scale, (box[2] - shift.x) / scale, (box[3] - shift.y) / scale
      );
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
        if (isWhole && this._taken.isFree(box) && (label.must || !this._isOnSymbol(box))) { this._note(label, x, y, box); return; }
      }
    },

    _widthOf: function (label) {
      var font = fontOf(label), key = font.slice(0, 9) + label.text;
      if (!(key in this._wide)) {
        this._ctx.font = font;
        this._wide[key] = this._ctx.measureText(label.text).width;
      }
      return this._wide[key];
    },

    _note: function (label, x, y, box) {
      this._taken.add(box);
      this.drawn.push({ text: label.text, box: box, x: x, y: y, font: fontOf(label), halo: label.halo || 3, colour: label.colour });
    },

    _write: function (one) {
      var ctx = this._ctx;
      ctx.font = one.font;
      ctx.lineWidth = one.halo;
      ctx.strokeStyle = 'rgba(255,255,255,.94)';
      ctx.strokeText(one.text, one.x, one.y);
      ctx.fillStyle = one.colour;
      ctx.fillText(one.text, one.x, one.y);
    }
  });
})();
