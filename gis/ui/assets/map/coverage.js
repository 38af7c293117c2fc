/* 覆盖与空白点: who has a place within reach, by colour and shape; buildings out of reach; communities by their share. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var BLUE = '#1f5fa8', RED = '#c0410f', GREY = '#6d737a';
  /* Lowest share of each step in per cent; the last colour is for all covered. */
  var SHARES = [[0, '#f3c9a8', '不足 50%'], [50, '#f7e1c0', '50–69%'], [70, '#f4f0d8', '70–84%'], [85, '#dbe8ee', '85–94%'], [95, '#bdd6ea', '95% 以上']];
  /* The state that a point with several shows: what is wrong first. */
  var FIRST = ['none', 'full', 'free', 'grouped', 'unknown', 'elsewhere'];

  function corners(ctx, p, r, many, turn) {
    ctx.beginPath();
    for (var k = 0; k < many; k++) {
      var a = turn + 2 * Math.PI * k / many;
      ctx.lineTo(p.x + r * Math.cos(a), p.y + r * Math.sin(a));
    }
    ctx.closePath();
  }

  function trace(ctx, p, r, state) {
    if (state === 'none') { corners(ctx, p, r * 1.35, 4, 0); }
    else if (state === 'full') { corners(ctx, p, r * 1.35, 3, -Math.PI / 2); }
    else { ctx.beginPath(); ctx.arc(p.x, p.y, state === 'elsewhere' ? r * 0.75 : r, 0, 2 * Math.PI); }
  }

  /* Filled disc: in a group; ring: a free seat within reach; triangle: no seat left; diamond: no place at all. */
  J.shapes.cover = function (ctx, p, o) {
    var isFilled = o.state === 'grouped' || o.state === 'none' || o.state === 'elsewhere';
    var colour = o.state === 'none' || o.state === 'full' ? RED : o.state === 'grouped' || o.state === 'free' ? BLUE : GREY;
    ctx.lineJoin = 'round';
    trace(ctx, p, o.radius, o.state);
    ctx.lineWidth = 5;
    ctx.strokeStyle = '#ffffff';
    ctx.stroke();
    ctx.fillStyle = isFilled ? colour : '#ffffff';
    ctx.fill();
    ctx.lineWidth = 2.2;
    ctx.strokeStyle = colour;
    ctx.stroke();
    var text = o.text || (o.state === 'unknown' ? '?' : '');
    if (text && o.radius >= 6) {
      ctx.font = '600 10px sans-serif';
      ctx.textAlign = 'center';
      ctx.textBaseline = 'middle';
      ctx.fillStyle = isFilled ? '#ffffff' : colour;
      ctx.fillText(text, p.x, p.y + (o.state === 'full' ? 2 : 0.5));
    }
    if (o.isRough) {
      ctx.beginPath();
      ctx.arc(p.x, p.y, o.radius + 5, 0, 2 * Math.PI);
      ctx.setLineDash([2, 3]);
      ctx.lineWidth = 1.2;
      ctx.stroke();
      ctx.setLineDash([]);
    }
  };

  /* A building that is only a point on the map. */
  J.shapes.far = function (ctx, p, o) {
    ctx.fillStyle = '#e39a73';
    ctx.strokeStyle = '#8f3309';
    ctx.lineWidth = 1.6;
    ctx.fillRect(p.x - o.radius, p.y - o.radius, 2 * o.radius, 2 * o.radius);
    ctx.strokeRect(p.x - o.radius, p.y - o.radius, 2 * o.radius, 2 * o.radius);
  };

  function stateOf(raw, counts) {
    for (var k = 0; k < FIRST.length; k++) {
      for (var s = 0; s < raw.states.length; s++) { if (raw.states[s][0] === FIRST[k] && counts[s]) { return FIRST[k]; } }
    }
    return 'elsewhere';
  }

  function draw(street, raw) {
    if (!street.hidden.shares) { drawShares(street, raw); }
    if (!street.hidden.far) { drawFar(street, raw); }
    if (!street.hidden.cover) { drawMarks(street, raw); }
  }

  function drawShares(street, raw) {
    var grids = street.have.grids, share = sharesOf(raw);
    if (!grids) { return; }
    grids.raw.communities.name.forEach(function (name, k) {
      var one = share[name];
      if (!one) { return; }
      street.groups.lines.addLayer(L.polygon(J.ringsOfItem(grids.outlines, k), {
        renderer: street.canvas['jj-grids'], pane: 'jj-grids', interactive: false, stroke: false, fill: true,
        fillColor: one.colour, fillOpacity: street.basemap ? 0.45 : 1, smoothFactor: 0
      }));
    });
  }

  function sharesOf(raw) {
    var out = {};
    raw.communities.forEach(function (one) {
      if (one[2] === null || one[1] === null) { out[one[0]] = { colour: '#e3e0da', text: '' }; return; }
      if (!one[2]) { return; }
      var per = Math.floor(100 * one[1] / one[2]), step = 0;
      SHARES.forEach(function (share, k) { if (per >= share[0]) { step = k; } });
      out[one[0]] = { colour: SHARES[step][1], text: '覆盖 ' + one[1] + '/' + one[2], step: step };
    });
    return out;
  }

  /* All in one path: at city size there are thousands. */
  function drawFar(street, raw) {
    var buildings = street.have.buildings, all = [], far = {};
    if (!buildings) { return; }
    raw.out.forEach(function (id) {
      var k = buildings.number[id], rings = k === undefined ? [] : J.ringsOfItem(buildings.paths, k);
      far[k] = true;
      if (rings.length) { all.push([rings[0]]); }
    });
    if (all.length) {
      street.groups.lines.addLayer(L.polygon(all, {
        renderer: street.canvas['jj-edges'], pane: 'jj-edges', interactive: false, color: '#8f3309', weight: 1.6,
        dashArray: '3 2', fillColor: '#e39a73', fillOpacity: 0.75, smoothFactor: 0
      }));
    }
    buildings.spots.forEach(function (spot) {
      if (far[spot.item]) { street.addSymbol({ shape: 'far', radius: 4 }, J.latOf(spot.y), J.lonOf(spot.x)); }
    });
  }

  function drawMarks(street, raw) {
    var points = J.points(raw.at), order = points.map(function (p, k) { return k; }), zoom = street.map.getZoom();
    order.sort(function (a, b) { return rank(raw, b) - rank(raw, a) || a - b; }); /* gaps lie on top */
    order.forEach(function (k) {
      var many = sum(raw.c[k]), state = stateOf(raw, raw.c[k]), r = J.homeRadius(zoom, many) + (raw.g[k] ? 2 : 0);
      var isRough = raw.k[k] === 1 || raw.k[k] === 2, at = points[k];
      street.addSymbol({ shape: 'cover', radius: r, state: state, text: many > 1 ? String(many) : '', isRough: isRough && zoom >= 14 }, at[1], at[0]);
      street.note(pickOf(raw, k), at[1], at[0], r + 2, wordsOf(raw, k, isRough));
      if (raw.g[k]) { follow(street, raw.g[k], at, r); }
    });
  }

  function rank(raw, k) { return FIRST.indexOf(stateOf(raw, raw.c[k])); }
  function sum(counts) { return counts.reduce(function (a, b) { return a + b; }, 0); }

  function pickOf(raw, k) {
    if (raw.g[k]) { return { kind: 'coverage', id: raw.g[k] }; }
    return raw.k[k] === 2 ? { kind: 'grid', id: raw.id[k] } : raw.k[k] === 0 ? { kind: 'building', id: raw.id[k] } : { kind: 'none', id: 0 };
  }

  function wordsOf(raw, k, isRough) {
    var words = [(raw.g[k] ? '空白点 ' + raw.g[k] + '：' : '') + sum(raw.c[k]) + ' 名过渡期党员'];
    raw.states.forEach(function (state, s) { if (raw.c[k][s]) { words.push(state[1] + ' ' + raw.c[k][s] + ' 名'); } });
    if (isRough) { words.push(raw.k[k] === 1 ? '只知道到小区' : '按本人意愿只显示到网格'); }
    return words;
  }

  /* A gap that was chosen in the list comes into view. */
  function follow(street, number, at, radius) {
    var chosen = street.view.selected, key = 'gap ' + number;
    if (!chosen || chosen.kind !== 'coverage' || chosen.id !== number) { return; }
    street.addSymbol({ shape: 'ring', radius: radius + 6 }, at[1], at[0]);
    J.lookAt(street, key, at);
  }

  /* Once for each key; from afar one sees no building. */
  J.lookAt = function (street, key, at) {
    if (street.lookedAt === key) { return; }
    street.lookedAt = key;
    window.setTimeout(function () { /* not while the symbols are being drawn */
      if (!street.isGone) { street.map.setView([at[1], at[0]], Math.max(16, street.map.getZoom())); }
    }, 0);
  };

  function rows(street, raw) {
    var out = [], seen = {}, total = 0;
    raw.c.forEach(function (counts) {
      counts.forEach(function (n, s) { if (n) { seen[raw.states[s][0]] = (seen[raw.states[s][0]] || 0) + n; total += n; } });
    });
    if (total) {
      out.push({ title: '图上过渡期党员 ' + total + ' 名' });
      out.push({ text: '过渡期党员', toggle: 'cover', shape: { shape: 'cover', radius: 5.5, state: 'grouped' } });
      raw.states.forEach(function (state) {
        if (seen[state[0]]) { out.push({ text: state[1] + ' ' + seen[state[0]], shape: { shape: 'cover', radius: 6, state: state[0] } }); }
      });
    }
    if (raw.out.length) { out.push({ text: raw.limit + ' 米内没有地点的楼栋', toggle: 'far', fill: '#e39a73', edge: '#8f3309' }); }
    return out.concat(shareRows(street, raw));
  }

  function shareRows(street, raw) {
    var share = sharesOf(raw), used = {}, isBlank = false, names = Object.keys(share), out = [];
    names.forEach(function (name) { if (share[name].text) { used[share[name].step] = true; } else { isBlank = true; } });
    if (!names.length) { return out; }
    out.push({ text: '社区覆盖率', toggle: 'shares', fill: SHARES[4][1] });
    if (street.hidden.shares) { return out; }
    SHARES.forEach(function (one, k) { if (used[k]) { out.push({ text: one[2], fill: one[1] }); } });
    if (isBlank) { out.push({ text: '人数少，从略', fill: '#e3e0da' }); }
    return out;
  }

  function names(street, raw, zoom) {
    var out = [], grids = street.have.grids, share = sharesOf(raw);
    if (!grids || zoom >= 14.75 || street.hidden.shares) { return out; }
    grids.raw.communities.name.forEach(function (name, k) {
      var at = grids.raw.communities.at[k];
      if (at && share[name] && share[name].text) {
        out.push({ text: share[name].text, lon: at[0], lat: at[1], shift: 17, tries: [-17, 34, -34], size: 12, weight: 600, colour: '#3d4248' });
      }
    });
    return out;
  }

  J.themes = J.themes || {};
  J.themes.coverage = {
    hides: { people: true, groups: true }, counts: function () { return {}; }, draw: draw, rows: rows, names: names,
    bounds: function () { return null; }
  };
})();
