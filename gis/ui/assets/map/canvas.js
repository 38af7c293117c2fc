/* The canvases of the map: no larger than what is drawn on them. Each change of a canvas is copied and laid over the
   others pixel by pixel, so that an empty margin costs as much as what is drawn. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var EDGE = 64; /* pixels that a symbol, a line or its badge may stand out of the room */

  /* Rooms are [left, top, right, bottom] in world coordinates. */
  J.noRoom = function () { return [Infinity, Infinity, -Infinity, -Infinity]; };

  J.makeRoomFor = function (room, x, y) {
    if (x < room[0]) { room[0] = x; }
    if (y < room[1]) { room[1] = y; }
    if (x > room[2]) { room[2] = x; }
    if (y > room[3]) { room[3] = y; }
  };

  /* `bounds` as Leaflet has them, or of a point */
  J.makeRoomForBounds = function (room, bounds) {
    if (!bounds.isValid()) { return; }
    J.makeRoomFor(room, J.worldX(bounds.getWest()), J.worldY(bounds.getNorth()));
    J.makeRoomFor(room, J.worldX(bounds.getEast()), J.worldY(bounds.getSouth()));
  };

  J.makeRoomForPaths = function (room, paths) {
    for (var b = 0; b < 4 * paths.many; b += 4) {
      if (!(paths.box[b] <= paths.box[b + 2]) || paths.start[b / 4] === paths.start[b / 4 + 1]) { continue; }
      J.makeRoomFor(room, paths.box[b], paths.box[b + 1]);
      J.makeRoomFor(room, paths.box[b + 2], paths.box[b + 3]);
    }
  };

  /* Where a layer of Leaflet lies. */
  J.boundsOf = function (layer) {
    if (layer.getLatLng && !(layer instanceof L.Circle)) { return L.latLngBounds([layer.getLatLng()]); }
    return layer.getBounds();
  };

  function areaOf(bounds) {
    var size = bounds.getSize();
    return size.x * size.y;
  }

  J.Canvas = L.Canvas.extend({
    /* Nothing will be drawn outside of this; null where that is not known. */
    setRoom: function (room) {
      this._room = room;
      this._refit();
    },

    /* A canvas that is too small, or far too large, is made anew with all that is on it. */
    _refit: function () {
      if (!this._map || !this._bounds || this._map._animatingZoom) { return; }
      var wanted = this._trimmed(this._whole);
      if (!this._bounds.contains(wanted) || 2 * areaOf(wanted) < areaOf(this._bounds)) { this._update(); }
    },

    _trimmed: function (whole) {
      var room = this._room;
      if (!room) { return whole; }
      var scale = this._map.options.crs.scale(this._map.getZoom()), origin = this._map.getPixelOrigin();
      var left = Math.max(whole.min.x, Math.floor(room[0] * scale - origin.x) - EDGE), right = Math.min(whole.max.x, Math.ceil(room[2] * scale - origin.x) + EDGE);
      var top = Math.max(whole.min.y, Math.floor(room[1] * scale - origin.y) - EDGE), bottom = Math.min(whole.max.y, Math.ceil(room[3] * scale - origin.y) + EDGE);
      if (!(right > left && bottom > top)) { return L.bounds(whole.min, whole.min.add([1, 1])); }
      return L.bounds([left, top], [right, bottom]);
    },

    /* As Leaflet 1.9 does it, but for the trimming. */
    _update: function () {
      if (this._map._animatingZoom && this._bounds) { return; }
      L.Renderer.prototype._update.call(this);
      this._whole = this._bounds;
      var b = this._bounds = this._trimmed(this._whole), sheet = this._container, size = b.getSize(), m = L.Browser.retina ? 2 : 1;
      L.DomUtil.setPosition(sheet, b.min);
      sheet.width = m * size.x;
      sheet.height = m * size.y;
      sheet.style.width = size.x + 'px';
      sheet.style.height = size.y + 'px';
      this._ctx.scale(m, m);
      this._ctx.translate(-b.min.x, -b.min.y);
      this.fire('update');
    },

    _updateTransform: function (center, zoom) {
      var map = this._map, scale = map.getZoomScale(zoom, this._zoom), half = map.getSize().multiplyBy(0.5 + this.options.padding);
      var at = half.subtract(this._bounds.min.subtract(this._whole.min)).multiplyBy(-scale)
        .add(map.project(this._center, zoom)).subtract(map._getNewPixelOrigin(center, zoom));
      L.DomUtil.setTransform(this._container, at, scale);
    },

    /* What is added later may lie outside. */
    _requestRedraw: function (layer) {
      if (this._room && !(layer instanceof J.Bulk)) {
        var room = this._room.slice();
        J.makeRoomForBounds(room, J.boundsOf(layer));
        if (String(room) !== String(this._room)) { this.setRoom(room); }
      }
      L.Canvas.prototype._requestRedraw.call(this, layer);
    },

    /* Leaflet 1.9 draws at the end of a move and forgets the frame that it had asked for before: that frame outlives the
       map, and finds no canvas any more. */
    _redraw: function () {
      L.Util.cancelAnimFrame(this._redrawRequest);
      if (this._ctx) { L.Canvas.prototype._redraw.call(this); }
    }
  });
})();
