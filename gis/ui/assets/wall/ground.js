/* The ground of the wall's map on one canvas: grids shaded by figures, roads, buildings. Reads the map's own layers. */
(function () {
  'use strict';
  var W = window.JiujinWall;
  var BATCH = 64; /* polygons in one path: a single huge path takes seconds */
  var LOOK = {
    none: '#10263f', blank: '#33465c', away: 'rgba(4,14,26,.62)', road: ['#5d7b9c', '#4a6786', '#35506d'],
    building: 'rgba(210,226,244,.30)', edge: 'rgba(173,203,235,.45)', outline: '#9fc4ec', chosen: '#ffd27d',
    /* From deep blue to gold, each step lighter than the one before: told apart without seeing colour. */
    steps: ['#1d4a74', '#2f6f8f', '#5b9384', '#a8ad5e', '#f0c14b']
  };
  W.LOOK = LOOK;

  W.readLayer = {
    grids: function (raw) {
      var J = window.Jiujin, found = { raw: raw, paths: J.paths(raw.path), outlines: J.paths(raw.communities.path) };
      found.boxes = boxes(found.paths, raw.id.length);
      return found;
    },
    buildings: function (raw) {
      var J = window.Jiujin, found = { raw: raw, paths: J.paths(raw.path), number: {} };
      raw.id.forEach(function (id, k) { found.number[id] = k; });
      found.boxes = boxes(found.paths, raw.id.length);
      raw.at.forEach(function (at, k) {
        if (at) { found.boxes.set([J.worldX(at[0]), J.worldY(at[1]), J.worldX(at[0]), J.worldY(at[1])], 4 * k); }
      });
      return found;
    },
    roads: function (raw) { return { raw: raw, paths: window.Jiujin.paths(raw.path) }; }
  };

  /* West, north, east, south of each item, from the boxes of its paths. */
  function boxes(paths, many) {
    var out = new Float64Array(4 * many);
    for (var k = 0; k < many; k++) { out.set([Infinity, Infinity, -Infinity, -Infinity], 4 * k); }
    for (k = 0; k < paths.many; k++) {
      var o = 4 * paths.owner[k], b = 4 * k;
      out[o] = Math.min(out[o], paths.box[b]);
      out[o + 1] = Math.min(out[o + 1], paths.box[b + 1]);
      out[o + 2] = Math.max(out[o + 2], paths.box[b + 2]);
      out[o + 3] = Math.max(out[o + 3], paths.box[b + 3]);
    }
    return out;
  }

  W.union = function (list, items) {
    var box = [Infinity, Infinity, -Infinity, -Infinity];
    items.forEach(function (k) {
      box[0] = Math.min(box[0], list[4 * k]);
      box[1] = Math.min(box[1], list[4 * k + 1]);
      box[2] = Math.max(box[2], list[4 * k + 2]);
      box[3] = Math.max(box[3], list[4 * k + 3]);
    });
    return box[0] < Infinity ? box : null;
  };

  /* How world coordinates (0 to 1) become pixels of the design: `box` fills the room, with `pad` left around it. */
  W.viewOf = function (box, width, height, pad) {
    var wide = Math.max(box[2] - box[0], 1e-9), high = Math.max(box[3] - box[1], 1e-9);
    var scale = Math.min((width - pad[1] - pad[3]) / wide, (height - pad[0] - pad[2]) / high);
    var x = pad[3] + (width - pad[1] - pad[3]) / 2, y = pad[0] + (height - pad[0] - pad[2]) / 2;
    return { scale: scale, dx: x - scale * (box[0] + box[2]) / 2, dy: y - scale * (box[1] + box[3]) / 2, width: width, height: height };
  };

  /* A pixel of this view at the middle latitude, in metres. */
  W.metresPerPixel = function (view) {
    var y = (view.height / 2 - view.dy) / view.scale, lat = Math.atan(Math.sinh(Math.PI * (1 - 2 * y)));
    return 40075016.7 * Math.cos(lat) / view.scale;
  };

  function isOutside(view, box, k, margin) {
    var b = 4 * k;
    return box[b] * view.scale + view.dx > view.width + margin || box[b + 2] * view.scale + view.dx < -margin ||
      box[b + 1] * view.scale + view.dy > view.height + margin || box[b + 3] * view.scale + view.dy < -margin;
  }

  function trace(ctx, view, paths, k) {
    for (var i = paths.start[k]; i < paths.start[k + 1]; i++) {
      var x = paths.x[i] * view.scale + view.dx, y = paths.y[i] * view.scale + view.dy;
      if (i === paths.start[k]) { ctx.moveTo(x, y); } else { ctx.lineTo(x, y); }
    }
  }

  function each(paths, call) {
    var from = 0;
    for (var k = 1; k <= paths.many; k++) {
      if (k === paths.many || paths.owner[k] !== paths.owner[from]) { call(paths.owner[from], from, k); from = k; }
    }
  }

  function shape(ctx, view, paths, from, to) {
    ctx.beginPath();
    for (var k = from; k < to; k++) { trace(ctx, view, paths, k); ctx.closePath(); }
  }

  /* scene: {view, fills: colour by grid, isHere: grids in focus, chosen: index of the outline in focus, lit: buildings} */
  W.drawGround = function (canvas, layers, scene, ratio) {
    var view = scene.view, ctx = canvas.getContext('2d');
    canvas.width = Math.round(view.width * ratio);
    canvas.height = Math.round(view.height * ratio);
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.fillStyle = '#0a1a2d';
    ctx.fillRect(0, 0, view.width, view.height);
    ctx.lineJoin = ctx.lineCap = 'round';
    if (layers.grids) { fillGrids(ctx, view, layers.grids, scene); }
    if (layers.roads) { drawRoads(ctx, view, layers.roads); }
    if (layers.buildings) { drawBuildings(ctx, view, layers.buildings); }
    if (layers.grids) { strokeGrids(ctx, view, layers.grids, scene); }
    if (layers.buildings && scene.lit) { lightBuildings(ctx, view, layers.buildings, scene); }
  };

  function fillGrids(ctx, view, grids, scene) {
    each(grids.paths, function (owner, from, to) {
      shape(ctx, view, grids.paths, from, to);
      ctx.fillStyle = scene.fills[owner] || LOOK.none;
      ctx.fill('evenodd');
      if (scene.hatched[owner]) { hatch(ctx, view); }
    });
  }

  /* A figure that is not shown is hatched, not only grey. */
  function hatch(ctx, view) {
    ctx.save();
    ctx.clip('evenodd');
    ctx.beginPath();
    for (var x = -view.height; x < view.width; x += 9) { ctx.moveTo(x, view.height); ctx.lineTo(x + view.height, 0); }
    ctx.lineWidth = 1;
    ctx.strokeStyle = 'rgba(200,215,232,.30)';
    ctx.stroke();
    ctx.restore();
  }

  function drawRoads(ctx, view, roads) {
    var metre = 1 / W.metresPerPixel(view), width = [14, 8, 4];
    [2, 1, 0].forEach(function (kind) {
      if (kind === 2 && metre < 0.25) { return; }
      ctx.beginPath();
      for (var k = 0; k < roads.paths.many; k++) {
        if (roads.raw.c[roads.paths.owner[k]] === kind && !isOutside(view, roads.paths.box, k, 10)) { trace(ctx, view, roads.paths, k); }
      }
      ctx.lineWidth = Math.max(kind === 0 ? 1.4 : 0.7, Math.min(9, width[kind] * metre));
      ctx.strokeStyle = LOOK.road[kind];
      ctx.globalAlpha = 0.75;
      ctx.stroke();
      ctx.globalAlpha = 1;
    });
  }

  function drawBuildings(ctx, view, buildings) {
    var open = 0;
    ctx.fillStyle = LOOK.building;
    ctx.beginPath();
    for (var k = 0; k < buildings.paths.many; k++) {
      if (isOutside(view, buildings.paths.box, k, 2)) { continue; }
      trace(ctx, view, buildings.paths, k);
      ctx.closePath();
      if (++open === BATCH) { ctx.fill(); open = 0; ctx.beginPath(); }
    }
    ctx.fill();
  }

  function strokeGrids(ctx, view, grids, scene) {
    if (scene.isHere) {
      each(grids.paths, function (owner, from, to) {
        if (scene.isHere[owner]) { return; }
        shape(ctx, view, grids.paths, from, to);
        ctx.fillStyle = LOOK.away;
        ctx.fill('evenodd');
      });
    }
    edge(ctx, view, grids.paths, function () { return true; }, LOOK.edge, 1);
    edge(ctx, view, grids.outlines, function () { return true; }, LOOK.outline, 2);
    /* What is in focus last, so that no neighbour's edge lies over it. */
    edge(ctx, view, grids.outlines, function (owner) { return owner === scene.chosen; }, LOOK.chosen, scene.grid === null ? 3.4 : 2);
    edge(ctx, view, grids.paths, function (owner) { return owner === scene.grid; }, LOOK.chosen, 3.4);
  }

  function edge(ctx, view, paths, test, colour, width) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    each(paths, function (owner, from, to) {
      if (!test(owner)) { return; }
      shape(ctx, view, paths, from, to);
      ctx.stroke();
    });
  }

  /* Buildings with a figure, in the colour of its step, with a light edge. */
  function lightBuildings(ctx, view, buildings, scene) {
    each(buildings.paths, function (owner, from, to) {
      var colour = scene.lit[owner];
      if (!colour) { return; }
      shape(ctx, view, buildings.paths, from, to);
      ctx.fillStyle = colour;
      ctx.fill();
      ctx.lineWidth = 1.6;
      ctx.strokeStyle = '#eef5fc';
      ctx.stroke();
    });
  }
})();
