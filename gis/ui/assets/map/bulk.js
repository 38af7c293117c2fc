/* Thousands of symbols, lines or areas as one layer of a Leaflet canvas, painted in one pass. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var BATCH = 64, REACH = 40; /* paths drawn at once; pixels that a symbol may stand out of the picture */
  var MANY = 3000; /* from here on raster.js, which pays for each pixel of the picture, is faster than the canvas */
  var STAMPED = ['home', 'host', 'venue', 'group', 'leader', 'ring'];

  /* `paint(ctx, view)` draws; view = {scale, dx, dy, bounds}: x * scale + dx is a pixel of the canvas. */
  J.Bulk = L.Path.extend({
    options: { interactive: false },

    initialize: function (paint, options) {
      L.setOptions(this, options);
      this._paint = paint;
    },

    changed: function () {
      if (this._map && !this._isAsked) {
        this._isAsked = true;
        this._project();
        this._renderer._requestRedraw(this);
      }
    },

    _project: function () {
      var origin = this._map.getPixelOrigin();
      this._view = { scale: this._map.options.crs.scale(this._map.getZoom()), dx: -origin.x, dy: -origin.y };
      this._pxBounds = this._renderer._bounds || L.bounds([[0, 0], this._map.getSize()]);
    },

    _update: function () { if (this._map) { this._project(); this._updatePath(); } },

    _updatePath: function () {
      if (!this._renderer._drawing) { return; }
      this._isAsked = false;
      if (!this._renderer._bounds) { return; }
      this._view.bounds = this._renderer._redrawBounds || this._renderer._bounds; /* a part may be painted anew */
      this._paint(this._renderer._ctx, this._view);
    }
  });

  /* Symbols: what is drawn often is drawn once and then stamped. */
  J.Stamps = function () { this.known = {}; };

  /* The text that says how a symbol looks; none where each is different. */
  function lookOf(o) {
    if (STAMPED.indexOf(o.shape) < 0) { return null; }
    var text = o.count > 1 && o.radius >= 7 ? o.count + ' ' : '';
    for (var name in o) { if (name !== 'count') { text += name + o[name] + ' '; } }
    return text;
  }

  /* The stamp for a symbol at so many pixels a unit; none where each symbol is different. */
  J.Stamps.prototype.of = function (o, ratio) {
    var look = o.look, stamp;
    if (look === undefined) {
      look = lookOf(o);
      Object.defineProperty(o, 'look', { value: look });
    }
    if (look === null) { return null; }
    stamp = this.known[look];
    if (!stamp || stamp.ratio !== ratio) { stamp = this.known[look] = stampOf(o, ratio); }
    return stamp;
  };

  /* Only the part that is drawn on is kept: what is clear would cost as much as what is not. */
  function stampOf(o, ratio) {
    var half = Math.ceil(2.5 * o.radius + 14), size = Math.ceil(2 * half * ratio), sheet = sheetOf(size, size);
    var own = sheet.getContext('2d', { willReadFrequently: true });
    own.scale(ratio, ratio);
    J.drawSymbol(own, { x: half, y: half }, o);
    var box = inked(own.getImageData(0, 0, size, size).data, size), wide = box[2] - box[0], high = box[3] - box[1];
    var canvas = sheetOf(wide, high), pixels = new Uint32Array(own.getImageData(box[0], box[1], wide, high).data.buffer);
    canvas.getContext('2d').drawImage(sheet, -box[0], -box[1]);
    return { canvas: canvas, pixels: pixels, ratio: ratio, dx: box[0] - half * ratio, dy: box[1] - half * ratio, wide: wide, high: high };
  }

  function sheetOf(wide, high) {
    var canvas = document.createElement('canvas');
    canvas.width = wide;
    canvas.height = high;
    return canvas;
  }

  /* Left, top, right, bottom of what is drawn on; one pixel where nothing is. */
  function inked(data, size) {
    var left = size, top = size, right = 0, bottom = 0;
    for (var at = 3, k = 0; at < data.length; at += 4, k++) {
      if (!data[at]) { continue; }
      var x = k % size, y = (k - x) / size;
      if (x < left) { left = x; }
      if (x >= right) { right = x + 1; }
      if (y < top) { top = y; }
      bottom = y + 1;
    }
    return bottom ? [left, top, right, bottom] : [0, 0, 1, 1];
  }

  /* symbols: [{o: as for drawSymbol, x, y}] in world coordinates, the last on top. */
  J.paintSymbols = function (ctx, view, symbols, stamps) {
    var ratio = ctx.getTransform().a, min = view.bounds.min, max = view.bounds.max, found = [], at = [], k;
    for (k = 0; k < symbols.length; k++) {
      var x = symbols[k].x * view.scale + view.dx, y = symbols[k].y * view.scale + view.dy;
      if (x < min.x - REACH || y < min.y - REACH || x > max.x + REACH || y > max.y + REACH) { continue; }
      found.push(symbols[k].o);
      at.push(Math.round(x), Math.round(y));
    }
    for (k = found.length > MANY ? stampMany(ctx, view, found, at, stamps) : 0; k < found.length; k++) {
      var stamp = stamps.of(found[k], ratio), spot = { x: at[2 * k], y: at[2 * k + 1] };
      if (stamp === null) { J.drawSymbol(ctx, spot, found[k]); continue; }
      ctx.drawImage(stamp.canvas, spot.x + stamp.dx / ratio, spot.y + stamp.dy / ratio, stamp.wide / ratio, stamp.high / ratio);
    }
  };

  /* The part of the picture that these points take, give or take so much. */
  function extentOf(at, view, room) {
    var left = Infinity, top = Infinity, right = -Infinity, bottom = -Infinity, seen = view.bounds;
    for (var k = 0; k < at.length; k += 2) {
      if (at[k] < left) { left = at[k]; }
      if (at[k] > right) { right = at[k]; }
      if (at[k + 1] < top) { top = at[k + 1]; }
      if (at[k + 1] > bottom) { bottom = at[k + 1]; }
    }
    return [
      Math.max(left - room, seen.min.x), Math.max(top - room, seen.min.y), Math.min(right + room, seen.max.x), Math.min(bottom + room, seen.max.y)
    ];
  }

  /* Stamps all up to the first that has no stamp, and returns its place. */
  function stampMany(ctx, view, found, at, stamps) {
    var used = [], end = 0, ratio = ctx.getTransform().a;
    for (var stamp; end < found.length && (stamp = stamps.of(found[end], ratio)) !== null; end++) { used.push(stamp); }
    J.inBands(ctx, extentOf(at, view, REACH), function (band) {
      var has = false;
      for (var k = 0; k < end; k++) {
        var top = Math.round(at[2 * k + 1] * ratio + used[k].dy + band.dy);
        if (top >= band.high || top + used[k].high <= 0) { continue; }
        has = J.stampInto(band, used[k], Math.round(at[2 * k] * ratio + used[k].dx + band.dx), top) || has;
      }
      return has;
    });
    return end;
  }

  /* segments: {look: {color, weight, opacity}, at: [x, y, x, y, …]} by look. */
  J.paintSegments = function (ctx, view, kinds) {
    Object.keys(kinds).forEach(function (name) {
      var found = inSight(view, kinds[name].at, kinds[name].look.weight);
      if (found.length > 4 * MANY) { rasterSegments(ctx, view, found, kinds[name].look); } else { strokeSegments(ctx, found, kinds[name].look); }
    });
    ctx.globalAlpha = 1;
  };

  /* Those that may be seen, in the layer's coordinates. */
  function inSight(view, at, weight) {
    var left = view.bounds.min.x - weight, right = view.bounds.max.x + weight, top = view.bounds.min.y - weight, bottom = view.bounds.max.y + weight, out = [];
    for (var k = 0; k < at.length; k += 4) {
      var x0 = at[k] * view.scale + view.dx, y0 = at[k + 1] * view.scale + view.dy;
      var x1 = at[k + 2] * view.scale + view.dx, y1 = at[k + 3] * view.scale + view.dy;
      if (!isBeyond(x0, x1, left, right) && !isBeyond(y0, y1, top, bottom)) { out.push(x0, y0, x1, y1); }
    }
    return out;
  }

  function strokeSegments(ctx, at, look) {
    ctx.strokeStyle = look.color;
    ctx.lineWidth = look.weight;
    ctx.globalAlpha = look.opacity;
    ctx.lineCap = 'round';
    for (var k = 0; k < at.length;) {
      ctx.beginPath();
      for (var end = Math.min(at.length, k + 4 * BATCH); k < end; k += 4) {
        ctx.moveTo(at[k], at[k + 1]);
        ctx.lineTo(at[k + 2], at[k + 3]);
      }
      ctx.stroke();
    }
  }

  function rasterSegments(ctx, view, at, look) {
    var colour = J.pixelOf(look.color), line = new Float64Array(4);
    J.inBands(ctx, extentOf(at, view, look.weight), function (band) {
      var half = 0.5 * look.weight * band.ratio, has = false;
      for (var k = 0; k < at.length; k += 4) {
        line[1] = at[k + 1] * band.ratio + band.dy;
        line[3] = at[k + 3] * band.ratio + band.dy;
        if (isBeyond(line[1], line[3], -half, band.high + half)) { continue; }
        line[0] = at[k] * band.ratio + band.dx;
        line[2] = at[k + 2] * band.ratio + band.dx;
        J.lineInto(band, line, half, colour, 255 * look.opacity);
        has = true;
      }
      return has;
    });
  }

  function isBeyond(a, b, low, high) { return (a < low && b < low) || (a > high && b > high); }

  /* Areas of `paths` in the colours of `fills` (by item; null for none), or their edges where there is a `line`. */
  J.paintAreas = function (ctx, view, paths, look) {
    var byColour = {};
    for (var k = 0; k < paths.many; k++) {
      var b = 4 * k, box = paths.box, colour = look.fills ? look.fills[paths.owner[k]] : look.line.color;
      if (!colour) { continue; }
      if (isBeyond(box[b] * view.scale + view.dx, box[b + 2] * view.scale + view.dx, view.bounds.min.x, view.bounds.max.x)) { continue; }
      if (isBeyond(box[b + 1] * view.scale + view.dy, box[b + 3] * view.scale + view.dy, view.bounds.min.y, view.bounds.max.y)) { continue; }
      (byColour[colour] || (byColour[colour] = [])).push(k);
    }
    Object.keys(byColour).forEach(function (name) { paintKind(ctx, view, paths, byColour[name], name, look); });
    ctx.globalAlpha = 1;
    ctx.setLineDash([]);
  };

  function paintKind(ctx, view, paths, found, colour, look) {
    ctx.globalAlpha = look.opacity;
    ctx.fillStyle = ctx.strokeStyle = colour;
    if (look.line) {
      ctx.lineWidth = look.line.weight;
      ctx.lineCap = ctx.lineJoin = 'round';
      ctx.setLineDash(look.line.dash || []);
    }
    ctx.beginPath();
    found.forEach(function (k, n) {
      for (var at = paths.start[k]; at < paths.start[k + 1]; at++) {
        var x = paths.x[at] * view.scale + view.dx, y = paths.y[at] * view.scale + view.dy;
        if (at === paths.start[k]) { ctx.moveTo(x, y); } else { ctx.lineTo(x, y); }
      }
      ctx.closePath();
      if (n % BATCH === BATCH - 1 || n === found.length - 1) {
        if (look.line) { ctx.stroke(); } else { ctx.fill('nonzero'); }
        ctx.beginPath();
      }
    });
  }
})();
