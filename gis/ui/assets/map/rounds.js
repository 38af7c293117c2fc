/* A round of visits: for each team its walk along the roads and a numbered pin for each door, numbers as in its list. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var P = J.Street.prototype;
  /* Colour and shape go together, so that neither is the only sign of a team. */
  var TONES = ['#1f5fa8', '#a83d12', '#1b7f79', '#6a3d9a', '#8a5a00', '#a0336b'], FORMS = ['round', 'square', 'diamond', 'six'];

  function tone(team) { return TONES[team % TONES.length]; }

  function outline(ctx, p, r, form) {
    ctx.beginPath();
    if (form === 'round') { ctx.arc(p.x, p.y, r, 0, 2 * Math.PI); }
    else if (form === 'square') { ctx.rect(p.x - r * 0.9, p.y - r * 0.9, r * 1.8, r * 1.8); }
    else {
      var many = form === 'diamond' ? 4 : 6, far = form === 'diamond' ? r * 1.25 : r * 1.08;
      for (var k = 0; k < many; k++) {
        var a = 2 * Math.PI * k / many - Math.PI / 2;
        ctx.lineTo(p.x + far * Math.cos(a), p.y + far * Math.sin(a));
      }
      ctx.closePath();
    }
  }

  J.teamTone = tone;

  J.shapes.stop = function (ctx, p, o) {
    var form = FORMS[o.team % FORMS.length];
    ctx.globalAlpha = o.isFaint ? 0.4 : 1;
    outline(ctx, p, o.radius + 2, form);
    ctx.fillStyle = '#ffffff';
    ctx.fill();
    outline(ctx, p, o.radius, form);
    ctx.fillStyle = o.isDone ? '#ffffff' : tone(o.team);
    ctx.fill();
    if (o.isDone) { ctx.lineWidth = 2; ctx.strokeStyle = tone(o.team); ctx.stroke(); }
    var size = o.text.length > 3 ? 9 : o.text.length > 2 ? 10 : 12;
    ctx.font = '600 ' + size + 'px sans-serif';
    ctx.textAlign = 'center';
    ctx.textBaseline = 'middle';
    ctx.fillStyle = o.isDone ? tone(o.team) : '#ffffff';
    ctx.fillText(o.text, p.x, p.y + 0.5);
    ctx.globalAlpha = 1;
  };

  J.shapes.start = function (ctx, p, o) {
    var r = o.radius;
    ctx.globalAlpha = o.isFaint ? 0.4 : 1;
    ctx.beginPath();
    ctx.moveTo(p.x, p.y);
    ctx.lineTo(p.x, p.y - 2.2 * r);
    ctx.lineWidth = 2.4;
    ctx.strokeStyle = '#22262b';
    ctx.stroke();
    ctx.beginPath();
    ctx.moveTo(p.x, p.y - 2.2 * r);
    ctx.lineTo(p.x + 1.7 * r, p.y - 1.6 * r);
    ctx.lineTo(p.x, p.y - r);
    ctx.closePath();
    ctx.lineWidth = 2;
    ctx.strokeStyle = '#ffffff';
    ctx.stroke();
    ctx.fillStyle = '#22262b';
    ctx.fill();
    ctx.globalAlpha = 1;
  };

  /* raw: {pins: [{x, y, t, text, words, id, done}], walks: [{t, d, rough}], starts: [{x, y, name, t}], teams: [name]} */
  P.drawRound = function () {
    var raw = this.draft.raw, self = this, chosen = this.view.group, picked = this.view.selected;
    var isChosen = chosen !== null && chosen !== undefined;
    function isFaint(team) { return isChosen && team !== chosen; }
    function byTeam(a, b) { return Number(a.t === chosen) - Number(b.t === chosen); }
    raw.walks.slice().sort(byTeam).forEach(function (walk) { self.drawWalk(walk, isFaint(walk.t)); });
    raw.starts.forEach(function (start) {
      if (isFaint(start.t)) { return; }
      self.addSymbol({ shape: 'start', radius: 8 }, start.y, start.x);
      self.note({ kind: 'none', id: 0 }, start.y, start.x, 9, ['出发：' + start.name]);
    });
    raw.pins.slice().sort(byTeam).forEach(function (pin) {
      var r = pin.text.length > 2 ? 13 : 11;
      self.addSymbol({ shape: 'stop', radius: r, team: pin.t, text: pin.text, isDone: pin.done, isFaint: isFaint(pin.t) }, pin.y, pin.x);
      if (picked && picked.kind === 'stop' && pin.ids.indexOf(picked.id) >= 0) {
        self.addSymbol({ shape: 'ring', radius: r + 6 }, pin.y, pin.x);
      }
      self.note({ kind: 'stop', id: pin.ids[0] }, pin.y, pin.x, r, pin.words);
    });
  };

  P.drawWalk = function (walk, isFaint) {
    var line = J.points(walk.d).map(function (p) { return [p[1], p[0]]; }), self = this;
    function add(colour, weight, opacity) {
      self.groups.lines.addLayer(L.polyline(line, {
        renderer: self.canvas['jj-lines'], pane: 'jj-lines', interactive: false, color: colour, weight: weight,
        opacity: opacity, dashArray: walk.rough ? '2 8' : null, smoothFactor: 0.5
      }));
    }
    if (!isFaint && !walk.rough) { add('#ffffff', 6, 0.85); }
    add(tone(walk.t), isFaint ? 2 : 3.4, isFaint ? 0.35 : 1);
  };

  P.followTeam = function (chosen) {
    var bounds = L.latLngBounds([]), raw = this.draft.raw;
    raw.pins.concat(raw.starts).forEach(function (pin) { if (pin.t === chosen) { bounds.extend([pin.y, pin.x]); } });
    if (bounds.isValid()) { this.fit(bounds, this.roundRoom()); }
  };

  /* A pin must not begin its life under the legend. */
  P.roundRoom = function () {
    var isWide = this.map.getSize().x > 600 && !this.legend.classList.contains('jj-folded');
    return { paddingTopLeft: [isWide ? 236 : 40, 40], paddingBottomRight: [40, 40], maxZoom: 17 };
  };

  J.roundBounds = function (raw, bounds) {
    (raw.pins || []).concat(raw.starts || []).forEach(function (pin) { bounds.extend([pin.y, pin.x]); });
  };

  P.roundRows = function () {
    var raw = this.draft.raw, rows = [{ title: raw.title }];
    raw.teams.forEach(function (team) {
      rows.push({ text: team.name, shape: { shape: 'stop', radius: 8, team: team.t, text: '1' } });
    });
    if (raw.pins.some(function (pin) { return pin.done; })) {
      rows.push({ text: '已有结果', shape: { shape: 'stop', radius: 8, team: 0, text: '1', isDone: true } });
    }
    if (raw.starts.length) { rows.push({ text: '出发地点', shape: { shape: 'start', radius: 5 } }); }
    if (raw.walks.some(function (walk) { return !walk.rough; })) { rows.push({ text: '路线', line: { colour: tone(0), width: 3 } }); }
    if (raw.walks.some(function (walk) { return walk.rough; })) {
      rows.push({ text: '路线未知，直线示意', line: { colour: tone(0), width: 3, dash: [2, 4] } });
    }
    return rows;
  };
})();
