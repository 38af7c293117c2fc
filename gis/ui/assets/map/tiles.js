/* Roads and buildings on canvas tiles: drawn once a tile, so that panning stays smooth with 100,000 footprints. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var BATCH = 64; /* paths drawn at once: a single huge one takes seconds */
  var ROADS = [
    { from: 0, casing: '#d8d2c6', fill: '#ffffff', width: [2.2, 5, 9, 14] },
    { from: 13, casing: '#ddd8cd', fill: '#ffffff', width: [1, 2.4, 5.5, 9] },
    { from: 15, casing: null, fill: '#cfc7b8', width: [0.6, 0.8, 1.4, 2], dash: [4, 4] }
  ];
  var OUTLINED_FROM = 16; /* farther out an outline is as wide as the house */
  var FAR = [193, 188, 179], NEAR = '#cbc7c0', OUTLINE = '#a8a399';

  J.GroundLayer = L.GridLayer.extend({
    options: { tileSize: 512, updateWhenZooming: false, keepBuffer: 1, maxZoom: 20, maxNativeZoom: 20, pane: 'tilePane' },

    initialize: function (options) {
      L.setOptions(this, options);
      this._parts = {};
      this._hidden = {};
    },

    setPart: function (name, part) {
      this._parts[name] = part;
      if (!part.paths.index) { part.paths.index = new J.Buckets(part.paths.box, part.paths.many); }
      this._isDue = true; /* whoever hands over parts says when: all tiles are painted anew once, where they stand */
    },

    setShown: function (name, isShown) {
      this._hidden[name] = !isShown;
      this._isDue = true;
      this.repaint();
    },

    repaint: function () {
      if (!this._map || !this._isDue) { return; }
      this._isDue = false;
      for (var key in this._tiles) { this.paint(this._tiles[key].el, this._tiles[key].coords); }
    },

    createTile: function (coords) {
      var tile = document.createElement('canvas'), size = this.getTileSize(), ratio = window.devicePixelRatio || 1;
      tile.width = size.x * ratio;
      tile.height = size.y * ratio;
      tile.style.width = size.x + 'px';
      tile.style.height = size.y + 'px';
      this.paint(tile, coords);
      return tile;
    },

    paint: function (tile, coords) {
      var size = this.getTileSize(), ratio = window.devicePixelRatio || 1, ctx = tile.getContext('2d');
      var scale = 256 * Math.pow(2, coords.z), parts = this._parts, hidden = this._hidden;
      ctx.setTransform(1, 0, 0, 1, 0, 0);
      ctx.clearRect(0, 0, tile.width, tile.height);
      ctx.scale(ratio, ratio);
      var view = { ctx: ctx, zoom: coords.z, scale: scale, dx: -coords.x * size.x, dy: -coords.y * size.y, size: size.x, ratio: ratio };
      if (parts.roads && !hidden.roads) { drawRoads(view, parts.roads); }
      if (parts.buildings && !hidden.buildings) { drawBuildings(view, parts.buildings); }
    }
  });

  /* Visits the paths that touch the tile, give or take so many pixels. */
  function eachInside(view, paths, margin, visit) {
    var m = margin / view.scale, west = -view.dx / view.scale, north = -view.dy / view.scale, span = view.size / view.scale;
    paths.index.within(west - m, north - m, west + span + m, north + span + m, visit);
  }

  function trace(view, paths, k) {
    var ctx = view.ctx, from = paths.start[k], to = paths.start[k + 1];
    for (var i = from; i < to; i++) {
      var px = paths.x[i] * view.scale + view.dx, py = paths.y[i] * view.scale + view.dy;
      if (i === from) { ctx.moveTo(px, py); } else { ctx.lineTo(px, py); }
    }
  }

  function drawBuildings(view, part) {
    if (view.zoom < OUTLINED_FROM) { stampBuildings(view, part.paths); } else { outlineBuildings(view, part.paths); }
    drawPointBuildings(view, part);
  }

  function outlineBuildings(view, paths) {
    var ctx = view.ctx, open = 0;
    ctx.fillStyle = NEAR;
    ctx.strokeStyle = OUTLINE;
    ctx.lineWidth = view.zoom < 17 ? 0.6 : 1;
    ctx.beginPath();
    function finish() {
      ctx.fill('nonzero');
      ctx.stroke();
      open = 0;
      ctx.beginPath();
    }
    eachInside(view, paths, 2, function (k) {
      trace(view, paths, k);
      ctx.closePath();
      if (++open === BATCH) { finish(); }
    });
    finish();
  }

  /* From afar: each edge adds the area to its right, a running sum along the rows is then what each pixel is covered by
     (as fonts are drawn). One pass over all corners, however many footprints there are. */
  function stampBuildings(view, paths) {
    var side = Math.round(view.size * view.ratio), margin = 64, wide = side + 2 * margin, area = sheet(wide * side + 2);
    var scale = view.scale * view.ratio, dx = view.dx * view.ratio + margin, dy = view.dy * view.ratio, large = [], has = false;
    eachInside(view, paths, 1, function (k) {
      var box = paths.box, b = 4 * k;
      if (box[b] * scale + dx < 1 || box[b + 2] * scale + dx > wide - 2) { large.push(k); return; }
      has = true;
      var from = paths.start[k], to = paths.start[k + 1];
      for (var i = from, j = to - 1; i < to; j = i++) {
        edge(area, wide, side, paths.x[j] * scale + dx, paths.y[j] * scale + dy, paths.x[i] * scale + dx, paths.y[i] * scale + dy);
      }
    });
    if (has) { view.ctx.drawImage(shade(area, wide, side, margin), 0, 0, view.size, view.size); }
    view.ctx.fillStyle = 'rgb(' + FAR.join(',') + ')';
    large.forEach(function (k) {
      view.ctx.beginPath();
      trace(view, paths, k);
      view.ctx.fill('nonzero');
    });
  }

  var kept = { area: null, canvas: null, image: null };

  function sheet(length) {
    if (!kept.area || kept.area.length !== length) { kept.area = new Float32Array(length); } else { kept.area.fill(0); }
    return kept.area;
  }

  /* Adds one edge: by rows, the part of the pixel that it crosses and everything to the right of it. */
  function edge(area, wide, high, x0, y0, x1, y1) {
    if (y0 === y1) { return; }
    var way = 1, swap;
    if (y0 > y1) { swap = x0; x0 = x1; x1 = swap; swap = y0; y0 = y1; y1 = swap; way = -1; }
    if (y1 <= 0 || y0 >= high) { return; }
    var slope = (x1 - x0) / (y1 - y0), x = y0 < 0 ? x0 - y0 * slope : x0, last = Math.min(high, Math.ceil(y1));
    for (var row = Math.max(0, Math.floor(y0)); row < last; row++) {
      var tall = Math.min(row + 1, y1) - Math.max(row, y0), next = x + slope * tall, d = tall * way;
      var a = x < next ? x : next, b = x < next ? next : x, from = Math.floor(a), to = Math.ceil(b), at = row * wide + from;
      if (to <= from + 1) {
        var middle = 0.5 * (x + next) - from;
        area[at] += d - d * middle;
        area[at + 1] += d * middle;
      } else { slant(area, at, d, a - from, b - from, to - from); }
      x = next;
    }
  }

  /* The same where an edge crosses several pixels of a row. */
  function slant(area, at, d, a, b, pixels) {
    var s = 1 / (b - a), first = 0.5 * s * (1 - a) * (1 - a), rest = b - pixels + 1, end = 0.5 * s * rest * rest;
    area[at] += d * first;
    if (pixels === 2) { area[at + 1] += d * (1 - first - end); } else {
      var second = s * (1.5 - a);
      area[at + 1] += d * (second - first);
      for (var k = 2; k < pixels - 1; k++) { area[at + k] += d * s; }
      area[at + pixels - 1] += d * (1 - (second + (pixels - 3) * s) - end);
    }
    area[at + pixels] += d * end;
  }

  function shade(area, wide, side, margin) {
    if (!kept.canvas || kept.canvas.width !== side) {
      kept.canvas = document.createElement('canvas');
      kept.canvas.width = kept.canvas.height = side;
      kept.image = kept.canvas.getContext('2d').createImageData(side, side);
    }
    var data = kept.image.data, out = 0;
    for (var row = 0; row < side; row++) {
      var sum = 0, at = row * wide;
      for (var column = 0; column < margin; column++) { sum += area[at + column]; }
      for (at += margin, column = 0; column < side; column++, out += 4) {
        sum += area[at + column];
        var cover = sum < 0 ? -sum : sum;
        data[out] = FAR[0];
        data[out + 1] = FAR[1];
        data[out + 2] = FAR[2];
        data[out + 3] = cover > 1 ? 255 : cover * 255 + 0.5;
      }
    }
    kept.canvas.getContext('2d').putImageData(kept.image, 0, 0);
    return kept.canvas;
  }

  function drawPointBuildings(view, part) {
    if (view.zoom < 14) { return; }
    var half = view.zoom < 17 ? 2.5 : 5;
    view.ctx.fillStyle = NEAR;
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
    var ctx = view.ctx, paths = part.paths, open = 0;
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.setLineDash(dash || []);
    ctx.beginPath();
    eachInside(view, paths, 20, function (k) {
      if (part.kinds[paths.owner[k]] !== kind) { return; }
      trace(view, paths, k);
      if (++open === BATCH) { ctx.stroke(); open = 0; ctx.beginPath(); }
    });
    ctx.stroke();
  }
})();
