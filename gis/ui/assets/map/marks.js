/* Symbols: members, hosts, venues and groups, each with a shape of its own so that colour is never the only sign. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  /* Blue and vermilion stay apart for every kind of colour blindness (Okabe and Ito). */
  J.COLOURS = {
    grouped: '#1f5fa8', ungrouped: '#d0501c', other: '#8a8f96', place: '#b5121b', host: '#7a4b00', line: '#35618f',
    venue: '#4a3f86', steps: ['#fcf3df', '#f8e4bd', '#f0cf93', '#e5b568', '#d29a48'], none: '#f8f6f1', blank: '#e3e0da'
  };
  var C = J.COLOURS;

  var DRAW = {
    /* A member's home: filled = in a group, ring = not yet, half = some of each, small grey = not in transition. */
    home: function (ctx, p, o) {
      var r = o.radius;
      disc(ctx, p, r + 1.5, '#ffffff');
      if (o.what === 'other') { disc(ctx, p, r, C.other); return; }
      if (o.what === 'grouped') { disc(ctx, p, r, C.grouped); } else {
        ctx.beginPath();
        ctx.arc(p.x, p.y, r - 1, 0, 2 * Math.PI);
        ctx.lineWidth = 2.2;
        ctx.strokeStyle = C.ungrouped;
        ctx.stroke();
        if (o.what === 'mixed') {
          ctx.beginPath();
          ctx.arc(p.x, p.y, r, Math.PI / 2, 1.5 * Math.PI);
          ctx.fillStyle = C.grouped;
          ctx.fill();
        }
      }
      if (o.isRough) {
        ctx.beginPath();
        ctx.arc(p.x, p.y, r + 4, 0, 2 * Math.PI);
        ctx.setLineDash([2, 3]);
        ctx.lineWidth = 1.2;
        ctx.strokeStyle = o.what === 'grouped' ? C.grouped : C.ungrouped;
        ctx.stroke();
        ctx.setLineDash([]);
      }
      if (o.count > 1 && r >= 7) { word(ctx, p, String(o.count), o.what === 'grouped' ? '#ffffff' : '#6e2a0e', 10); }
    },
    /* A place where a group in force meets. */
    group: function (ctx, p, o) {
      disc(ctx, p, o.radius + 2, '#ffffff');
      disc(ctx, p, o.radius, C.place);
      star(ctx, p, o.radius * 0.68, '#ffffff');
      if (o.isBad) {
        var q = { x: p.x + o.radius * 0.9, y: p.y - o.radius * 0.9 };
        disc(ctx, q, 7.5, '#ffffff');
        disc(ctx, q, 6.5, '#8a5a00');
        word(ctx, q, '!', '#ffffff', 10);
      }
    },
    /* Around what is chosen. */
    ring: function (ctx, p, o) {
      [['#ffffff', 5], ['#141a20', 2.4]].forEach(function (pair) {
        ctx.beginPath();
        ctx.arc(p.x, p.y, o.radius, 0, 2 * Math.PI);
        ctx.strokeStyle = pair[0];
        ctx.lineWidth = pair[1];
        ctx.stroke();
      });
    },
    /* o.state: free (filled), full (hollow with a bar), proposed or suspended (grey, dashed); none is free. */
    host: function (ctx, p, o) {
      var r = o.radius;
      ctx.beginPath();
      ctx.moveTo(p.x, p.y - r);
      ctx.lineTo(p.x + r, p.y - r * 0.1);
      ctx.lineTo(p.x + r * 0.72, p.y - r * 0.1);
      ctx.lineTo(p.x + r * 0.72, p.y + r * 0.8);
      ctx.lineTo(p.x - r * 0.72, p.y + r * 0.8);
      ctx.lineTo(p.x - r * 0.72, p.y - r * 0.1);
      ctx.lineTo(p.x - r, p.y - r * 0.1);
      ctx.closePath();
      place(ctx, p, o, C.host, 0.35);
    },
    venue: function (ctx, p, o) {
      var r = o.radius * 0.8;
      ctx.beginPath();
      ctx.rect(p.x - r, p.y - r, 2 * r, 2 * r);
      place(ctx, p, o, C.venue, 0);
      if (o.state && o.state !== 'free') { return; }
      ctx.beginPath();
      ctx.rect(p.x - r * 0.35, p.y - r * 0.35, r * 0.7, r * 0.7);
      ctx.fillStyle = '#ffffff';
      ctx.fill();
    },
    /* A ramp: the way in has no steps. */
    stepfree: function (ctx, p, o) {
      var r = o.radius;
      disc(ctx, p, r + 1.2, '#ffffff');
      disc(ctx, p, r, C.grouped);
      ctx.beginPath();
      ctx.moveTo(p.x - r * 0.6, p.y + r * 0.4);
      ctx.lineTo(p.x + r * 0.6, p.y + r * 0.4);
      ctx.lineTo(p.x + r * 0.6, p.y - r * 0.45);
      ctx.closePath();
      ctx.fillStyle = '#ffffff';
      ctx.fill();
    },
    /* The leader's home: a star at its upper right; alone it stands in the legend. */
    leader: function (ctx, p, o) {
      if (o.isAlone) { DRAW.home(ctx, p, { radius: o.radius, what: 'grouped', count: 1 }); }
      var q = { x: p.x + o.radius * 0.95, y: p.y - o.radius * 0.95 };
      star(ctx, q, 7.4, '#ffffff');
      star(ctx, q, 5.6, C.place);
    },
    pin: function (ctx, p, o) {
      ctx.beginPath();
      ctx.arc(p.x, p.y - o.radius * 1.5, o.radius, Math.PI * 0.85, Math.PI * 2.15);
      ctx.lineTo(p.x, p.y);
      ctx.closePath();
      outlined(ctx, C.place);
      disc(ctx, { x: p.x, y: p.y - o.radius * 1.5 }, o.radius * 0.4, '#ffffff');
    },
    number: function (ctx, p, o) {
      disc(ctx, p, o.radius + 2, '#ffffff');
      disc(ctx, p, o.radius, C.grouped);
      word(ctx, p, String(o.count), '#ffffff', 12);
    }
  };

  function outlined(ctx, colour) {
    ctx.lineJoin = 'round';
    ctx.lineWidth = 3.4;
    ctx.strokeStyle = '#ffffff';
    ctx.stroke();
    ctx.fillStyle = colour;
    ctx.fill();
  }

  /* Fills the path of a place by its state; `low` moves the bar down, in radii. */
  function place(ctx, p, o, colour, low) {
    var state = o.state || 'free', r = o.radius;
    if (state === 'free') { outlined(ctx, colour); } else {
      outlined(ctx, '#ffffff');
      ctx.lineWidth = 1.8;
      ctx.strokeStyle = state === 'full' ? colour : '#6c727a';
      if (state !== 'full') { ctx.setLineDash([2.4, 2]); }
      ctx.stroke();
      ctx.setLineDash([]);
    }
    if (state === 'full') {
      ctx.fillStyle = colour;
      ctx.fillRect(p.x - r * 0.42, p.y + r * (low - 0.16), r * 0.84, r * 0.32);
    }
    if (o.isStepFree) { DRAW.stepfree(ctx, { x: p.x + r * 0.85, y: p.y + r * 0.75 }, { radius: 4.2 }); }
  }

  function disc(ctx, p, r, colour) {
    ctx.beginPath();
    ctx.arc(p.x, p.y, r, 0, 2 * Math.PI);
    ctx.fillStyle = colour;
    ctx.fill();
  }

  function star(ctx, p, r, colour) {
    ctx.beginPath();
    for (var k = 0; k < 10; k++) {
      var a = -Math.PI / 2 + k * Math.PI / 5, d = k % 2 ? r * 0.42 : r;
      ctx.lineTo(p.x + d * Math.cos(a), p.y + d * Math.sin(a));
    }
    ctx.closePath();
    ctx.fillStyle = colour;
    ctx.fill();
  }

  function word(ctx, p, text, colour, size) {
    ctx.font = '600 ' + size + 'px sans-serif';
    ctx.textAlign = 'center';
    ctx.textBaseline = 'middle';
    ctx.fillStyle = colour;
    ctx.fillText(text, p.x, p.y + 0.5);
  }

  J.shapes = DRAW; /* rounds.js adds its own */
  J.drawSymbol = function (ctx, p, options) { DRAW[options.shape](ctx, p, options); };

  J.Symbol = L.CircleMarker.extend({
    _updatePath: function () {
      var renderer = this._renderer;
      if (renderer._drawing && !this._empty()) { J.drawSymbol(renderer._ctx, this._point, this.options); }
    }
  });

  /* Lowest count of each step for these counts: at most five steps, whole numbers, the first is the smallest count. */
  J.steps = function (counts) {
    var sorted = counts.filter(function (n) { return n > 0; }).sort(function (a, b) { return a - b; });
    if (!sorted.length) { return []; }
    var lows = [sorted[0]];
    [0.3, 0.55, 0.8, 0.94].forEach(function (share) {
      var low = sorted[Math.floor(share * (sorted.length - 1))];
      if (low > lows[lows.length - 1]) { lows.push(low); }
    });
    return lows;
  };

  J.stepOf = function (lows, count) {
    for (var k = lows.length - 1; k >= 0; k--) { if (count >= lows[k]) { return k; } }
    return -1;
  };

  /* Colours spread over the whole ramp however few the steps are. */
  J.stepColour = function (lows, step) {
    if (step < 0) { return C.none; }
    var last = C.steps.length - 1;
    return C.steps[lows.length === 1 ? 1 : Math.round(step * last / (lows.length - 1))];
  };
})();
