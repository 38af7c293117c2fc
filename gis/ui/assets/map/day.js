/* 走访: the routes of one day. The number is the stop's in its team's list, the edge and the line are the team's, fill
   and shape are what came of the stop. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  /* code: fill, colour of the number, shape. Waiting is white; blue tells who was reached, brown and grey who was not. */
  var LOOKS = {
    waiting: ['#ffffff', '#22262b', 'round'], met: ['#1f5fa8', '#ffffff', 'square'], phoned: ['#d7e5f4', '#173f6f', 'square'],
    mixed: ['#d7e5f4', '#173f6f', 'six'], not_home: ['#8a4b00', '#ffffff', 'diamond'], moved: ['#f3dcbb', '#5a3300', 'diamond'],
    declined: ['#5b6168', '#ffffff', 'down'], in_hospital: ['#6a3d9a', '#ffffff', 'cross'], conflict: ['#fff3c4', '#6b4a00', 'up']
  };
  /* Corners, how far out they lie, and the direction of the first in eighths of a turn from the right. */
  var CORNERS = { square: [4, 1.22, 1], diamond: [4, 1.32, 0], six: [6, 1.16, 2], up: [3, 1.5, -2], down: [3, 1.5, 2] };

  function outline(ctx, p, r, form) {
    ctx.beginPath();
    if (form === 'round') { ctx.arc(p.x, p.y, r, 0, 2 * Math.PI); return; }
    if (form === 'cross') { plus(ctx, p, r * 1.12); return; }
    var corners = CORNERS[form];
    for (var k = 0; k < corners[0]; k++) {
      var a = 2 * Math.PI * k / corners[0] + Math.PI / 4 * corners[2];
      ctx.lineTo(p.x + r * corners[1] * Math.cos(a), p.y + r * corners[1] * Math.sin(a));
    }
    ctx.closePath();
  }

  function plus(ctx, p, r) {
    var b = r * 0.6;
    [[-b, -r], [b, -r], [b, -b], [r, -b], [r, b], [b, b], [b, r], [-b, r], [-b, b], [-r, b], [-r, -b], [-b, -b]].forEach(function (at) {
      ctx.lineTo(p.x + at[0], p.y + at[1]);
    });
    ctx.closePath();
  }

  J.shapes.visit = function (ctx, p, o) {
    var look = LOOKS[o.state];
    ctx.globalAlpha = o.isFaint ? 0.35 : 1;
    ctx.lineJoin = 'round';
    outline(ctx, p, o.radius, look[2]);
    [['#ffffff', 6.5], [o.edge, 3.4]].forEach(function (pair) {
      ctx.strokeStyle = pair[0];
      ctx.lineWidth = pair[1];
      ctx.stroke();
    });
    ctx.fillStyle = look[0];
    ctx.fill();
    if (o.text) {
      ctx.font = '600 ' + (o.text.length > 3 ? 9 : o.text.length > 2 ? 10 : 12) + 'px sans-serif';
      ctx.textAlign = 'center';
      ctx.textBaseline = 'middle';
      ctx.fillStyle = look[1];
      ctx.fillText(o.text, p.x, p.y + (look[2] === 'up' ? 2.5 : look[2] === 'down' ? -1.5 : 0.5));
    }
    ctx.globalAlpha = 1;
  };

  function isOf(raw, team) { return raw.chosen === null || raw.chosen === team; }

  function boundsOf(raw) {
    var bounds = L.latLngBounds([]);
    raw.pins.concat(raw.starts).forEach(function (pin) { if (isOf(raw, pin.t)) { bounds.extend([pin.y, pin.x]); } });
    return bounds.isValid() ? bounds.pad(0.12) : bounds; /* no pin begins its life under a button */
  }

  function draw(street, raw) {
    var picked = street.view.selected;
    function chosenLast(a, b) { return Number(isOf(raw, a.t)) - Number(isOf(raw, b.t)); }
    raw.walks.slice().sort(chosenLast).forEach(function (walk) { street.drawWalk(walk, !isOf(raw, walk.t)); });
    raw.starts.forEach(function (start) {
      if (!isOf(raw, start.t)) { return; }
      street.addSymbol({ shape: 'start', radius: 8 }, start.y, start.x);
      street.note({ kind: 'none', id: 0 }, start.y, start.x, 9, ['出发：' + start.name]);
    });
    raw.pins.slice().sort(chosenLast).forEach(function (pin) {
      var r = pin.text.length > 2 ? 13 : 11;
      street.addSymbol({
        shape: 'visit', radius: r, state: pin.s, text: pin.text, edge: J.teamTone(pin.t), isFaint: !isOf(raw, pin.t)
      }, pin.y, pin.x);
      if (picked && picked.kind === 'visits' && pin.ids.indexOf(picked.id) >= 0) {
        street.addSymbol({ shape: 'ring', radius: r + 8 }, pin.y, pin.x);
      }
      street.note({ kind: 'visits', id: pin.ids[0] }, pin.y, pin.x, r + 2, pin.words);
    });
    follow(street, raw);
  }

  /* Another day or another team is looked at from where it goes; the first one is fitted by themes.js. */
  function follow(street, raw) {
    var bounds = boundsOf(raw);
    if (street.dayPlace && street.dayPlace !== raw.place && street.themeFitted === 'visits' && bounds.isValid()) {
      street.fit(bounds, street.roundRoom());
    }
    street.dayPlace = raw.place;
  }

  function rows(street, raw) {
    var found = [{ title: raw.title }];
    raw.teams.forEach(function (team) {
      if (isOf(raw, team.t)) { found.push({ text: team.name, line: { colour: J.teamTone(team.t), width: 3.4 } }); }
    });
    raw.states.forEach(function (state) {
      found.push({ text: state[1], shape: { shape: 'visit', radius: 7, state: state[0], text: '', edge: '#454b52' } });
    });
    if (raw.starts.length) { found.push({ text: '出发地点', shape: { shape: 'start', radius: 5 } }); }
    if (raw.walks.some(function (walk) { return walk.rough; })) {
      found.push({ text: '路线未知，直线示意', line: { colour: '#454b52', width: 3, dash: [2, 4] } });
    }
    return found;
  }

  J.themes.visits = {
    hides: { people: true, groups: true, hosts: true },
    counts: function () { return {}; },
    draw: draw,
    rows: rows,
    bounds: boundsOf
  };
})();
