/* Names on the map, drawn on one canvas: what does not fit is left out, the important first. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var FONT = "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei','WenQuanYi Micro Hei',sans-serif";

  J.Labels = L.Layer.extend({
    initialize: function (source, keepOff) {
      this._source = source;
      this._keepOff = keepOff;
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
      var ctx = canvas.getContext('2d');
      ctx.scale(ratio, ratio);
      ctx.textAlign = 'center';
      ctx.textBaseline = 'middle';
      ctx.lineJoin = 'round';
      /* Symbols keep their room */
      var taken = this._keepOff().map(function (mark) {
        var p = map.latLngToContainerPoint([mark.lat, mark.lon]), r = mark.radius + 1;
        return [p.x - r, p.y - r, p.x + r, p.y + r];
      });
      this._source(map.getZoom()).forEach(function (label) { place(ctx, map, label, taken, size); });
    }
  });

  function place(ctx, map, label, taken, size) {
    if (!label.text) { return; }
    var p = map.latLngToContainerPoint([label.lat, label.lon]);
    p.y += label.shift || 0;
    if (p.x < -60 || p.y < -20 || p.x > size.x + 60 || p.y > size.y + 20) { return; }
    ctx.font = (label.weight || 400) + ' ' + label.size + 'px ' + FONT;
    var half = ctx.measureText(label.text).width / 2 + 3, high = label.size / 2 + 3;
    if (label.room && 2 * half > label.room) { return; }
    var box = [p.x - half, p.y - high, p.x + half, p.y + high];
    var isFree = taken.every(function (other) {
      return box[0] > other[2] || box[2] < other[0] || box[1] > other[3] || box[3] < other[1];
    });
    if (!isFree) { return; }
    taken.push(box);
    ctx.lineWidth = 3;
    ctx.strokeStyle = 'rgba(255,255,255,.92)';
    ctx.strokeText(label.text, p.x, p.y);
    ctx.fillStyle = label.colour;
    ctx.fillText(label.text, p.x, p.y);
  }
})();
