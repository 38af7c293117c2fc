/* Thousands of small things at once, put together pixel by pixel in bands: the canvas takes 4 µs for each command,
   however small what it draws. Pixels are 32 bits, from the lowest: red, green, blue, how opaque. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var ROWS = 256, STEP = 256; /* rows of a band; its width grows in steps */
  var kept = null;

  function sheetFor(wide) {
    if (!kept || kept.wide < wide) {
      var canvas = document.createElement('canvas');
      canvas.width = STEP * Math.ceil(wide / STEP);
      canvas.height = ROWS;
      var image = canvas.getContext('2d').createImageData(canvas.width, ROWS);
      kept = { canvas: canvas, image: image, pixels: new Uint32Array(image.data.buffer), wide: canvas.width };
    }
    return kept;
  }

  /* Calls `draw(band)` for each band of the rectangle [left, top, right, bottom] of the layer; it says whether it drew.
     `dx`, `dy` lead from the layer's coordinates, times `ratio`, to the pixels of the band. */
  J.inBands = function (ctx, box, draw) {
    var form = ctx.getTransform(), ratio = form.a, sheet;
    var left = Math.max(0, Math.floor(box[0] * ratio + form.e)), right = Math.min(ctx.canvas.width, Math.ceil(box[2] * ratio + form.e));
    var top = Math.max(0, Math.floor(box[1] * ratio + form.f)), bottom = Math.min(ctx.canvas.height, Math.ceil(box[3] * ratio + form.f));
    if (!(right > left && bottom > top)) { return; }
    sheet = sheetFor(right - left);
    ctx.save();
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    for (; top < bottom; top += ROWS) {
      var high = Math.min(ROWS, bottom - top), wide = right - left;
      sheet.pixels.fill(0, 0, sheet.wide * Math.min(ROWS, bottom - top));
      var band = { pixels: sheet.pixels, row: sheet.wide, wide: wide, high: high, ratio: ratio, dx: form.e - left, dy: form.f - top };
      if (!draw(band)) { continue; }
      sheet.canvas.getContext('2d').putImageData(sheet.image, 0, 0, 0, 0, wide, high);
      ctx.drawImage(sheet.canvas, 0, 0, wide, high, left, top, wide, high);
    }
    ctx.restore();
  };

  function over(below, above) {
    var a = above >>> 24, b = (below >>> 24) * (255 - a) / 255, all = a + b;
    var red = ((above & 255) * a + (below & 255) * b) / all, green = ((above >> 8 & 255) * a + (below >> 8 & 255) * b) / all;
    var blue = ((above >> 16 & 255) * a + (below >> 16 & 255) * b) / all;
    return (red + 0.5) | (green + 0.5) << 8 | (blue + 0.5) << 16 | (all + 0.5) << 24;
  }

  /* What a stamp puts where, for a row of so many pixels: what hides what was there, and what is seen through. */
  function spotsOf(stamp, row) {
    if (stamp.spots && stamp.spots.row === row) { return stamp.spots; }
    var full = [], solid = [], edge = [], tint = [];
    stamp.pixels.forEach(function (pixel, k) {
      var at = Math.floor(k / stamp.wide) * row + k % stamp.wide;
      if (pixel >= 0xff000000) { full.push(at); solid.push(pixel); } else if (pixel !== 0) { edge.push(at); tint.push(pixel); }
    });
    stamp.spots = {
      row: row, full: Int32Array.from(full), solid: Uint32Array.from(solid), edge: Int32Array.from(edge), tint: Uint32Array.from(tint)
    };
    return stamp.spots;
  }

  function stampWhole(pixels, spots, at) {
    var full = spots.full, solid = spots.solid, edge = spots.edge, tint = spots.tint, k;
    for (k = 0; k < full.length; k++) { pixels[at + full[k]] = solid[k]; }
    for (k = 0; k < edge.length; k++) {
      var below = pixels[at + edge[k]];
      pixels[at + edge[k]] = below === 0 ? tint[k] : over(below, tint[k]);
    }
    return true;
  }

  /* stamp: {pixels, wide, high}; its upper left corner at a pixel of the band, which it may leave */
  J.stampInto = function (band, stamp, left, top) {
    if (left >= 0 && top >= 0 && left + stamp.wide <= band.wide && top + stamp.high <= band.high) {
      return stampWhole(band.pixels, spotsOf(stamp, band.row), top * band.row + left);
    }
    var from = Math.max(0, -top), to = Math.min(stamp.high, band.high - top), start = Math.max(0, -left), end = Math.min(stamp.wide, band.wide - left);
    var pixels = band.pixels, given = stamp.pixels;
    for (var y = from; y < to; y++) {
      var at = (top + y) * band.row + left + start, source = y * stamp.wide + start;
      for (var x = start; x < end; x++, at++, source++) {
        var pixel = given[source];
        if (pixel === 0) { continue; }
        var below = pixels[at];
        pixels[at] = pixel >= 0xff000000 || below === 0 ? pixel : over(below, pixel);
      }
    }
    return from < to && start < end;
  };

  /* Where lines of one colour cross they are as dark as the darker of them. */
  function cover(band, at, colour, opaque) {
    var below = band.pixels[at], alpha = (opaque + 0.5) | 0;
    if (alpha === 0) { return; }
    if (below === 0 || (below & 0xffffff) === colour) {
      if (alpha > below >>> 24) { band.pixels[at] = colour | alpha << 24; }
    } else { band.pixels[at] = over(below, colour | alpha << 24); }
  }

  /* A straight line in pixels of the band: step by step along the longer way, and across it what each pixel is covered
     by. `colour` has no opaqueness; `opaque` is 0 to 255. */
  J.lineInto = function (band, line, half, colour, opaque) {
    var dx = line[2] - line[0], dy = line[3] - line[1], length = Math.sqrt(dx * dx + dy * dy);
    if (length < 0.01) { return; }
    var isSteep = Math.abs(dy) > Math.abs(dx), along = isSteep ? 1 : 0, across = 1 - along;
    var first = line[along] < line[2 + along] ? 0 : 2, slope = isSteep ? dx / dy : dy / dx;
    var cap = 0.8 * half * Math.abs(isSteep ? dy : dx) / length, a0 = line[first + along] - cap, a1 = line[2 - first + along] + cap;
    var b0 = line[first + across] - slope * cap, thick = half * Math.sqrt(1 + slope * slope);
    var last = Math.min(isSteep ? band.high : band.wide, Math.ceil(a1)), most = isSteep ? band.wide : band.high;
    for (var i = Math.max(0, Math.floor(a0)); i < last; i++) {
      var from = i < a0 ? a0 : i, to = i + 1 > a1 ? a1 : i + 1, middle = b0 + slope * ((from + to) / 2 - a0);
      var low = middle - thick, high = middle + thick, part = (to - from) * opaque, end = high < most ? high : most;
      for (var j = low > 0 ? Math.floor(low) : 0; j < end; j++) {
        var span = (j + 1 < high ? j + 1 : high) - (j > low ? j : low);
        cover(band, isSteep ? i * band.row + j : j * band.row + i, colour, part * span);
      }
    }
  };

  /* '#rrggbb' as a pixel without opaqueness */
  J.pixelOf = function (colour) {
    var number = parseInt(colour.slice(1), 16);
    return number >> 16 | number & 0xff00 | (number & 255) << 16;
  };
})();
