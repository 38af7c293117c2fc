/* One map: fetches its layers by address, draws what the filters leave, tells Python what was clicked. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var C = J.COLOURS;

  /* Called by the folium element at the end of the base map's script. */
  J.adopt = function (map, box) {
    J.latest = map;
    map.jiujinBox = box ? L.latLngBounds([box[1], box[0]], [box[3], box[2]]) : null;
  };

  J.Street = function (root, map) {
    this.root = root;
    this.map = map;
    this.hidden = {};
    this.have = {};
    this.tip = root.querySelector('.jj-tip');
    this.card = root.querySelector('.jj-card');
    this.legend = root.querySelector('.jj-legend');
    ['jj-grids', 'jj-edges', 'jj-labels', 'jj-lines', 'jj-marks'].forEach(function (name, k) {
      var pane = map.createPane(name);
      pane.style.zIndex = name === 'jj-grids' ? 190 : 400 + 10 * k;
      pane.style.pointerEvents = 'none';
    });
    this.canvas = {};
    ['jj-grids', 'jj-edges', 'jj-lines', 'jj-marks'].forEach(function (name) {
      this.canvas[name] = new J.Canvas({ pane: name, padding: 0.3 });
    }, this);
    this.ground = new J.GroundLayer().addTo(map);
    this.groups = { grids: L.layerGroup(), lines: L.layerGroup(), marks: L.layerGroup(), chosen: L.layerGroup() };
    for (var name in this.groups) { this.groups[name].addTo(map); }
    this.labels = new J.Labels(this.namesAt.bind(this), function () { return this.shown || []; }.bind(this)).addTo(map);
    new J.Scale({ imperial: false, position: 'bottomleft', maxWidth: 120 }).addTo(map);
    J.nameZoom(map);
    map.on('click', this.onClick, this);
    map.on('mousemove', this.onMove, this);
    map.on('mouseout', function () { J.showTip(this.tip, [], null); }, this);
    map.on('zoomend', this.drawPeople, this);
    this.watchSize();
    this.setUpTools();
    this.setUpActions();
    this.setUpSheet();
    this.setUpSearch();
  };

  var P = J.Street.prototype;

  P.watchSize = function () {
    var map = this.map, self = this;
    this.fence();
    if (window.ResizeObserver) {
      this.observer = new window.ResizeObserver(function () { map.invalidateSize(); self.fence(); });
      this.observer.observe(map.getContainer());
    }
  };

  P.remove = function () {
    this.isGone = true;
    if (this.observer) { this.observer.disconnect(); }
    window.clearTimeout(this.basemapTimer);
    if (this.onKey) { document.removeEventListener('keydown', this.onKey); }
    if (this.cover) { L.DomUtil.remove(this.cover); }
    if (this.measured) { this.measured.clear(); }
    this.map.stop();
    /* Leaflet 1.9 ends a zoom by a timer that outlives the map; without this flag the timer does nothing. */
    this.map._animatingZoom = false;
    this.map.remove();
    ['data-drawn', 'data-draft', 'data-marks', 'data-picked'].forEach(function (name) { this.root.removeAttribute(name); }, this);
  };

  /* view: {layers, counts, filter, selected, card, foot, mode, draft, pin, numbers}; see gis/ui/map/host.py */
  P.show = function (view, pick) {
    if (this.isGone) { return Promise.resolve(); }
    this.view = view;
    this.pick = pick;
    this.root.classList.toggle('jj-pinning', view.mode === 'pin');
    this.followPicked();
    this.setUpBasemaps(view.basemaps);
    this.showFoot();
    this.showCard(view.card, pick);
    var wanted = [], self = this;
    Object.keys(view.layers).forEach(function (name) {
      if (self.have[name] && self.have[name].url === view.layers[name]) { return; }
      wanted.push(self.fetchInto(name, view.layers[name]));
    });
    if (!view.layers.people) { delete this.have.people; }
    if (view.draft !== this.draftUrl) { wanted.push(this.fetchDraft(view.draft)); }
    wanted.push(this.fetchTheme(view.theme));
    this.draw();
    this.followActions();
    this.followSearch();
    this.followFocus();
    this.followGroup();
    this.followNumbers();
    return Promise.all(wanted).then(function () {
      self.root.setAttribute('data-drawn', Object.keys(self.have).sort().join(' '));
    });
  };

  P.fetchInto = function (name, url) {
    var self = this;
    this.busy(1);
    return J.fetchLayer(url).then(function (raw) {
      if (self.isGone || self.view.layers[name] !== url) { return; }
      self.have[name] = READ[name](raw);
      self.have[name].url = url;
      if (name === 'roads' || name === 'buildings') { self.ground.setPart(name, self.have[name]); }
      self.draw();
    }).catch(function (error) { self.complain(error); }).then(function () { self.busy(-1); });
  };

  P.fetchDraft = function (url) {
    var self = this;
    this.draftUrl = url;
    if (!url) { this.draft = null; return Promise.resolve(); }
    this.busy(1);
    return J.fetchLayer(url).then(function (raw) {
      if (self.isGone || self.draftUrl !== url) { return; }
      self.draft = J.readDraft(raw);
      self.fence();
      self.draw();
      self.fitDraft();
      self.followGroup();
      self.root.setAttribute('data-draft', url);
    }).catch(function (error) { self.draft = null; self.complain(error); }).then(function () { self.busy(-1); });
  };

  /* An edited plan, or another one to compare with, is looked at from where one stands. */
  P.fitDraft = function () {
    var place = this.draft.raw.place || this.draftUrl;
    if (this.draft.bounds && place !== this.fitted) {
      this.fit(this.draft.bounds, this.draft.raw.kind === 'round' ? this.roundRoom() : { padding: [40, 40], maxZoom: 17 });
    }
    this.fitted = place;
  };

  P.busy = function (step) {
    this.waiting = (this.waiting || 0) + step;
    this.root.querySelector('.jj-busy').hidden = this.waiting < 1;
  };

  P.complain = function (error) {
    var box = this.root.querySelector('.jj-trouble');
    box.hidden = false;
    J.bindText(box, '图层没有载入，请刷新页面；仍不行请联系系统管理员');
    window.console.error(error);
  };

  var READ = {
    grids: function (raw) {
      var found = { raw: raw, paths: J.paths(raw.path), number: {} };
      raw.id.forEach(function (id, k) { found.number[id] = k; });
      found.rings = ringsOf(raw.path, raw.id.length);
      found.outlines = ringsOf(raw.communities.path, raw.communities.name.length);
      return found;
    },
    buildings: function (raw) {
      var found = { raw: raw, paths: J.paths(raw.path), spots: [], number: {} };
      raw.id.forEach(function (id, k) { found.number[id] = k; });
      raw.at.forEach(function (at, k) {
        if (at) { found.spots.push({ item: k, x: J.worldX(at[0]), y: J.worldY(at[1]) }); }
      });
      return found;
    },
    roads: function (raw) { return { raw: raw, kinds: raw.c, paths: J.paths(raw.path) }; },
    estates: function (raw) { return { raw: raw }; },
    places: function (raw) { return { raw: raw }; },
    people: function (raw) { return { raw: raw, at: J.points(raw.at) }; }
  };

  /* Leaflet's shape of polygons: for each item a list of rings of [lat, lon]. */
  function ringsOf(path, many) {
    var points = J.points(path.d), at = 0, out = [];
    for (var k = 0; k < many; k++) { out.push([]); }
    path.n.forEach(function (count, k) {
      out[path.i[k]].push(points.slice(at, at + count).map(function (p) { return [p[1], p[0]]; }));
      at += count;
    });
    return out;
  }
  J.ringsOf = ringsOf;

  P.draw = function () {
    if (this.isGone) { return; } /* an answer may arrive after the page has moved on */
    this.chooseMarks();
    this.drawGrids();
    this.drawPeople();
    this.drawChosen();
    this.labels.redraw();
    this.drawLegend();
    this.followFilter();
  };

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

  P.countsByGrid = function () {
    var people = this.have.people, counts = {}, theme = this.theme();
    if (theme && theme.counts) { return theme.counts(this, this.themed.raw); }
    if (!people) { return this.view.counts || {}; }
    this.left.forEach(function (k) {
      var grid = people.raw.g[k];
      if (grid) { counts[grid] = (counts[grid] || 0) + 1; }
    });
    return counts;
  };

  P.drawGrids = function () {
    var grids = this.have.grids, group = this.groups.grids, self = this;
    group.clearLayers();
    if (!grids) { return; }
    var counts = this.countsByGrid();
    this.lows = J.steps(Object.keys(counts).map(function (id) { return counts[id]; }));
    grids.raw.id.forEach(function (id, k) {
      var isFilled = !self.hidden.grids, colour = gridColour(self.lows, counts, id);
      group.addLayer(L.polygon(grids.rings[k], {
        renderer: self.canvas['jj-grids'], pane: 'jj-grids', interactive: false, stroke: false, fill: true,
        fillColor: isFilled ? colour : C.none, fillOpacity: !self.basemap ? 1 : isFilled && id in counts ? 0.45 : 0, smoothFactor: 0
      }));
      group.addLayer(L.polygon(grids.rings[k], {
        renderer: self.canvas['jj-edges'], pane: 'jj-edges', interactive: false, fill: false, color: '#8d8371',
        weight: 0.9, opacity: 0.8, dashArray: '4 3', smoothFactor: 0
      }));
    });
    grids.outlines.forEach(function (rings) {
      group.addLayer(L.polygon(rings, {
        renderer: self.canvas['jj-edges'], pane: 'jj-edges', interactive: false, fill: false, color: '#7b6f5a',
        weight: 1.8, opacity: 0.8, smoothFactor: 0
      }));
    });
  };

  function gridColour(lows, counts, id) {
    if (!(id in counts)) { return C.none; }
    return counts[id] === null ? C.blank : J.stepColour(lows, J.stepOf(lows, counts[id]));
  }

  P.drawPeople = function () {
    var marks = this.groups.marks, lines = this.groups.lines;
    marks.clearLayers();
    lines.clearLayers();
    if (!this.view) { return; }
    this.shown = [];
    this.drawPlaces();
    if (this.draft) { this.drawDraft(); }
    if (this.have.people && (!this.draft || this.draft.raw.kind === 'ground')) { this.drawHomes(); }
    this.drawTheme();
    if (this.view.numbers) { this.drawNumbers(); }
    if (this.view.pin) { this.addSymbol({ shape: 'pin', radius: 9 }, this.view.pin[1], this.view.pin[0]); }
    this.root.setAttribute('data-marks', this.shown.length);
  };

  P.addSymbol = function (options, lat, lon) {
    options.renderer = this.canvas['jj-marks'];
    options.pane = 'jj-marks';
    options.interactive = false;
    this.groups.marks.addLayer(new J.Symbol([lat, lon], options));
  };

  /* Remember what stands where, for clicks and tooltips; what comes later lies on top. */
  P.note = function (pick, lat, lon, radius, words) {
    this.shown.push({ pick: pick, lat: lat, lon: lon, radius: radius, words: words });
  };

  P.drawHomes = function () {
    var people = this.have.people, self = this;
    if (!this.hidden.people && !this.isInTheWay('people')) {
      J.gather(people.raw, people.at, this.left).forEach(function (home) { self.drawHome(home); });
    }
    if (!this.hidden.groups && !this.isInTheWay('groups')) { this.drawGroups(); }
  };

  P.drawHome = function (home) {
    var zoom = this.map.getZoom(), r = J.homeRadius(zoom, home.count);
    this.addSymbol({
      shape: 'home', radius: r, what: home.what, count: home.count, isRough: home.rough > 0 && zoom >= 14
    }, home.lat, home.lon);
    var kind = home.rough === 2 || !home.building ? 'grid' : 'building';
    var words = [home.count + ' 名党员'];
    if (home.what === 'mixed') { words.push('已编组 ' + home.grouped + ' 名'); }
    if (home.rough) { words.push(home.rough === 1 ? '只知道到小区' : '按本人意愿只显示到网格'); }
    this.note({ kind: kind, id: kind === 'grid' ? home.grid : home.building }, home.lat, home.lon, r, words);
  };

  J.homeRadius = function (zoom, count) {
    var base = zoom < 13 ? 2.6 : zoom < 15 ? 3.8 : zoom < 17 ? 5 : 6.5;
    return base + (count > 1 ? 1.2 : 0) + (count > 4 ? 1.6 : 0) + (count > 9 ? 1.6 : 0);
  };

  /* Members at one point become one symbol. */
  J.gather = function (raw, at, left) {
    var homes = {}, order = [];
    left.forEach(function (k) {
      var key = at[k][0] + ' ' + at[k][1] + ' ' + raw.p[k], home = homes[key];
      if (!home) {
        home = homes[key] = {
          lon: at[k][0], lat: at[k][1], count: 0, grouped: 0, moving: 0, rough: raw.p[k], grid: raw.g[k], building: raw.h[k]
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
    return order;
  };

  P.drawNumbers = function () {
    this.view.numbers.forEach(function (number) {
      this.addSymbol({ shape: 'number', radius: 10, count: number.n }, number.y, number.x);
      this.note({ kind: 'building', id: number.id }, number.y, number.x, 10, ['候选 ' + number.n]);
    }, this);
  };

  P.drawChosen = function () {
    var chosen = this.view.selected, rings = null, group = this.groups.chosen;
    group.clearLayers();
    if (!chosen) { this.chosenKey = null; return; }
    var layer = chosen.kind === 'grid' ? this.have.grids : chosen.kind === 'building' ? this.have.buildings : null;
    if (layer && chosen.id in layer.number) {
      if (!layer.rings) { layer.rings = ringsOf(layer.raw.path, layer.raw.id.length); }
      rings = layer.rings[layer.number[chosen.id]];
    }
    if (rings && rings.length) {
      group.addLayer(L.polygon(rings, {
        renderer: this.canvas['jj-lines'], pane: 'jj-lines', interactive: false, color: C.place, weight: 2.5,
        fill: chosen.kind === 'building', fillColor: C.place, fillOpacity: 0.22, smoothFactor: 0
      }));
    }
    this.bringToView(chosen, rings);
  };

  P.hit = function (event, slack) {
    var p = event.containerPoint, shown = this.shown || [];
    for (var k = shown.length - 1; k >= 0; k--) {
      var q = this.map.latLngToContainerPoint([shown[k].lat, shown[k].lon]);
      if (p.distanceTo(q) <= shown[k].radius + slack) { return { pick: shown[k].pick, words: shown[k].words }; }
    }
    return this.hitGround(J.worldX(event.latlng.lng), J.worldY(event.latlng.lat));
  };

  P.hitGround = function (x, y) {
    var b = this.have.buildings, g = this.have.grids, found;
    if (b && !this.hidden.buildings && (found = this.hitBuilding(b, x, y)) >= 0) {
      return { pick: { kind: 'building', id: b.raw.id[found] }, words: [J.buildingName(b.raw, found)] };
    }
    if (g && (found = J.ownerAt(g.paths, x, y)) >= 0) {
      return { pick: { kind: 'grid', id: g.raw.id[found] }, words: this.gridWords(g, found) };
    }
    return null;
  };

  J.buildingName = function (raw, k) {
    var number = raw.no[k];
    return (raw.estates[raw.e[k]] + ' ' + (/\d$/.test(number) ? number + '幢' : number)).trim() || '未编号楼栋';
  };

  P.hitBuilding = function (b, x, y) {
    var reach = 6 / (256 * Math.pow(2, this.map.getZoom()));
    for (var k = 0; k < b.spots.length; k++) {
      if (Math.abs(b.spots[k].x - x) < reach && Math.abs(b.spots[k].y - y) < reach) { return b.spots[k].item; }
    }
    return J.ownerAt(b.paths, x, y);
  };

  P.gridWords = function (grids, k) {
    var words = [grids.raw.name[k]], counts = this.countsByGrid(), id = grids.raw.id[k];
    if (grids.raw['in'][k]) { words.push(grids.raw['in'][k]); }
    if (id in counts) { words.push(counts[id] === null ? '党员不足 3 名或从略' : '党员 ' + counts[id] + ' 名'); }
    return words;
  };

  P.onClick = function (event) {
    if (!this.view) { return; }
    if (this.tool) { this.tool.click(event); return; } /* measure.js */
    if (this.view.mode === 'pin') {
      this.pick({ kind: 'pin', id: 0, lon: event.latlng.lng, lat: event.latlng.lat });
      return;
    }
    var isTouch = event.originalEvent && event.originalEvent.pointerType === 'touch', hit = this.hit(event, isTouch ? 12 : 4);
    if (this.isEditing()) { this.editClick(hit); return; }
    this.pick(hit ? hit.pick : { kind: 'none', id: 0 });
  };

  P.onMove = function (event) {
    var self = this;
    if (this.moving || !this.view || this.isGone) { return; }
    this.moving = true;
    window.requestAnimationFrame(function () {
      self.moving = false;
      if (self.isGone) { return; }
      if (self.tool) { self.tool.move(event); return; }
      var hit = self.hit(event, 2);
      self.map.getContainer().style.cursor = self.view.mode === 'pin' ? 'crosshair' : hit ? 'pointer' : '';
      J.showTip(self.tip, hit ? hit.words : [], event.containerPoint);
    });
  };

  P.toggle = function (name, isShown) {
    this.hidden[name] = !isShown;
    if (name === 'roads' || name === 'buildings') { this.ground.setShown(name, isShown); }
    this.draw();
  };
})();
