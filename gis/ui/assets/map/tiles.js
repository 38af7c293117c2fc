/* Roads and buildings on canvas tiles: drawn once a tile, so that panning stays smooth with 100,000 footprints. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var BATCH = 64; /* polygons in one path: a single huge path takes seconds */
  var ROADS = [
    { from: 0, casing: '#d8d2c6', fill: '#ffffff', width: [2.2, 5, 9, 14] },
    { from: 13, casing: '#ddd8cd', fill: '#ffffff', width: [1, 2.4, 5.5, 9] },
    { from: 15, casing: null, fill: '#cfc7b8', width: [0.6, 0.8, 1.4, 2], dash: [4, 4] }
  ];

  J.GroundLayer = L.GridLayer.extend({
    options: { tileSize: 512, updateWhenZooming: false, keepBuffer: 1, maxZoom: 20, maxNativeZoom: 20, pane: 'tilePane' },

    initialize: function (options) {
      L.setOptions(this, options);
      this._parts = {};
    },

    setPart: function (name, part) {
      this._parts[name] = part;
      if (this._map) { this.redraw(); }
    },

    setShown: function (name, isShown) {
      this._hidden = this._hidden || {};
      this._hidden[name] = !isShown;
      if (this._map) { this.redraw(); }
    },

    createTile: function (coords) {
      var tile = document.createElement('canvas'), size = this.getTileSize(), ratio = window.devicePixelRatio || 1;
      tile.width = size.x * ratio;
      tile.height = size.y * ratio;
      tile.style.width = size.x + 'px';
      tile.style.height = size.y + 'px';
      var ctx = tile.getContext('2d'), scale = 256 * Math.pow(2, coords.z);
      ctx.scale(ratio, ratio);
      var view = { ctx: ctx, zoom: coords.z, scale: scale, dx: -coords.x * size.x, dy: -coords.y * size.y, size: size.x };
      var hidden = this._hidden || {};
      if (this._parts.roads && !hidden.roads) { drawRoads(view, this._parts.roads); }
      if (this._parts.buildings && !hidden.buildings) { drawBuildings(view, this._parts.buildings); }
      return tile;
    }
  });

  function isOutside(view, box, k, margin) {
    var m = margin / view.scale, west = -view.dx / view.scale - m, north = -view.dy / view.scale - m;
    var span = view.size / view.scale + 2 * m, b = 4 * k;
    return box[b] > west + span || box[b + 2] < west || box[b + 1] > north + span || box[b + 3] < north;
  }

  function trace(view, paths, k) {
    var ctx = view.ctx, from = paths.start[k], to = paths.start[k + 1];
    for (var i = from; i < to; i++) {
      var px = paths.x[i] * view.scale + view.dx, py = paths.y[i] * view.scale + view.dy;
      if (i === from) { ctx.moveTo(px, py); } else { ctx.lineTo(px, py); }
    }
  }

  function drawBuildings(view, part) {
    var ctx = view.ctx, paths = part.paths, open = 0;
    ctx.fillStyle = view.zoom < 15 ? '#c3beb6' : '#cbc7c0';
    ctx.strokeStyle = '#a8a399';
    ctx.lineWidth = view.zoom < 17 ? 0.6 : 1;
    ctx.beginPath();
    for (var k = 0; k < paths.many; k++) {
      if (isOutside(view, paths.box, k, 2)) { continue; }
      trace(view, paths, k);
      ctx.closePath();
      if (++open === BATCH) { finish(view); open = 0; ctx.beginPath(); }
    }
    finish(view);
    drawPointBuildings(view, part);
  }

  function finish(view) {
    view.ctx.fill('nonzero');
    if (view.zoom >= 15) { view.ctx.stroke(); }
  }

  function drawPointBuildings(view, part) {
    if (view.zoom < 14) { return; }
    var half = view.zoom < 17 ? 2.5 : 5;
    part.spots.forEach(function (spot) {
      var px = spot.x * view.scale + view.dx, py = spot.y * view.scale + view.dy;
      if (px < -half || py < -half || px > view.size + half || py > view.size + half) { return; }
      view.ctx.fillRect(px - half, py - half, 2 * half, 2 * half);
    });
  }

  function drawRoads(view, part) {
    [2, 1, 0].forEach(function (kind) {
      var look = ROADS[kind];
      if (view.zoom < look.from) { return; }
      var step = view.zoom < 14 ? 0 : view.zoom < 16 ? 1 : view.zoom < 18 ? 2 : 3, width = look.width[step];
      view.ctx.lineCap = view.ctx.lineJoin = 'round';
      if (look.casing && view.zoom >= 13) { strokeRoads(view, part, kind, look.casing, width + 1.6, null); }
      strokeRoads(view, part, kind, look.casing && view.zoom < 13 ? look.casing : look.fill, width, look.dash);
    });
    view.ctx.setLineDash([]);
  }

  function strokeRoads(view, part, kind, colour, width, dash) {
    var ctx = view.ctx, paths = part.paths;
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.setLineDash(dash || []);
    ctx.beginPath();
    for (var k = 0; k < paths.many; k++) {
      if (part.kinds[paths.owner[k]] === kind && !isOutside(view, paths.box, k, 20)) { trace(view, paths, k); }
    }
    ctx.stroke();
  }
})();
