/* Groups in force: their places and members. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var C = J.COLOURS, P = J.Street.prototype;

  P.drawGroups = function () {
    var people = this.have.people, raw = people.raw, self = this, place = {}, used = {};
    raw.groups.forEach(function (group) { place[group.id] = group; });
    this.left.forEach(function (k) {
      var group = place[raw.s[k]];
      if (!group) { return; }
      used[group.id] = (used[group.id] || 0) + 1;
      if (raw.p[k] !== 2) { self.addLine(people.at[k], group, 0); }
    });
    raw.groups.forEach(function (group) {
      if (!used[group.id] && (self.view.filter.state === 'ungrouped' || self.isFiltered())) { return; }
      var r = self.map.getZoom() < 14 ? 8 : 11, kind = group.host ? 'host' : 'venue';
      self.addSymbol({ shape: 'group', radius: r }, group.y, group.x);
      self.note({ kind: kind, id: group.host || group.venue }, group.y, group.x, r, ['临时党小组', group.n + ' 人']);
    });
  };

  P.isFiltered = function () {
    var f = this.view.filter;
    return f.branches.length + f.grids.length + f.bands.length > 0;
  };

  /* strength: 1 for the chosen group, -1 for the others beside it, 0 where none is chosen */
  P.addLine = function (from, to, strength) {
    this.groups.lines.addLayer(L.polyline([[from[1], from[0]], [to.y, to.x]], {
      renderer: this.canvas['jj-lines'], pane: 'jj-lines', interactive: false, color: C.line,
      weight: strength > 0 ? 2.8 : 1.3, opacity: strength < 0 ? 0.25 : strength > 0 ? 1 : 0.7
    }));
  };
})();
