/* Thousands of symbols, lines or areas as one layer of a Leaflet canvas, painted in one pass. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var BATCH = 64, REACH = 40; /* paths drawn at once; pixels that a symbol may stand out of the picture */
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
      this._view.bounds = this._renderer._bounds;
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

  J.Stamps.prototype.draw = function (ctx, x, y, symbol) {
    var ratio = window.devicePixelRatio || 1, look = symbol.look, stamp;
    if (look === undefined) { look = symbol.look = lookOf(symbol.o); }
    if (look === null) { J.drawSymbol(ctx, { x: x, y: y }, symbol.o); return; }
    stamp = this.known[look];
    if (!stamp || stamp.ratio !== ratio) {
      var half = Math.ceil(2.5 * symbol.o.radius + 14), canvas = document.createElement('canvas');
      canvas.width = canvas.height = 2 * half * ratio;
      var own = canvas.getContext('2d');
      own.scale(ratio, ratio);
      J.drawSymbol(own, { x: half, y: half }, symbol.o);
      stamp = this.known[look] = { canvas: canvas, half: half, ratio: ratio };
    }
    ctx.drawImage(stamp.canvas, Math.round(x) - stamp.half, Math.round(y) - stamp.half, 2 * stamp.half, 2 * stamp.half);
  };

  /* symbols: [{o: as for drawSymbol, x, y}] in world coordinates, the last on top. */
  J.paintSymbols = function (ctx, view, symbols, stamps) {
    var min = view.bounds.min, max = view.bounds.max;
    for (var k = 0; k < symbols.length; k++) {
      var x = symbols[k].x * view.scale + view.dx, y = symbols[k].y * view.scale + view.dy;
      if (x < min.x - REACH || y < min.y - REACH || x > max.x + REACH || y > max.y + REACH) { continue; }
      stamps.draw(ctx, x, y, symbols[k]);
    }
  };

  /* segments: {look: {color, weight, opacity}, at: [x, y, x, y, …]} by look. */
  J.paintSegments = function (ctx, view, kinds) {
    Object.keys(kinds).forEach(function (name) {
      var look = kinds[name].look, at = kinds[name].at, open = 0;
      ctx.strokeStyle = look.color;
      ctx.lineWidth = look.weight;
      ctx.globalAlpha = look.opacity;
      ctx.lineCap = 'round';
      ctx.beginPath();
      for (var k = 0; k < at.length; k += 4) {
        var x0 = at[k] * view.scale + view.dx, y0 = at[k + 1] * view.scale + view.dy;
        var x1 = at[k + 2] * view.scale + view.dx, y1 = at[k + 3] * view.scale + view.dy;
        if (isBeyond(x0, x1, view.bounds.min.x, view.bounds.max.x) || isBeyond(y0, y1, view.bounds.min.y, view.bounds.max.y)) { continue; }
        ctx.moveTo(x0, y0);
        ctx.lineTo(x1, y1);
        if (++open === BATCH) { ctx.stroke(); open = 0; ctx.beginPath(); }
      }
      ctx.stroke();
    });
    ctx.globalAlpha = 1;
  };

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
