/* Members' homes and the shading of grids: which members the filters leave, gathered by point and counted by grid. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var C = J.COLOURS, P = J.Street.prototype;

  /* Which members the filters leave. */
  P.chooseMarks = function () {
    var people = this.have.people, filter = this.view.filter, left = [];
    if (people && filter) {
      for (var k = 0; k < people.at.length; k++) { if (passesAt(people.raw, k, filter)) { left.push(k); } }
    }
    this.left = left;
  };

  function passesAt(raw, k, filter) { return J.passes(raw.t[k], raw.s[k], raw.b[k], raw.g[k], raw.a[k], filter); }

  J.passes = function (moving, group, branch, grid, band, filter) {
    var inState = filter.state === 'all' || (filter.state === 'transition' && moving) ||
      (filter.state === 'grouped' && group) || (filter.state === 'ungrouped' && moving && !group);
    return inState && isIn(filter.branches, branch) && isIn(filter.grids, grid) && isIn(filter.bands, band);
  };

  function isIn(list, value) { return !list.length || list.indexOf(value) >= 0; }

  /* Asked on every move of the mouse: counted once for each choice of members. */
  P.countsByGrid = function () {
    var people = this.have.people, counts = {}, theme = this.theme();
    if (theme && theme.counts) { return theme.counts(this, this.themed.raw); }
    if (!people) { return this.view.counts || {}; }
    if (this.counted && this.counted.left === this.left) { return this.counted.counts; }
    this.left.forEach(function (k) {
      var grid = people.raw.g[k];
      if (grid) { counts[grid] = (counts[grid] || 0) + 1; }
    });
    this.counted = { left: this.left, counts: counts };
    return counts;
  };

  P.setUpGrids = function () {
    var self = this;
    function add(pane, paint) {
      var made = new J.Bulk(paint, { renderer: self.canvas[pane], pane: pane });
      return made.addTo(self.map);
    }
    this.fills = add('jj-grids', function (ctx, view) {
      if (self.have.grids && self.gridFills) { J.paintAreas(ctx, view, self.have.grids.paths, { fills: self.gridFills, opacity: self.fillOpacity }); }
    });
    this.edges = add('jj-edges', function (ctx, view) {
      var grids = self.have.grids;
      if (!grids) { return; }
      J.paintAreas(ctx, view, grids.paths, { line: { color: '#8d8371', weight: 0.9, dash: [4, 3] }, opacity: 0.8 });
      J.paintAreas(ctx, view, grids.outlines, { line: { color: '#7b6f5a', weight: 1.8 }, opacity: 0.8 });
    });
  };

  P.drawGrids = function () {
    var grids = this.have.grids, self = this;
    if (!grids) { return; }
    var counts = this.countsByGrid();
    var theme = this.theme(), isOwn = theme && theme.lows; /* years.js: the same steps for all days */
    this.lows = isOwn ? theme.lows(this, this.themed.raw) : J.steps(Object.keys(counts).map(function (id) { return counts[id]; }));
    this.fillOpacity = this.basemap ? 0.45 : 1;
    this.gridFills = grids.raw.id.map(function (id) {
      var isFilled = !self.hidden.grids;
      if (self.basemap && !(isFilled && id in counts)) { return null; }
      return isFilled ? gridColour(self.lows, counts, id) : C.none;
    });
    if (this.edgesOf !== grids) {
      this.edgesOf = grids;
      var room = J.noRoom();
      J.makeRoomForPaths(room, grids.paths);
      J.makeRoomForPaths(room, grids.outlines);
      ['jj-grids', 'jj-edges'].forEach(function (name) { self.canvas[name].setRoom(room); });
      this.edges.changed();
    }
    this.fills.changed();
  };

  function gridColour(lows, counts, id) {
    if (!(id in counts)) { return C.none; }
    return counts[id] === null ? C.blank : J.stepColour(lows, J.stepOf(lows, counts[id]));
  }

  P.drawHomes = function () {
    var people = this.have.people, self = this;
    if (!this.hidden.people && !this.isInTheWay('people')) {
      this.homeLooks = {};
      J.gather(people.raw, people.at, this.left).forEach(function (home) { self.drawHome(home); });
      this.symbolBulk.changed();
    }
    if (!this.hidden.groups && !this.isInTheWay('groups')) { this.drawGroups(); }
  };

  /* A home is its own symbol, and its own entry in the list of what stands where. */
  P.drawHome = function (home) {
    var zoom = this.map.getZoom(), isInGrid = home.rough === 2 || !home.building;
    home.radius = J.homeRadius(zoom, home.count);
    home.o = this.homeLook(home, home.radius, home.rough > 0 && zoom >= 14);
    home.pick = { kind: isInGrid ? 'grid' : 'building', id: isInGrid ? home.grid : home.building };
    home.words = homeWords;
    this.symbols.push(home);
    this.shown.push(home);
  };

  /* Homes that look the same share what says so: there are 20,000 of them. */
  P.homeLook = function (home, radius, isRough) {
    var kind = home.what + (isRough ? '~' : ''), looks = this.homeLooks[kind] || (this.homeLooks[kind] = []);
    return looks[home.count] || (looks[home.count] = { shape: 'home', radius: radius, what: home.what, count: home.count, isRough: isRough });
  };

  function homeWords(home) {
    var words = [home.count + ' 名党员'];
    if (home.what === 'mixed') { words.push('已编组 ' + home.grouped + ' 名'); }
    if (home.rough) { words.push(home.rough === 1 ? '只知道到小区' : '按本人意愿只显示到网格'); }
    return words;
  }

  J.homeRadius = function (zoom, count) {
    var base = zoom < 13 ? 2.6 : zoom < 15 ? 3.8 : zoom < 17 ? 5 : 6.5;
    return base + (count > 1 ? 1.2 : 0) + (count > 4 ? 1.6 : 0) + (count > 9 ? 1.6 : 0);
  };

  /* Which members share a point, and where it is in world coordinates: worked out once for a layer. */
  J.sitesOf = function (raw, at) {
    if (raw.sites) { return raw.sites; }
    var known = new Map(), xs = [], ys = [], site = new Int32Array(at.length);
    for (var k = 0; k < at.length; k++) {
      var key = at[k][0] + ' ' + at[k][1] + ' ' + raw.p[k], found = known.get(key);
      if (found === undefined) {
        known.set(key, found = xs.length);
        xs.push(J.worldX(at[k][0]));
        ys.push(J.worldY(at[k][1]));
      }
      site[k] = found;
    }
    raw.sites = { site: site, x: xs, y: ys };
    return raw.sites;
  };

  /* Members at one point become one symbol; picture and legend ask for the same. */
  J.gather = function (raw, at, left) {
    if (raw.gathered && raw.gathered.left === left) { return raw.gathered.homes; }
    var sites = J.sitesOf(raw, at), homes = new Array(sites.x.length), order = [];
    left.forEach(function (k) {
      var site = sites.site[k], home = homes[site];
      if (!home) {
        home = homes[site] = {
          x: sites.x[site], y: sites.y[site], count: 0, grouped: 0, moving: 0, what: '', rough: raw.p[k], grid: raw.g[k], building: raw.h[k]
        };
        order.push(home);
      }
      home.count += 1;
      home.grouped += raw.s[k] ? 1 : 0;
      home.moving += raw.t[k] || raw.s[k] ? 1 : 0;
    });
    order.forEach(function (home) {
      home.what = !home.moving ? 'other' : home.grouped === home.moving ? 'grouped' : home.grouped ? 'mixed' : 'ungrouped';
    });
    raw.gathered = { left: left, homes: order };
    return order;
  };
})();
