/* What a page puts aside for the map: a proposed plan, or a file about to be imported. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var C = J.COLOURS, P = J.Street.prototype, MOVE = '#b8430f';

  /* raw: {points: {at, what}, places: [{x, y, n, name}], lines: [[member, place]], path, kind: 'plan' | 'file'} */
  J.readDraft = function (raw) {
    var at = J.points(raw.at), bounds = L.latLngBounds([]);
    at.forEach(function (p) { bounds.extend([p[1], p[0]]); });
    raw.places.forEach(function (place) { bounds.extend([place.y, place.x]); });
    J.roundBounds(raw, bounds);
    var rings = raw.path ? J.ringsOf(raw.path, raw.items) : [];
    rings.forEach(function (list) { list.forEach(function (ring) { if (ring.length) { bounds.extend(L.latLngBounds(ring)); } }); });
    return { raw: raw, at: at, rings: rings, bounds: bounds.isValid() ? bounds : null };
  };

  P.drawDraft = function () {
    var draft = this.draft, raw = draft.raw, self = this, zoom = this.map.getZoom();
    if (raw.kind === 'round') { this.drawRound(); return; }
    draft.rings.forEach(function (list, item) {
      var tone = raw.tones ? raw.tones[item] : C.ungrouped, isOutline = raw.tones && !raw.is_area[item];
      list.forEach(function (ring) {
        var make = raw.shape === 'line' ? L.polyline : L.polygon;
        self.groups.lines.addLayer(make(ring, {
          renderer: self.canvas['jj-lines'], pane: 'jj-lines', interactive: false, color: tone, weight: isOutline ? 2.6 : 1.6,
          opacity: 0.95, fill: raw.shape !== 'line', fillColor: tone, fillOpacity: isOutline ? 0.05 : raw.tones ? 0.22 : 0.12,
          smoothFactor: 0
        }));
      });
    });
    var chosen = this.view.group, isChosen = chosen !== null && chosen !== undefined, mine = {};
    this.drawGhost();
    raw.lines.forEach(function (line) {
      if (line[1] === chosen) { mine[line[0]] = true; }
      self.addLine(draft.at[line[0]], raw.places[line[1]], !isChosen ? 0 : line[1] === chosen ? 1 : -1);
    });
    draft.at.forEach(function (p, k) {
      var r = J.homeRadius(zoom, 1) * (mine[k] ? 1.5 : 1);
      self.addSymbol({ shape: 'home', radius: r, what: raw.what[k], count: 1 }, p[1], p[0]);
    });
    if (this.isEditing()) { this.noteHomes(); }
    this.drawMoves();
    raw.places.forEach(function (place, k) {
      var r = (zoom < 14 ? 8 : 11) * (k === chosen ? 1.45 : 1), words = [place.name, place.n + ' 人'];
      self.addSymbol({ shape: 'group', radius: r, isBad: place.bad }, place.y, place.x);
      if (place.bad) { words.push(place.bad); }
      self.note(self.placePick(place, k), place.y, place.x, r, words);
    });
    if (this.isEditing()) { this.drawPicked(); }
  };

  /* From one plan to another: so many go from an old place to a new one, and places where nobody meets any more. */
  P.drawMoves = function () {
    var raw = this.draft.raw, self = this;
    (raw.moves || []).forEach(function (move) {
      var from = [move[1] / 1e6, move[0] / 1e6], to = [move[3] / 1e6, move[2] / 1e6];
      var points = J.drawRibbon(self, from, to, { width: 3 + 2.2 * Math.sqrt(move[4] - 1), colour: MOVE, isDashed: false, room: 11 });
      var end = self.map.latLngToLayerPoint(to), middle = points ? points[Math.round(points.length / 2)] : { x: end.x + 15, y: end.y - 15 };
      var at = self.map.layerPointToLatLng([middle.x, middle.y]);
      self.addSymbol({ shape: 'flow', radius: move[4] > 9 ? 11 : 9, count: move[4], tone: MOVE }, at.lat, at.lng);
      self.note({ kind: 'none', id: 0 }, at.lat, at.lng, 11, [move[4] + ' 名换到箭头所指的活动地点']);
    });
    (raw.closed || []).forEach(function (place) {
      self.addSymbol({ shape: 'closed', radius: 8 }, place.y, place.x);
      self.note(self.placePick(place, -1), place.y, place.x, 8, [place.name, '“后”不再在此活动，原有 ' + place.n + ' 人']);
    });
  };

  J.shapes.closed = function (ctx, p, o) {
    var r = o.radius;
    ctx.beginPath();
    ctx.arc(p.x, p.y, r, 0, 2 * Math.PI);
    ctx.fillStyle = '#ffffff';
    ctx.fill();
    ctx.lineWidth = 2;
    ctx.strokeStyle = '#5b6168';
    ctx.stroke();
    ctx.beginPath();
    ctx.moveTo(p.x - r * 0.45, p.y - r * 0.45);
    ctx.lineTo(p.x + r * 0.45, p.y + r * 0.45);
    ctx.moveTo(p.x + r * 0.45, p.y - r * 0.45);
    ctx.lineTo(p.x - r * 0.45, p.y + r * 0.45);
    ctx.stroke();
  };

  P.moveRows = function () {
    var raw = this.draft.raw, rows = [{ title: raw.title }];
    raw.said.forEach(function (one) { rows.push({ title: one[0] + ' ' + one[1] + ' 名' }); });
    if (raw.moves.length) { rows.push({ text: '从前一活动地点换到后一处', line: { colour: MOVE, width: 5 } }); }
    rows.push({ text: '“后”的活动地点', shape: { shape: 'group', radius: 8 } });
    if (raw.closed.length) { rows.push({ text: '“后”不再用的地点', shape: { shape: 'closed', radius: 7 } }); }
    if (raw.what.indexOf('grouped') >= 0) { rows.push({ text: '换地点、新编入的党员', shape: { shape: 'home', radius: 5.5, what: 'grouped', count: 1 } }); }
    if (raw.what.indexOf('ungrouped') >= 0) { rows.push({ text: '退出小组的党员', shape: { shape: 'home', radius: 5.5, what: 'ungrouped', count: 1 } }); }
    if (raw.lines.length) { rows.push({ text: '到后来的活动地点', line: { colour: C.line, width: 1.6 } }); }
    if (raw.ghost.length) { rows.push({ text: raw.before, line: { colour: '#6c727a', width: 1.6, dash: [3, 4] } }); }
    return rows;
  };

  P.placePick = function (place, k) {
    if (this.isEditing()) { return { kind: 'group', id: k }; }
    return { kind: place.host ? 'host' : 'venue', id: place.host || place.venue };
  };

  /* Where people went before, under where they go in this plan. */
  P.drawGhost = function () {
    var draft = this.draft, self = this;
    (draft.raw.ghost || []).forEach(function (line) {
      var from = draft.at[line[0]];
      self.groups.lines.addLayer(L.polyline([[from[1], from[0]], [line[2] / 1e6, line[1] / 1e6]], {
        renderer: self.canvas['jj-lines'], pane: 'jj-lines', interactive: false, color: '#6c727a', weight: 1.4,
        opacity: 0.75, dashArray: '3 5'
      }));
    });
  };

  /* Members at one point answer a click together. */
  P.noteHomes = function () {
    var draft = this.draft, self = this, zoom = this.map.getZoom(), at = {}, order = [];
    if (!draft.raw.ids) { return; }
    draft.at.forEach(function (p, k) {
      var key = p[0] + ' ' + p[1];
      if (!at[key]) { at[key] = { lon: p[0], lat: p[1], ids: [] }; order.push(at[key]); }
      at[key].ids.push(draft.raw.ids[k]);
    });
    order.forEach(function (home) {
      self.note({ kind: 'members', ids: home.ids }, home.lat, home.lon, J.homeRadius(zoom, home.ids.length),
        [home.ids.length + ' 名党员', '点击选中或取消']);
    });
  };

  P.groundParts = function () {
    var raw = this.draft.raw, rows = [{ title: raw.title }];
    if (raw.is_area.indexOf(false) >= 0) {
      rows.push({ text: '组织范围', line: { colour: raw.tones[raw.is_area.indexOf(false)], width: 2.6 } });
    }
    return rows.concat(raw.labels.map(function (label) {
      return { text: label.text, line: { colour: label.tone, width: 2.6 } };
    }));
  };

  P.draftRows = function () {
    if (this.draft.raw.kind === 'file') {
      var spot = { text: '文件中的位置', shape: { shape: 'home', radius: 5.5, what: 'ungrouped', count: 1 } };
      var path = { text: '文件中的对象', line: { colour: C.ungrouped, width: 2.5 } };
      return [{ title: '待导入的数据' }].concat(this.draft.rings.length ? [path] : [], this.draft.at.length ? [spot] : []);
    }
    if (this.draft.raw.kind === 'ground') { return this.groundParts(); }
    if (this.draft.raw.kind === 'round') { return this.roundRows(); }
    if (this.draft.raw.moves) { return this.moveRows(); }
    var rows = [
      { title: this.draft.raw.title || '测算方案（尚未采用）' },
      { text: '编入小组的党员', shape: { shape: 'home', radius: 5.5, what: 'grouped', count: 1 } },
      { text: '未能编入', shape: { shape: 'home', radius: 5.5, what: 'ungrouped', count: 1 } },
      { text: '小组活动地点', shape: { shape: 'group', radius: 8 } },
      { text: '组员到活动地点', line: { colour: C.line, width: 1.6 } }
    ];
    if (this.draft.raw.ghost) { rows.push({ text: this.draft.raw.before || '原来的活动地点', line: { colour: '#6c727a', width: 1.6, dash: [3, 4] } }); }
    if (this.isEditing()) { rows.push({ text: '选中的党员', shape: { shape: 'ring', radius: 8 } }); }
    if (this.draft.raw.places.some(function (place) { return place.bad; })) {
      rows.push({ text: '有问题的小组', shape: { shape: 'group', radius: 8, isBad: true } });
    }
    return rows;
  };
})();
