/* Groups in force: where they meet, which members belong together, and the leader's home, without a name. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var C = J.COLOURS, P = J.Street.prototype;
  var HULL_FROM = 15.5; /* farther out a hundred hulls are a mess */
  var LEADER_FROM = 15, MARGIN_PX = 13, CORNERS = 14;

  P.chosenGroup = function () {
    var chosen = this.view.selected;
    return chosen && chosen.kind === 'group' ? chosen.id : null;
  };

  P.drawGroups = function () {
    var people = this.have.people, raw = people.raw, self = this, place = {}, homes = {}, used = {}, chosen = this.chosenGroup();
    raw.groups.forEach(function (group) { place[group.id] = group; homes[group.id] = []; });
    if (!(chosen in place)) { chosen = null; }
    this.left.forEach(function (k) {
      var group = place[raw.s[k]];
      if (!group) { return; }
      used[group.id] = true;
      if (raw.p[k] !== 2) { homes[group.id].push(people.at[k]); }
    });
    raw.groups.forEach(function (group) { self.drawHull(group, homes[group.id], chosen); });
    this.drawGroupLines(place, chosen);
    raw.groups.forEach(function (group) {
      if (!used[group.id] && (self.view.filter.state === 'ungrouped' || self.isFiltered())) { return; }
      self.drawGroup(group, homes[group.id], chosen);
    });
    this.followChosenGroup(chosen === null ? null : place[chosen], chosen === null ? [] : homes[chosen]);
  };

  /* From each home to where the group meets. */
  P.drawGroupLines = function (place, chosen) {
    var people = this.have.people, raw = people.raw, sites = J.sitesOf(raw, people.at), lines = {}, self = this;
    this.left.forEach(function (k) {
      var group = place[raw.s[k]], site = sites.site[k];
      if (!group || raw.p[k] === 2) { return; }
      if (group.wx === undefined) { group.wx = J.worldX(group.x); group.wy = J.worldY(group.y); }
      var strength = chosen === null ? 0 : group.id === chosen ? 1 : -1, line = lines[strength];
      if (!line) { line = lines[strength] = self.groupLines(strength); }
      line.push(sites.x[site], sites.y[site], group.wx, group.wy);
    });
  };

  P.drawGroup = function (group, homes, chosen) {
    var zoom = this.map.getZoom(), isChosen = group.id === chosen, r = (zoom < 14 ? 8 : 11) * (isChosen ? 1.3 : 1);
    if (group.l && (zoom >= LEADER_FROM || isChosen) && !this.isCovered(group, r) && homes.some(function (at) { return isAt(at, group.l); })) {
      this.addSymbol({ shape: 'leader', radius: J.homeRadius(zoom, 1) }, group.l[1], group.l[0]);
    }
    this.addSymbol({ shape: 'group', radius: r }, group.y, group.x);
    if (isChosen) { this.addSymbol({ shape: 'ring', radius: r + 5 }, group.y, group.x); }
    this.note({ kind: 'group', id: group.id }, group.y, group.x, r, ['临时党小组', group.n + ' 人', '点击查看小组']);
  };

  /* A leader who lives at the place itself would be marked under its symbol. */
  P.isCovered = function (group, radius) {
    return this.map.latLngToLayerPoint([group.l[1], group.l[0]]).distanceTo(this.map.latLngToLayerPoint([group.y, group.x])) < radius;
  };

  function isAt(one, other) { return Math.abs(one[0] - other[0]) < 2e-6 && Math.abs(one[1] - other[1]) < 2e-6; }

  P.drawHull = function (group, homes, chosen) {
    var isChosen = group.id === chosen;
    if (!homes.length || (!isChosen && this.map.getZoom() < HULL_FROM)) { return; }
    var isFaint = chosen !== null && !isChosen;
    this.groups.lines.addLayer(L.polygon(this.around(homes, MARGIN_PX), {
      renderer: this.canvas['jj-lines'], pane: 'jj-lines', interactive: false, color: C.line, smoothFactor: 0,
      weight: isChosen ? 2.2 : 1.4, opacity: isChosen ? 0.95 : isFaint ? 0.2 : 0.75, dashArray: isChosen ? null : '5 4',
      fill: isChosen, fillColor: C.grouped, fillOpacity: 0.16
    }));
  };

  /* The hull of discs around the points: rounded corners, and a capsule or a disc where there are two points or one. */
  P.around = function (points, margin) {
    var map = this.map, spots = [];
    J.hull(points.map(function (at) {
      var p = map.latLngToLayerPoint([at[1], at[0]]);
      return [p.x, p.y];
    })).forEach(function (p) {
      for (var k = 0; k < CORNERS; k++) {
        var turn = 2 * Math.PI * k / CORNERS;
        spots.push([p[0] + margin * Math.cos(turn), p[1] + margin * Math.sin(turn)]);
      }
    });
    return J.hull(spots).map(function (p) { return map.layerPointToLatLng([p[0], p[1]]); });
  };

  /* The convex hull, by going around twice along x (Andrew's monotone chain). */
  J.hull = function (points) {
    var sorted = points.slice().sort(function (a, b) { return a[0] - b[0] || a[1] - b[1]; });
    if (sorted.length < 3) { return sorted; }
    function half(list) {
      var out = [];
      list.forEach(function (p) {
        while (out.length > 1 && turn(out[out.length - 2], out[out.length - 1], p) <= 0) { out.pop(); }
        out.push(p);
      });
      out.pop();
      return out;
    }
    return half(sorted).concat(half(sorted.slice().reverse()));
  };

  function turn(a, b, c) { return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]); }

  /* A group opened from a list or a link may lie outside the picture. */
  P.followChosenGroup = function (group, homes) {
    var key = group ? group.id : null, self = this;
    if (key === this.groupInSight) { return; }
    this.groupInSight = key;
    if (!group) { return; }
    var bounds = L.latLngBounds([[group.y, group.x]]);
    homes.forEach(function (at) { bounds.extend([at[1], at[0]]); });
    window.setTimeout(function () { if (!self.isGone) { self.bringGroup(group, bounds); } }, 0);
  };

  /* Into the part of the map that no box covers; where the place is there already, nothing moves. */
  P.bringGroup = function (group, bounds) {
    var clear = this.clearOf(true), size = this.map.getSize(), at = this.map.latLngToContainerPoint([group.y, group.x]);
    if (at.x > clear.left && at.y > clear.top && at.x < size.x - clear.right && at.y < size.y - clear.bottom) { return; }
    this.fit(bounds, {
      maxZoom: 17, paddingTopLeft: [clear.left + 30, clear.top + 30], paddingBottomRight: [clear.right + 30, clear.bottom + 30]
    });
  };

  P.groupRows = function () {
    var people = this.have.people, rows = [];
    if (!people || !people.raw.groups.length || this.isInTheWay('groups')) { return rows; }
    rows.push({ text: '临时党小组活动地点', toggle: 'groups', shape: { shape: 'group', radius: 8 } });
    if (this.hidden.groups) { return rows; }
    rows.push({ text: '组员到活动地点', line: { colour: C.line, width: 1.6 } });
    if (this.map.getZoom() >= HULL_FROM) { rows.push({ text: '同组党员的范围', line: { colour: C.line, width: 1.2, dash: [4, 3] } }); }
    if (this.map.getZoom() >= LEADER_FROM && people.raw.groups.some(function (group) { return group.l; })) {
      rows.push({ text: '组长住处', shape: { shape: 'leader', radius: 5, isAlone: true } });
    }
    return rows;
  };

  P.isFiltered = function () {
    var f = this.view.filter;
    return f.branches.length + f.grids.length + f.bands.length > 0;
  };

  /* strength: 1 for the chosen group, -1 for the others beside it, 0 where none is chosen */
  P.groupLines = function (strength) {
    return this.segmentsOf({
      color: C.line, weight: strength > 0 ? 2.8 : 1.3, opacity: strength < 0 ? 0.25 : strength > 0 ? 1 : 0.7
    });
  };

  P.addLine = function (from, to, strength) {
    this.groupLines(strength).push(J.worldX(from[0]), J.worldY(from[1]), J.worldX(to.x), J.worldY(to.y));
  };
})();
