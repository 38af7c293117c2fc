/* GCJ-02 tiles under our own layers: the picture is bent back to where it belongs, our data never moves.
   The formula is that of gis/spatial/gcj.py, which a test holds it to. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var A = 6378245.0, E2 = 0.00669342162296594323, PI = Math.PI, SIZE = 256, CELL_M = 400, EARTH_M = 40075016.686;

  function waves(x) { return (20 * Math.sin(6 * x * PI) + 20 * Math.sin(2 * x * PI)) * 2 / 3; }

  function isShifted(lon, lat) { return lon > 72.004 && lon < 137.8347 && lat > 0.8293 && lat < 55.8271; }

  /* [lon, lat] in degrees, WGS84 to GCJ-02; outside the defined box nothing is shifted. */
  J.toGcj = function (lon, lat) {
    if (!isShifted(lon, lat)) { return [lon, lat]; }
    var x = lon - 105, y = lat - 35, root = Math.sqrt(Math.abs(x)), wave = waves(x);
    var north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + wave;
    north += (20 * Math.sin(y * PI) + 40 * Math.sin(y / 3 * PI)) * 2 / 3;
    north += (160 * Math.sin(y / 12 * PI) + 320 * Math.sin(y * PI / 30)) * 2 / 3;
    var east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + wave;
    east += (20 * Math.sin(x * PI) + 40 * Math.sin(x / 3 * PI)) * 2 / 3;
    east += (150 * Math.sin(x / 12 * PI) + 300 * Math.sin(x / 30 * PI)) * 2 / 3;
    var phi = lat * PI / 180, bulge = 1 - E2 * Math.sin(phi) * Math.sin(phi);
    return [
      lon + east * Math.sqrt(bulge) / (A * Math.cos(phi)) * 180 / PI,
      lat + north * Math.pow(bulge, 1.5) / (A * (1 - E2)) * 180 / PI
    ];
  };

  /* The inverse, by the same fixed-point rounds as in Python. */
  J.fromGcj = function (lon, lat) {
    var x = lon, y = lat;
    for (var k = 0; k < 12; k++) {
      var there = J.toGcj(x, y), dx = lon - there[0], dy = lat - there[1];
      x += dx;
      y += dy;
      if (Math.abs(dx) < 1e-10 && Math.abs(dy) < 1e-10) { break; }
    }
    return [x, y];
  };

  J.worldLon = function (x) { return x * 360 - 180; };
  J.worldLat = function (y) { return Math.atan((Math.exp(PI * (1 - 2 * y)) - Math.exp(-PI * (1 - 2 * y))) / 2) * 180 / PI; };

  /* Where the picture of a wanted pixel stands in the shifted tiles; both are pixels of the whole world at a zoom. */
  J.gcjPixel = function (zoom, px, py) {
    var scale = SIZE * Math.pow(2, zoom), there = J.toGcj(J.worldLon(px / scale), J.worldLat(py / scale));
    return [J.worldX(there[0]) * scale, J.worldY(there[1]) * scale];
  };

  /* A wanted tile as square cells of at most 400 m: each [left, top, side, x, y, wide, high], where left, top and side
     are pixels of the tile and x, y, wide, high what is drawn there, pixels of the shifted world. Inside a cell the
     shift is taken as linear along the axes, which stays far below 2 m. */
  J.gcjCells = function (coords) {
    var scale = Math.pow(2, coords.z), lat = J.worldLat((coords.y + 0.5) / scale), cells = [];
    var ground = EARTH_M * Math.cos(lat * PI / 180) / scale, many = 1;
    while (many < 32 && ground / many > CELL_M) { many *= 2; }
    var side = SIZE / many;
    for (var row = 0; row < many; row++) {
      for (var column = 0; column < many; column++) {
        var left = column * side, top = row * side, x = coords.x * SIZE + left, y = coords.y * SIZE + top;
        var west = J.gcjPixel(coords.z, x, y + side / 2), east = J.gcjPixel(coords.z, x + side, y + side / 2);
        var north = J.gcjPixel(coords.z, x + side / 2, y), south = J.gcjPixel(coords.z, x + side / 2, y + side);
        cells.push([left, top, side, west[0], north[1], east[0] - west[0], south[1] - north[1]]);
      }
    }
    return cells;
  };

  /* The shifted tiles that a wanted tile needs: from the first column and row to the last, both inclusive. */
  J.gcjNeeds = function (cells) {
    var west = Infinity, north = Infinity, east = -Infinity, south = -Infinity;
    cells.forEach(function (c) {
      west = Math.min(west, c[3]);
      north = Math.min(north, c[4]);
      east = Math.max(east, c[3] + c[5]);
      south = Math.max(south, c[4] + c[6]);
    });
    return [Math.floor(west / SIZE), Math.floor(north / SIZE), Math.floor(east / SIZE), Math.floor(south / SIZE)];
  };

  J.GcjLayer = L.GridLayer.extend({
    initialize: function (urls, options) {
      this.urls = urls;
      L.setOptions(this, options);
    },

    createTile: function (coords, done) {
      var tile = document.createElement('canvas'), cells = J.gcjCells(coords), needs = J.gcjNeeds(cells), self = this;
      tile.width = tile.height = SIZE;
      var sheet = document.createElement('canvas'), ctx = sheet.getContext('2d'), waiting = 0, came = 0;
      sheet.width = (needs[2] - needs[0] + 1) * SIZE;
      sheet.height = (needs[3] - needs[1] + 1) * SIZE;
      var images = [];
      function arrived(isThere) {
        came += isThere ? 1 : 0;
        if (--waiting) { return; }
        if (!came) { done(new Error('no tile'), tile); return; }
        images.forEach(function (one) { if (one.isThere) { ctx.drawImage(one.image, one.x, one.y, SIZE, SIZE); } });
        bend(tile, sheet, cells, needs);
        done(null, tile);
      }
      this.urls.forEach(function (url) {
        for (var y = needs[1]; y <= needs[3]; y++) {
          for (var x = needs[0]; x <= needs[2]; x++) {
            waiting += 1;
            images.push(fetchImage(self.address(url, coords.z, x, y), (x - needs[0]) * SIZE, (y - needs[1]) * SIZE, arrived));
          }
        }
      });
      return tile;
    },

    address: function (url, z, x, y) {
      var turns = this.options.subdomains || '-';
      return L.Util.template(url, { z: z, x: x, y: y, '-y': Math.pow(2, z) - 1 - y, s: turns[Math.abs(x + y) % turns.length] });
    }
  });

  function fetchImage(url, x, y, arrived) {
    var one = { image: new window.Image(), x: x, y: y, isThere: false };
    one.image.onload = function () { one.isThere = true; arrived(true); };
    one.image.onerror = function () { arrived(false); };
    one.image.src = url;
    return one;
  }

  function bend(tile, sheet, cells, needs) {
    var ctx = tile.getContext('2d');
    cells.forEach(function (c) {
      ctx.drawImage(sheet, c[3] - needs[0] * SIZE, c[4] - needs[1] * SIZE, c[5], c[6], c[0], c[1], c[2], c[2]);
    });
  }
})();
