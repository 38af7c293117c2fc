/* What a page puts aside for the map: a proposed plan, or a file about to be imported. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var C = J.COLOURS, P = J.Street.prototype;

  /* raw: {points: {at, what}, places: [{x, y, n, name}], lines: [[member, place]], path, kind: 'plan' | 'file'} */
  J.readDraft = function (raw) {
    var at = J.points(raw.at), bounds = L.latLngBounds([]);
    at.forEach(function (p) { bounds.extend([p[1], p[0]]); });
    raw.places.forEach(function (place) { bounds.extend([place.y, place.x]); });
    var rings = raw.path ? J.ringsOf(raw.path, raw.items) : [];
    rings.forEach(function (list) { list.forEach(function (ring) { if (ring.length) { bounds.extend(L.latLngBounds(ring)); } }); });
    return { raw: raw, at: at, rings: rings, bounds: bounds.isValid() ? bounds : null };
  };

  P.drawDraft = function () {
    var draft = this.draft, raw = draft.raw, self = this, zoom = this.map.getZoom();
    draft.rings.forEach(function (list) {
      list.forEach(function (ring) {
        var make = raw.shape === 'line' ? L.polyline : L.polygon;
        self.groups.lines.addLayer(make(ring, {
          renderer: self.canvas['jj-lines'], pane: 'jj-lines', interactive: false, color: C.ungrouped, weight: 1.6,
          opacity: 0.95, fill: raw.shape !== 'line', fillColor: C.ungrouped, fillOpacity: 0.12, smoothFactor: 0
        }));
      });
    });
    var chosen = this.view.group, isChosen = chosen !== null && chosen !== undefined, mine = {};
    raw.lines.forEach(function (line) {
      if (line[1] === chosen) { mine[line[0]] = true; }
      self.addLine(draft.at[line[0]], raw.places[line[1]], !isChosen ? 0 : line[1] === chosen ? 1 : -1);
    });
    draft.at.forEach(function (p, k) {
      var r = J.homeRadius(zoom, 1) * (mine[k] ? 1.5 : 1);
      self.addSymbol({ shape: 'home', radius: r, what: raw.what[k], count: 1 }, p[1], p[0]);
    });
    raw.places.forEach(function (place, k) {
      var r = (zoom < 14 ? 8 : 11) * (k === chosen ? 1.45 : 1);
      self.addSymbol({ shape: 'group', radius: r }, place.y, place.x);
      self.note({ kind: place.host ? 'host' : 'venue', id: place.host || place.venue }, place.y, place.x, r, [place.name, place.n + ' 人']);
    });
  };

  P.draftRows = function () {
    if (this.draft.raw.kind === 'file') {
      var spot = { text: '文件中的位置', shape: { shape: 'home', radius: 5.5, what: 'ungrouped', count: 1 } };
      var path = { text: '文件中的对象', line: { colour: C.ungrouped, width: 2.5 } };
      return [{ title: '待导入的数据' }].concat(this.draft.rings.length ? [path] : [], this.draft.at.length ? [spot] : []);
    }
    return [
      { title: '测算方案（尚未采用）' },
      { text: '编入小组的党员', shape: { shape: 'home', radius: 5.5, what: 'grouped', count: 1 } },
      { text: '未能编入', shape: { shape: 'home', radius: 5.5, what: 'ungrouped', count: 1 } },
      { text: '小组活动地点', shape: { shape: 'group', radius: 8 } },
      { text: '组员到活动地点', line: { colour: C.line, width: 1.6 } }
    ];
  };
})();
