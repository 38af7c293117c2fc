/* Reads the compact layers: whole micro-degrees, each the difference from the one before. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var SCALE = 1e6;
  var cache = {};

  /* Web Mercator as numbers from 0 to 1, so that drawing at any zoom is one multiplication. */
  J.worldX = function (lon) { return (lon + 180) / 360; };
  J.worldY = function (lat) {
    var s = Math.sin(lat * Math.PI / 180);
    return 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI);
  };

  J.points = function (deltas) {
    var count = deltas.length / 2, out = new Array(count), x = 0, y = 0;
    for (var k = 0; k < count; k++) {
      x += deltas[2 * k];
      y += deltas[2 * k + 1];
      out[k] = [x / SCALE, y / SCALE];
    }
    return out;
  };

  /* Paths: `start[k]`..`start[k+1]` are the points of path k, which belongs to item `owner[k]`; `box` is its extent. */
  J.paths = function (raw) {
    var many = raw.n.length, total = raw.d.length / 2;
    var start = new Int32Array(many + 1), xs = new Float64Array(total), ys = new Float64Array(total);
    var box = new Float64Array(4 * many), x = 0, y = 0, at = 0;
    for (var k = 0; k < many; k++) {
      var west = Infinity, east = -Infinity, north = Infinity, south = -Infinity;
      for (var left = raw.n[k]; left > 0; left--, at++) {
        x += raw.d[2 * at];
        y += raw.d[2 * at + 1];
        var wx = J.worldX(x / SCALE), wy = J.worldY(y / SCALE);
        xs[at] = wx;
        ys[at] = wy;
        if (wx < west) { west = wx; }
        if (wx > east) { east = wx; }
        if (wy < north) { north = wy; }
        if (wy > south) { south = wy; }
      }
      start[k + 1] = at;
      box.set([west, north, east, south], 4 * k);
    }
    return { owner: raw.i, start: start, x: xs, y: ys, box: box, many: many };
  };

  /* Index of the item whose rings hold the point (odd number of crossings), or -1; the last drawn wins. */
  J.ownerAt = function (paths, wx, wy) {
    var found = -1, owner = -1, inside = false;
    for (var k = 0; k <= paths.many; k++) {
      if (k === paths.many || paths.owner[k] !== owner) {
        if (inside) { found = owner; }
        if (k === paths.many) { break; }
        owner = paths.owner[k];
        inside = false;
      }
      var b = 4 * k;
      if (wx < paths.box[b] || wy < paths.box[b + 1] || wx > paths.box[b + 2] || wy > paths.box[b + 3]) { continue; }
      if (crosses(paths, k, wx, wy)) { inside = !inside; }
    }
    return found;
  };

  function crosses(paths, k, wx, wy) {
    var odd = false, from = paths.start[k], to = paths.start[k + 1];
    for (var i = from, j = to - 1; i < to; j = i++) {
      var yi = paths.y[i], yj = paths.y[j];
      if ((yi > wy) !== (yj > wy) && wx < (paths.x[j] - paths.x[i]) * (wy - yi) / (yj - yi) + paths.x[i]) {
        odd = !odd;
      }
    }
    return odd;
  }

  /* One fetch for each address in the life of the page. A session that has ended leads to the sign-in. */
  J.fetchLayer = function (url) {
    if (!cache[url]) {
      cache[url] = window.fetch(url, { credentials: 'same-origin' }).then(function (answer) {
        if (answer.status === 401) { window.location.reload(); }
        if (!answer.ok) { throw new Error(url + ' ' + answer.status); }
        return answer.json();
      });
      cache[url].catch(function () { delete cache[url]; });
    }
    return cache[url];
  };
})();
