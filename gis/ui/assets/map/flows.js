/* 流向: ribbons from the original villages to the communities (solid) and on to where groups meet (dashed). They grow
   wider towards their end and have a head there, so that the way they go is seen without movement. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var C = J.COLOURS, HOME = '#b8430f', MEET = C.grouped, VILLAGE = '#5b3a1e';
  var THINNEST = 2.4, WIDEST = 15, BEND = 0.16, STEPS = 28, DASH_PX = 11, GAP_PX = 6, NEAR_PX = 16;

  function colourOf(line) { return line.m ? MEET : HOME; }

  function mostOf(raw) { return raw.lines.reduce(function (most, line) { return Math.max(most, line.n); }, 1); }

  function widthOf(count, most) { return (window.innerWidth < 700 ? 0.62 : 1) * plainWidth(count, most); }

  function plainWidth(count, most) { return THINNEST + (WIDEST - THINNEST) * Math.sqrt((count - 1) / Math.max(1, most - 1)); }

  function isShown(street, line) { return !street.hidden[line.m ? 'flows-meeting' : 'flows-home']; }

  /* A curve in pixels from near one end to near the other: points with the direction of travel. */
  function curve(p, q, from, to) {
    var dx = q.x - p.x, dy = q.y - p.y, far = Math.sqrt(dx * dx + dy * dy);
    var mid = { x: (p.x + q.x) / 2 + dy * BEND, y: (p.y + q.y) / 2 - dx * BEND }, points = [];
    var first = Math.min(0.4, from / far), last = 1 - Math.min(0.4, to / far);
    for (var k = 0; k <= STEPS; k++) {
      var t = first + (last - first) * k / STEPS, u = 1 - t;
      var x = 2 * (u * (mid.x - p.x) + t * (q.x - mid.x)), y = 2 * (u * (mid.y - p.y) + t * (q.y - mid.y));
      var long = Math.sqrt(x * x + y * y) || 1;
      points.push({ x: u * u * p.x + 2 * u * t * mid.x + t * t * q.x, y: u * u * p.y + 2 * u * t * mid.y + t * t * q.y, nx: -y / long, ny: x / long });
    }
    return points;
  }

  function lengths(points) {
    var sum = 0;
    return points.map(function (point, k) {
      if (k) { sum += Math.sqrt(Math.pow(point.x - points[k - 1].x, 2) + Math.pow(point.y - points[k - 1].y, 2)); }
      return sum;
    });
  }

  function at(points, along, s) {
    for (var k = 1; k < points.length - 1 && along[k] < s; k++) { /* to the piece that s lies in */ }
    var a = points[k - 1], b = points[k], f = (s - along[k - 1]) / (along[k] - along[k - 1] || 1);
    return { x: a.x + f * (b.x - a.x), y: a.y + f * (b.y - a.y), nx: b.nx, ny: b.ny };
  }

  /* Outlines of the ribbon's pieces, the last one with the head. */
  function ribbon(points, width, isDashed) {
    var along = lengths(points), whole = along[along.length - 1], head = Math.min(whole * 0.45, 10 + width * 1.5);
    var body = whole - head, pieces = [], step = isDashed ? DASH_PX + width * 0.6 : body;
    for (var s = 0; s < body - 0.5; s += step + (isDashed ? GAP_PX : 0)) {
      var end = isDashed ? Math.min(body, s + step) : body;
      pieces.push(piece(points, along, s, end, function (x) { return width * (0.3 + 0.7 * x / whole) / 2; }));
    }
    pieces.push(piece(points, along, body, whole, function (x) { return (width * 0.8 + 3.6) * (whole - x) / head; }));
    return pieces;
  }

  function piece(points, along, from, to, half) {
    var left = [], right = [], many = Math.max(1, Math.ceil((to - from) / 9));
    for (var k = 0; k <= many; k++) {
      var s = from + (to - from) * k / many, p = at(points, along, s), h = half(s);
      left.push([p.x + p.nx * h, p.y + p.ny * h]);
      right.unshift([p.x - p.nx * h, p.y - p.ny * h]);
    }
    return left.concat(right);
  }

  /* Draw one ribbon; returns its points, or null where the ends are too near each other. */
  J.drawRibbon = function (street, from, to, look) {
    var map = street.map, p = map.latLngToLayerPoint(from), q = map.latLngToLayerPoint(to);
    var points = p.distanceTo(q) < NEAR_PX ? null : curve(p, q, look.room, look.room + 2);
    if (points) {
      ribbon(points, look.width, look.isDashed).forEach(function (outline) {
        street.groups.lines.addLayer(L.polygon(outline.map(function (xy) { return map.layerPointToLatLng(xy); }), {
          renderer: street.canvas['jj-lines'], pane: 'jj-lines', interactive: false, smoothFactor: 0, color: '#ffffff',
          weight: look.isChosen ? 2 : 1, opacity: look.isFaint ? 0.3 : 0.85, fillColor: look.colour,
          fillOpacity: look.isFaint ? 0.18 : look.isChosen ? 1 : 0.78
        }));
      });
    }
    return points;
  };

  function drawLine(street, line, most, chosen, badges) {
    var isChosen = chosen === line.k, isFaint = chosen !== null && !isChosen, to = [line.b[1], line.b[0]];
    var points = J.drawRibbon(street, [line.a[1], line.a[0]], to, {
      width: widthOf(line.n, most), colour: colourOf(line), isDashed: Boolean(line.m), isChosen: isChosen, isFaint: isFaint, room: line.m ? 9 : 8
    });
    var end = street.map.latLngToLayerPoint(to);
    addBadge(street, line, points ? points[Math.round(STEPS * (line.m ? 0.5 : 0.46))] : { x: end.x + 14, y: end.y - 14 }, isFaint, badges);
  }

  /* The count on the line, where no thicker line's count is; without it the line still answers a click there. */
  function addBadge(street, line, point, isFaint, badges) {
    var r = line.n > 99 ? 14 : line.n > 9 ? 11 : 9, spot = street.map.layerPointToLatLng([point.x, point.y]);
    var isFree = badges.every(function (other) {
      return Math.abs(other.x - point.x) > other.r + r + 2 || Math.abs(other.y - point.y) > 20;
    });
    var words = [line.from + ' → ' + line.to, '过渡期党员 ' + line.n + ' 名'];
    if (!line.m && line.g !== null) { words.push('已编组 ' + line.g + ' 名'); }
    street.note({ kind: 'flows', id: line.k }, spot.lat, spot.lng, isFree ? r : 6, words);
    if (!isFree) { return; }
    badges.push({ x: point.x, y: point.y, r: r });
    street.addSymbol({ shape: 'flow', radius: r, count: line.n, tone: colourOf(line), isFaint: isFaint }, spot.lat, spot.lng);
  }

  J.shapes.flow = function (ctx, p, o) {
    var h = 9, w = o.radius;
    ctx.globalAlpha = o.isFaint ? 0.35 : 1;
    ctx.beginPath();
    ctx.moveTo(p.x - w + h, p.y - h);
    ctx.arc(p.x + w - h, p.y, h, -Math.PI / 2, Math.PI / 2);
    ctx.arc(p.x - w + h, p.y, h, Math.PI / 2, 1.5 * Math.PI);
    ctx.closePath();
    ctx.fillStyle = '#ffffff';
    ctx.fill();
    ctx.lineWidth = 1.6;
    ctx.strokeStyle = o.tone;
    ctx.stroke();
    ctx.font = '600 12px sans-serif';
    ctx.textAlign = 'center';
    ctx.textBaseline = 'middle';
    ctx.fillStyle = o.tone;
    ctx.fillText(String(o.count), p.x, p.y + 0.5);
    ctx.globalAlpha = 1;
  };

  J.shapes.village = function (ctx, p, o) {
    var r = o.radius;
    ctx.beginPath();
    ctx.moveTo(p.x, p.y - r);
    ctx.lineTo(p.x + r, p.y);
    ctx.lineTo(p.x, p.y + r);
    ctx.lineTo(p.x - r, p.y);
    ctx.closePath();
    ctx.lineWidth = 3.4;
    ctx.strokeStyle = '#ffffff';
    ctx.stroke();
    ctx.fillStyle = VILLAGE;
    ctx.fill();
  };

  J.shapes.community = function (ctx, p, o) {
    [['#ffffff', 5.5], ['#3d4248', 2.6]].forEach(function (pair) {
      ctx.beginPath();
      ctx.arc(p.x, p.y, o.radius - 1.5, 0, 2 * Math.PI);
      ctx.lineWidth = pair[1];
      ctx.strokeStyle = pair[0];
      ctx.stroke();
    });
    ctx.fillStyle = '#ffffff';
    ctx.fill();
  };

  /* Villages, communities and places at the ends of what is shown, each once. */
  function ends(street, raw) {
    var found = {};
    raw.lines.forEach(function (line) {
      if (!isShown(street, line)) { return; }
      add(found, line.m ? 'community' : 'village', line.from, line.a, line);
      add(found, line.m ? 'group' : 'community', line.to, line.b, line);
    });
    return Object.keys(found).map(function (key) { return found[key]; });
  }

  function add(found, what, name, at, line) {
    var key = what + ' ' + at.join(' ');
    found[key] = found[key] || { what: what, name: name, lon: at[0], lat: at[1], out: 0, into: 0, how: '' };
    found[key][at === line.a ? 'out' : 'into'] += line.n;
    if (what === 'village') { found[key].how = line.how; }
  }

  function wordsOf(end) {
    if (end.what === 'village') { return [end.name, '图上迁出 ' + end.out + ' 名', '位置' + end.how]; }
    if (end.what === 'group') { return [end.name, '小组活动地点', '图上 ' + end.into + ' 名']; }
    return [end.name].concat(end.into ? ['图上迁入 ' + end.into + ' 名'] : [], end.out ? ['编组活动 ' + end.out + ' 名'] : []);
  }

  function draw(street, raw) {
    var most = mostOf(raw), badges = [], picked = street.view.selected, chosen = picked && picked.kind === 'flows' ? picked.id : null;
    var lines = raw.lines.filter(function (line) { return isShown(street, line); });
    ends(street, raw).forEach(function (end) {
      var r = end.what === 'group' ? 7 : 8;
      street.addSymbol({ shape: end.what, radius: r }, end.lat, end.lon);
      street.note({ kind: 'none', id: 0 }, end.lat, end.lon, r, wordsOf(end));
    });
    lines.sort(function (one, other) { return (one.k === chosen) - (other.k === chosen) || other.n - one.n; });
    lines.forEach(function (line) { drawLine(street, line, most, chosen, badges); });
  }

  function told(raw, leg) {
    return raw.untold.filter(function (one) { return one[0] === leg; }).map(function (one) { return one[1] + ' ' + one[2] + ' 名'; }).join('，');
  }

  function rows(street, raw) {
    var most = mostOf(raw), out = [{ title: raw.total === null ? '过渡期党员的流向' : '过渡期党员 ' + raw.total + ' 名的流向' }];
    out.push({ text: '原村 → 现住社区', toggle: 'flows-home', line: { colour: HOME, width: 5 } });
    if (raw.lines.some(function (line) { return line.m; })) {
      out.push({ text: '现住社区 → 活动地点', toggle: 'flows-meeting', line: { colour: MEET, width: 4, dash: [6, 4] } });
    }
    if (raw.lines.length) { out.push({ title: '线的粗细是人数，箭头是去向' }); }
    var least = raw.lines.reduce(function (few, line) { return Math.min(few, line.n); }, most);
    [least, Math.round(least + (most - least) / 3), most].filter(function (n, k, all) { return raw.lines.length && all.indexOf(n) === k; }).forEach(function (n) {
      out.push({ text: n + ' 名', line: { colour: '#6c727a', width: widthOf(n, most) } });
    });
    out.push({ text: '原村', shape: { shape: 'village', radius: 7 } }, { text: '社区（网格中心）', shape: { shape: 'community', radius: 7 } });
    if (raw.lines.some(function (line) { return line.m; })) { out.push({ text: '小组活动地点', shape: { shape: 'group', radius: 7 } }); }
    if (told(raw, 0)) { out.push({ title: '未上图：' + told(raw, 0) }); }
    if (raw.nowhere.length) { out.push({ title: '没有位置的原村：' + raw.nowhere.join('、') }); }
    if (told(raw, 1)) { out.push({ title: '没有第二段：' + told(raw, 1) }); }
    return out;
  }

  function names(street, raw, zoom) {
    var said = {};
    return ends(street, raw).filter(function (end) {
      var isNew = !said[end.name] && (end.what !== 'group' || zoom >= 16);
      said[end.name] = true;
      return isNew;
    }).map(function (end) {
      return {
        text: end.name, lon: end.lon, lat: end.lat, shift: end.what === 'village' ? -18 : 18,
        tries: [end.what === 'village' ? 18 : -18, [46, 0], [-46, 0], [44, 17], [-44, 17], [44, -17], [-44, -17], 32, -32], size: end.what === 'group' ? 12 : 14,
        weight: 700, colour: end.what === 'village' ? VILLAGE : '#2c3138'
      };
    });
  }

  function bounds(raw) {
    var found = L.latLngBounds([]);
    raw.lines.forEach(function (line) { found.extend([line.a[1], line.a[0]]); found.extend([line.b[1], line.b[0]]); });
    return found;
  }

  J.themes = J.themes || {};
  J.themes.flows = {
    hides: { people: true, groups: true, hosts: true, venues: true },
    counts: function () { return {}; },
    draw: draw, rows: rows, names: names, bounds: bounds
  };
})();
