/* Reads the layers: packed ones (gis/ui/packing.py) into typed arrays; in JSON coordinates are whole micro-degrees, each
   the difference from the one before. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var SCALE = 1e6, WORLD = 536870912;
  var TYPES = { u1: [Uint8Array, 1], i2: [Int16Array, 2], i4: [Int32Array, 4] };
  var cache = {};
  J.WORLD = WORLD;

  /* Web Mercator as numbers from 0 to 1, so that drawing at any zoom is one multiplication. */
  J.worldX = function (lon) { return (lon + 180) / 360; };
  J.worldY = function (lat) {
    var s = Math.sin(lat * Math.PI / 180);
    return 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI);
  };
  J.lonOf = function (x) { return x * 360 - 180; };
  J.latOf = function (y) {
    var e = Math.exp(Math.PI * (1 - 2 * y));
    return Math.atan((e - 1 / e) / 2) * 180 / Math.PI;
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

  /* The document of a packed layer, with a typed array for each of its columns. */
  J.unpack = function (buffer) {
    var size = new DataView(buffer).getUint32(0, true), at = 4 + size;
    function restore(part) {
      if (!part || typeof part !== 'object' || Array.isArray(part)) { return part; }
      if (part.$) { return column(part.$); }
      Object.keys(part).forEach(function (key) { part[key] = restore(part[key]); });
      return part;
    }
    function column(mark) {
      var type = TYPES[mark[0]], found = new type[0](buffer, at, mark[1]);
      at += Math.ceil(mark[1] * type[1] / 8) * 8;
      return mark[2] ? sums(found) : found;
    }
    return withPoints(restore(JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, size)))));
  };

  /* Buildings without a footprint as [lon, lat] by item, for those who ask. */
  function withPoints(raw) {
    var spots = raw.spots;
    if (spots) {
      J.later(raw, 'at', function () {
        var out = [], k;
        for (k = 0; k < raw.id.length; k++) { out.push(null); }
        for (k = 0; k < spots.i.length; k++) { out[spots.i[k]] = [J.lonOf(spots.x[k] / WORLD), J.latOf(spots.y[k] / WORLD)]; }
        return out;
      });
    }
    return raw;
  }

  /* What few ask for is worked out when it is asked for. */
  J.later = function (found, name, make) {
    Object.defineProperty(found, name, { configurable: true, get: function () {
      var value = make();
      Object.defineProperty(found, name, { value: value });
      return value;
    } });
  };

  function sums(steps) {
    var out = new Int32Array(steps.length), sum = 0;
    for (var k = 0; k < steps.length; k++) { out[k] = sum += steps[k]; }
    return out;
  }

  /* Texts that repeat, one for each item. */
  J.words = function (raw) {
    var out = new Array(raw.at.length);
    for (var k = 0; k < out.length; k++) { out[k] = raw.word[raw.at[k]]; }
    return out;
  };

  /* Paths: `start[k]`..`start[k+1]` are the points of path k, which belongs to item `owner[k]`; `box` is its extent. */
  J.paths = function (raw) { return raw.d ? plain(raw) : packed(raw); };

  function plain(raw) {
    var total = raw.d.length / 2, x = 0, y = 0, at = 0;
    return gather(raw, total, function (point) {
      x += raw.d[2 * at];
      y += raw.d[2 * at + 1];
      at += 1;
      point[0] = J.worldX(x / SCALE);
      point[1] = J.worldY(y / SCALE);
    });
  }

  function packed(raw) {
    var many = raw.n.length, total = raw.dx.length, start = new Int32Array(many + 1), box = new Float64Array(4 * many);
    var xs = new Float64Array(total), ys = new Float64Array(total), at = 0, first = 0;
    for (var k = 0; k < many; k++) {
      var end = at + raw.n[k];
      if (end === at) { start[k + 1] = at; continue; }
      var x = raw.x[first], y = raw.y[first], west = x, east = x, north = y, south = y;
      for (first += 1; at < end; at++) {
        x += raw.dx[at];
        y += raw.dy[at];
        xs[at] = x / WORLD;
        ys[at] = y / WORLD;
        if (x < west) { west = x; } else if (x > east) { east = x; }
        if (y < north) { north = y; } else if (y > south) { south = y; }
      }
      start[k + 1] = at;
      box[4 * k] = west / WORLD;
      box[4 * k + 1] = north / WORLD;
      box[4 * k + 2] = east / WORLD;
      box[4 * k + 3] = south / WORLD;
    }
    return { owner: raw.i, start: start, x: xs, y: ys, box: box, many: many };
  }

  function gather(raw, total, next) {
    var many = raw.n.length, start = new Int32Array(many + 1), box = new Float64Array(4 * many), point = [0, 0], at = 0;
    var xs = new Float64Array(total), ys = new Float64Array(total);
    for (var k = 0; k < many; k++) {
      var west = Infinity, east = -Infinity, north = Infinity, south = -Infinity;
      for (var left = raw.n[k]; left > 0; left--, at++) {
        next(point);
        xs[at] = point[0];
        ys[at] = point[1];
        west = Math.min(west, point[0]);
        east = Math.max(east, point[0]);
        north = Math.min(north, point[1]);
        south = Math.max(south, point[1]);
      }
      start[k + 1] = at;
      box.set([west, north, east, south], 4 * k);
    }
    return { owner: raw.i, start: start, x: xs, y: ys, box: box, many: many };
  }

  /* The rings of one item as Leaflet has them, [lat, lon]; the paths of an item stand together. */
  J.ringsOfItem = function (paths, item) {
    var low = 0, high = paths.many, out = [];
    while (low < high) {
      var middle = (low + high) >> 1;
      if (paths.owner[middle] < item) { low = middle + 1; } else { high = middle; }
    }
    for (; low < paths.many && paths.owner[low] === item; low++) {
      var ring = [];
      for (var at = paths.start[low]; at < paths.start[low + 1]; at++) { ring.push([J.latOf(paths.y[at]), J.lonOf(paths.x[at])]); }
      out.push(ring);
    }
    return out;
  };

  /* Index of the item whose rings hold the point (odd number of crossings), or -1; the last drawn wins. */
  J.ownerAt = function (paths, wx, wy) {
    var found = -1, owner = -1, inside = false;
    if (!paths.index) { paths.index = new J.Buckets(paths.box, paths.many); }
    paths.index.around(wx, wy, function (k) {
      if (paths.owner[k] !== owner) {
        if (inside) { found = owner; }
        owner = paths.owner[k];
        inside = false;
      }
      var b = 4 * k, box = paths.box;
      if (wx < box[b] || wy < box[b + 1] || wx > box[b + 2] || wy > box[b + 3]) { return; }
      if (crosses(paths, k, wx, wy)) { inside = !inside; }
    });
    return inside ? owner : found;
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

  /* The layers of a view that is about to be shown: they come while its map is made. */
  J.fetchAhead = function (view) { Object.keys(view.layers).forEach(function (name) { J.fetchLayer(view.layers[name]); }); };

  /* One fetch for each address in the life of the page. A session that has ended leads to the sign-in. */
  J.fetchLayer = function (url) {
    if (!cache[url]) {
      cache[url] = window.fetch(url, { credentials: 'same-origin' }).then(function (answer) {
        if (answer.status === 401) { window.location.reload(); }
        if (!answer.ok) { throw new Error(url + ' ' + answer.status); }
        var isPacked = /octet-stream/.test(answer.headers.get('Content-Type') || '');
        return isPacked ? answer.arrayBuffer().then(J.unpack) : answer.json();
      });
      cache[url].catch(function () { delete cache[url]; });
    }
    return cache[url];
  };
})();
