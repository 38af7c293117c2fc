/* 步行范围: what is reached on foot along the roads within some minutes, one area inside the other. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  /* The nearest area has the strongest line; dashes tell them apart without colour. */
  var LOOKS = [
    { colour: '#0a4f4a', dash: null, width: 2.6, fill: 0.2 },
    { colour: '#14766f', dash: '10 5', width: 2.2, fill: 0.14 },
    { colour: '#2f8f88', dash: '2 5', width: 2.2, fill: 0.1 }
  ];
  J.reachLooks = LOOKS;

  /* Draws rings of each item from the largest to the smallest under the symbols; raw: a layer's `path`. */
  J.drawAreas = function (street, path, many, isFine) {
    var rings = J.ringsOf(path, many), thin = isFine ? 0.7 : 1; /* many small areas need finer lines */
    for (var k = many - 1; k >= 0; k--) {
      var look = LOOKS[Math.min(k, LOOKS.length - 1)];
      if (!rings[k].length) { continue; }
      [['#ffffff', look.width * thin + 2.2 * thin, null, look.fill], [look.colour, look.width * thin, look.dash, 0]].forEach(function (line) {
        street.groups.lines.addLayer(L.polygon(rings[k], {
          renderer: street.canvas['jj-edges'], pane: 'jj-edges', interactive: false, color: line[0], weight: line[1],
          opacity: line[2] === null && line[3] ? 0.75 : 1, dashArray: line[2], fill: line[3] > 0, fillColor: look.colour,
          fillOpacity: line[3], smoothFactor: 0.5
        }));
      });
    }
  };

  J.areaBounds = function (path) {
    var bounds = L.latLngBounds([]);
    J.points(path.d).forEach(function (p) { bounds.extend([p[1], p[0]]); });
    return bounds;
  };

  J.areaRow = function (k, text) {
    var look = LOOKS[Math.min(k, LOOKS.length - 1)];
    return { text: text, line: { colour: look.colour, width: look.width, dash: look.dash ? look.dash.split(' ').map(Number) : null } };
  };

  /* Look at a theme's ground again when another place is chosen in it. */
  J.followPlace = function (street, code, place, bounds) {
    var before = street.themePlace;
    street.themePlace = code + ' ' + place;
    if (street.themeFitted !== code || before === street.themePlace || !bounds || !bounds.isValid()) { return; }
    window.setTimeout(function () { /* after the drawing: a new zoom draws again */
      if (!street.isGone) { street.fit(bounds, { padding: [40, 40], maxZoom: 17 }); }
    }, 0);
  };

  function draw(street, raw) {
    J.followPlace(street, 'reach', raw.place, J.areaBounds(raw.path));
    J.drawAreas(street, raw.path, raw.minutes.length, !raw.start);
    if (!raw.start) { return; }
    if (raw.circles) {
      raw.metres.forEach(function (metres) {
        street.groups.lines.addLayer(L.circle([raw.start.y, raw.start.x], {
          renderer: street.canvas['jj-edges'], pane: 'jj-edges', interactive: false, radius: metres, fill: false,
          color: '#454b52', weight: 1.4, dashArray: '1 5'
        }));
      });
    }
    street.addSymbol({ shape: 'pin', radius: 9 }, raw.start.y, raw.start.x);
  }

  function rows(street, raw) {
    var out = [{ title: '步行范围（' + raw.who + '）' }];
    raw.minutes.forEach(function (minutes, k) { out.push(J.areaRow(k, minutes + ' 分钟（' + raw.metres[k] + ' 米）')); });
    if (raw.start && raw.circles) { out.push({ text: '同样米数的直线圈', line: { colour: '#454b52', width: 1.4, dash: [1, 5] } }); }
    if (raw.start) { out.push({ text: '从这里走', shape: { shape: 'pin', radius: 6 } }); }
    return out;
  }

  function names(street, raw) {
    var out = [];
    raw.tops.forEach(function (at, k) {
      if (at) {
        out.push({ text: raw.minutes[k] + ' 分钟', lon: at[0], lat: at[1], shift: -9, tries: [9], size: 12, weight: 700, colour: LOOKS[k].colour });
      }
    });
    if (raw.start) {
      out.push({ text: raw.start.name, lon: raw.start.x, lat: raw.start.y, shift: 12, tries: [-36], size: 13, weight: 700, colour: '#8f0f16' });
    }
    return out;
  }

  J.themes = J.themes || {};
  J.themes.reach = {
    hides: { groups: true }, draw: draw, rows: rows, names: names,
    counts: function (street) { return street.have.people ? {} : street.view.counts || {}; }, /* marks tell more */
    bounds: function (raw) { return J.areaBounds(raw.path); }
  };
})();
