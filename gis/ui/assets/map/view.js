/* Where the map looks: never away from the street, and to what the page asks for. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var P = J.Street.prototype;

  /* A wheel-out stops while the street still fills 40 % of the view, and nobody drags it out of sight. A file whose
     coordinate system is wrong may lie far away: then both must be seen. */
  P.fence = function () {
    var map = this.map, size = map.getSize(), box = map.jiujinBox;
    if (!box || !size.x || !size.y) { return; }
    var all = L.latLngBounds(box.getSouthWest(), box.getNorthEast());
    if (this.draft && this.draft.bounds) { all.extend(this.draft.bounds); }
    map.options.maxBoundsViscosity = 0.8;
    map.setMaxBounds(all.pad(0.75));
    map.options.minZoom = 3; /* what fits is not to be limited by what was */
    map.setMinZoom(Math.max(3, map.getBoundsZoom(all, false) - 1)); /* half the size that fits, less what the steps of zoom take */
  };

  /* Leaflet drops a view that is asked for while it zooms, as the base map does when it begins: the last one waits. */
  P.fit = function (bounds, options) {
    var self = this, isWaiting = Boolean(this.toFit);
    if (!this.map._animatingZoom) { this.map.fitBounds(bounds, options); return; }
    this.toFit = [bounds, options];
    if (isWaiting) { return; }
    this.map.once('zoomend', function () {
      var last = self.toFit;
      self.toFit = null;
      if (!self.isGone) { self.map.fitBounds(last[0], last[1]); }
    });
  };

  /* Marks and lines lie in the street; a draft or a theme may reach beyond it. */
  P.makeRoom = function () {
    var room = J.noRoom(), self = this, k;
    if (this.map.jiujinBox) { J.makeRoomForBounds(room, this.map.jiujinBox); }
    for (k = 0; k < this.symbols.length; k++) { J.makeRoomFor(room, this.symbols[k].x, this.symbols[k].y); }
    Object.keys(this.segments).forEach(function (name) {
      for (var at = self.segments[name].at, i = 0; i < at.length; i += 2) { J.makeRoomFor(room, at[i], at[i + 1]); }
    });
    [this.groups.lines, this.groups.marks, this.groups.chosen, this.found && this.found.group].forEach(function (group) {
      if (group) { group.eachLayer(function (layer) { J.makeRoomForBounds(room, J.boundsOf(layer)); }); }
    });
    ['jj-lines', 'jj-marks'].forEach(function (name) { self.canvas[name].setRoom(room); });
  };

  J.Scale = L.Control.Scale.extend({
    _updateMetric: function (metres) {
      var round = this._getRoundNum(metres);
      this._updateScale(this._mScale, round < 1000 ? round + ' 米' : round / 1000 + ' 公里', round / metres);
    }
  });

  J.nameZoom = function (map) {
    [['in', '放大'], ['out', '缩小']].forEach(function (pair) {
      var button = map.getContainer().querySelector('.leaflet-control-zoom-' + pair[0]);
      if (button) { button.title = pair[1]; button.setAttribute('aria-label', pair[1]); }
    });
  };

  /* What the page asks to look at: the estate of the member to be placed. */
  P.followFocus = function () {
    var focus = this.view.focus, key = focus ? focus.join(' ') : '';
    if (key === (this.focused || '')) { return; }
    this.focused = key;
    if (focus) { this.map.fitBounds([[focus[1], focus[0]], [focus[3], focus[2]]], { maxZoom: 18, padding: [40, 40] }); }
    else if (this.map.jiujinBox) { this.map.fitBounds(this.map.jiujinBox, { padding: [16, 16] }); }
  };

  /* Candidates of another member: show them all. */
  P.followNumbers = function () {
    var numbers = this.view.numbers, key = numbers.map(function (n) { return n.id; }).join(' ');
    if (key === (this.numbered || '')) { return; }
    this.numbered = key;
    if (numbers.length) {
      this.map.fitBounds(L.latLngBounds(numbers.map(function (n) { return [n.y, n.x]; })), { maxZoom: 17, padding: [60, 60] });
    }
  };

  /* A card opened by a link or a list may lie outside the picture, or under the card; a search flies there itself. */
  P.bringToView = function (chosen, rings) {
    var key = chosen.kind + chosen.id;
    if (this.chosenKey === key || !rings || !rings.length) { return; }
    this.chosenKey = key;
    if (this.flownKey === key) { this.flownKey = ''; return; }
    var bounds = L.latLngBounds(rings[0]), clear = this.clearOf(true), size = this.map.getSize();
    var at = this.map.latLngToContainerPoint(bounds.getCenter());
    if (at.x > clear.left && at.y > clear.top && at.x < size.x - clear.right && at.y < size.y - clear.bottom) { return; }
    this.fit(bounds, {
      maxZoom: 17, paddingTopLeft: [clear.left + 30, clear.top + 30], paddingBottomRight: [clear.right + 30, clear.bottom + 30]
    });
  };

  P.followFilter = function () {
    var grids = this.have.grids, filter = this.view.filter;
    if (!grids || !filter) { return; }
    var key = filter.grids.join(' '), before = this.followed;
    this.followed = key;
    if (key === before || (before === undefined && !key)) { return; }
    var bounds = L.latLngBounds([]);
    (filter.grids.length ? filter.grids : grids.raw.id).forEach(function (id) {
      if (id in grids.number) { grids.rings[grids.number[id]].forEach(function (ring) { bounds.extend(L.latLngBounds(ring)); }); }
    });
    if (bounds.isValid()) { this.map.fitBounds(bounds, { padding: [30, 30] }); }
  };
})();
