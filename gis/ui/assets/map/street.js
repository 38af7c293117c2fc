/* One map: fetches its layers by address, draws what the filters leave, tells Python what was clicked. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var C = J.COLOURS, PATIENCE_MS = 300;

  /* Called by the folium element at the end of the base map's script. */
  J.adopt = function (map, box) {
    J.latest = map;
    map.jiujinBox = box ? L.latLngBounds([box[1], box[0]], [box[3], box[2]]) : null;
    if (box) { map.fitBounds(map.jiujinBox, { padding: [16, 16], animate: false }); }
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
    /* The room is settled while nothing is drawn yet: each canvas is as large as the map */
    this.takeRoom();
    map.invalidateSize({ animate: false, pan: false });
    if (map.jiujinBox) { map.fitBounds(map.jiujinBox, { padding: [16, 16], animate: false }); }
    this.watchSize();
    this.canvas = {};
    ['jj-grids', 'jj-edges', 'jj-lines', 'jj-marks'].forEach(function (name) {
      this.canvas[name] = new J.Canvas({ pane: name, padding: 0.15 });
    }, this);
    this.ground = new J.GroundLayer().addTo(map);
    this.groups = { grids: L.layerGroup(), lines: L.layerGroup(), marks: L.layerGroup(), chosen: L.layerGroup() };
    for (var name in this.groups) { this.groups[name].addTo(map); }
    this.labels = new J.Labels(this.namesAt.bind(this), this.touchesSymbol.bind(this)).addTo(map);
    new J.Scale({ imperial: false, position: 'bottomleft', maxWidth: 120 }).addTo(map);
    J.nameZoom(map);
    map.on('click', this.onClick, this);
    map.on('mousemove', this.onMove, this);
    map.on('mouseout', function () { J.showTip(this.tip, [], null); }, this);
    map.on('zoomend', this.drawPeople, this);
    this.setUpBulk();
    this.setUpGrids();
    this.setUpTools();
    this.setUpActions();
    this.setUpSheet();
    this.setUpSearch();
  };

  var P = J.Street.prototype;

  P.watchSize = function () {
    var self = this;
    this.fence();
    this.size = this.map.getSize();
    if (window.ResizeObserver) {
      this.observer = new window.ResizeObserver(function () { self.followSize(); });
      this.observer.observe(this.map.getContainer());
    }
  };

  /* A window drawn larger shows the street larger; where somebody has chosen the view only the room changes. */
  P.followSize = function () {
    this.map.invalidateSize();
    var size = this.map.getSize();
    if (size.equals(this.size)) { return; } /* kept by ourselves, as the map may have heard of it first */
    this.size = size;
    this.map.options.minZoom = 3; /* the fence of the old size holds nothing back */
    this.lookAgain();
    this.fence();
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
    var isSame = Boolean(this.view) && pictureOf(this.view) === pictureOf(view);
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
    if (!isSame) { this.draw(); } else { this.drawChosen(); }
    this.followActions();
    this.followSearch();
    this.followFocus();
    this.followGroup();
    this.followNumbers();
    return Promise.all(wanted).then(function () {
      if (self.isGone) { return; }
      if (self.isDue) { self.drawNow(); }
      self.ground.repaint();
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
      self.drawSoon();
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
      var found = { raw: raw, paths: J.paths(raw.path), outlines: J.paths(raw.communities.path), number: numbersOf(raw.id) };
      J.later(found, 'rings', function () { return ringsOf(raw.path, raw.id.length); });
      return found;
    },
    buildings: function (raw) {
      var found = { paths: J.paths(raw.path), spots: [] }, spots = raw.spots;
      found.raw = { id: raw.id, no: J.words(raw.no), e: raw.estate.at, estates: raw.estate.word };
      for (var k = 0; k < spots.i.length; k++) { found.spots.push({ item: spots.i[k], x: spots.x[k] / J.WORLD, y: spots.y[k] / J.WORLD }); }
      J.later(found, 'number', function () { return numbersOf(raw.id); });
      return found;
    },
    roads: function (raw) { return { raw: raw, kinds: raw.c, paths: J.paths(raw.path) }; },
    estates: function (raw) { return { raw: raw }; },
    places: function (raw) { return { raw: raw }; },
    people: function (raw) {
      var at = new Array(raw.x.length);
      for (var k = 0; k < at.length; k++) { at[k] = [raw.x[k] / 1e6, raw.y[k] / 1e6]; }
      if (raw.a.word) { raw.a = J.words(raw.a); }
      return { raw: raw, at: at };
    }
  };

  function numbersOf(ids) {
    var number = {};
    for (var k = 0; k < ids.length; k++) { number[ids[k]] = k; }
    return number;
  }

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

  /* Whether two views draw the same but for the card and what is ringed. */
  function pictureOf(view) {
    var left = {}, chosen = view.selected, isPlain = !view.theme && chosen && PLAIN.indexOf(chosen.kind) >= 0;
    Object.keys(view).forEach(function (name) { if (APART.indexOf(name) < 0) { left[name] = view[name]; } });
    left.chosen = isPlain ? null : chosen;
    return JSON.stringify(left);
  }
  var APART = ['card', 'foot', 'selected', 'scripts', 'styles', 'stamp'], PLAIN = ['grid', 'building', 'host', 'venue'];

  /* Layers that arrive together are drawn together; while others are on their way, what is there waits a little. */
  P.drawSoon = function () {
    var self = this;
    if (this.isDue) { return; }
    this.isDue = true;
    window.setTimeout(function () { if (self.isDue) { self.drawNow(); } }, PATIENCE_MS);
  };

  P.drawNow = function () {
    if (this.isGone) { return; }
    this.draw();
    this.ground.repaint();
  };

  P.draw = function () {
    this.isDue = false;
    if (this.isGone) { return; } /* an answer may arrive after the page has moved on */
    this.chooseMarks();
    this.drawGrids();
    this.drawPeople();
    this.drawChosen();
    this.labels.redraw();
    this.drawLegend();
    this.followFilter();
  };

  P.drawPeople = function () {
    var marks = this.groups.marks, lines = this.groups.lines;
    marks.clearLayers();
    lines.clearLayers();
    this.symbols = [];
    this.segments = {};
    this.lineBulk.changed();
    this.symbolBulk.changed();
    if (!this.view) { return; }
    this.shown = [];
    this.drawPlaces();
    if (this.draft) { this.drawDraft(); }
    if (this.have.people && (!this.draft || this.draft.raw.kind === 'ground')) { this.drawHomes(); }
    this.drawTheme();
    if (this.view.numbers) { this.drawNumbers(); }
    if (this.view.pin) { this.addSymbol({ shape: 'pin', radius: 9 }, this.view.pin[1], this.view.pin[0]); }
    this.makeRoom();
    this.root.setAttribute('data-marks', this.shown.length);
  };

  /* One layer for all symbols, one for all plain lines: drawn in one pass, the last on top. */
  P.setUpBulk = function () {
    var self = this, stamps = new J.Stamps();
    this.symbols = [];
    this.segments = {};
    this.lineBulk = new J.Bulk(function (ctx, view) { J.paintSegments(ctx, view, self.segments); }, {
      renderer: this.canvas['jj-lines'], pane: 'jj-lines'
    }).addTo(this.map);
    this.symbolBulk = new J.Bulk(function (ctx, view) { J.paintSymbols(ctx, view, self.symbols, stamps); }, {
      renderer: this.canvas['jj-marks'], pane: 'jj-marks'
    }).addTo(this.map);
  };

  P.addSymbol = function (options, lat, lon) {
    this.symbols.push({ o: options, x: J.worldX(lon), y: J.worldY(lat) });
    this.symbolBulk.changed();
  };

  /* The list of lines that look so, as x, y, x, y in world coordinates; look: {color, weight, opacity} */
  P.segmentsOf = function (look) {
    var name = look.color + ' ' + look.weight + ' ' + look.opacity, kind = this.segments[name];
    if (!kind) { kind = this.segments[name] = { look: look, at: [] }; }
    this.lineBulk.changed();
    return kind.at;
  };

  /* Remember what stands where, for clicks and tooltips; what comes later lies on top. `words` may be a function. */
  P.note = function (pick, lat, lon, radius, words) {
    this.shown.push({ pick: pick, x: J.worldX(lon), y: J.worldY(lat), radius: radius, words: words });
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
    if (layer && chosen.id in layer.number) { rings = J.ringsOfItem(layer.paths, layer.number[chosen.id]); }
    if (rings && rings.length) {
      group.addLayer(L.polygon(rings, {
        renderer: this.canvas['jj-lines'], pane: 'jj-lines', interactive: false, color: C.place, weight: 2.5,
        fill: chosen.kind === 'building', fillColor: C.place, fillOpacity: 0.22, smoothFactor: 0
      }));
    }
    this.bringToView(chosen, rings);
  };

  P.hit = function (event, slack) {
    var x = J.worldX(event.latlng.lng), y = J.worldY(event.latlng.lat), found = this.hitShown(x, y, slack);
    if (!found) { return this.hitGround(x, y); }
    return { pick: found.pick, words: typeof found.words === 'function' ? found.words(found) : found.words };
  };

  /* Where the symbols are: worked out once for what is shown. */
  P.indexShown = function () {
    var shown = this.shown || [], known = this.shownIndex, most = 0;
    if (known && known.of === shown && known.many === shown.length) { return known; }
    var box = new Float64Array(4 * shown.length);
    for (var k = 0; k < shown.length; k++) {
      box[4 * k] = box[4 * k + 2] = shown[k].x;
      box[4 * k + 1] = box[4 * k + 3] = shown[k].y;
      if (shown[k].radius > most) { most = shown[k].radius; }
    }
    this.shownIndex = { of: shown, many: shown.length, most: most, index: new J.Buckets(box, shown.length) };
    return this.shownIndex;
  };

  /* Whether a rectangle of world coordinates touches a symbol, give or take a pixel. */
  P.touchesSymbol = function (left, top, right, bottom) {
    var known = this.indexShown(), scale = this.map.options.crs.scale(this.map.getZoom()), does = false, most = (known.most + 1) / scale;
    known.index.within(left - most, top - most, right + most, bottom + most, function (k) {
      var one = known.of[k], r = (one.radius + 1) / scale;
      does = left < one.x + r && right > one.x - r && top < one.y + r && bottom > one.y - r;
      return does;
    });
    return does;
  };

  /* The topmost symbol within so many pixels. */
  P.hitShown = function (x, y, slack) {
    var known = this.indexShown(), shown = known.of, scale = this.map.options.crs.scale(this.map.getZoom()), found = -1;
    var reach = (known.most + slack) / scale;
    known.index.within(x - reach, y - reach, x + reach, y + reach, function (k) {
      var dx = (shown[k].x - x) * scale, dy = (shown[k].y - y) * scale, most = shown[k].radius + slack;
      if (k > found && dx * dx + dy * dy <= most * most) { found = k; }
    });
    return found < 0 ? null : shown[found];
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
    var theme = this.theme();
    if (theme && theme.gridWords) { return words.concat(theme.gridWords(this, this.themed.raw, id)); }
    if (this.view.shading === 'community' && !(theme && theme.counts)) {
      if (id in counts) { words.push(counts[id] === null ? '本社区人数从略' : '本社区过渡期党员 ' + counts[id] + ' 名'); }
      return words;
    }
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
