/* The map of the wall: street, community, grid, building, as counts; one step down by a click, up by the path above. */
(function () {
  'use strict';
  var W = window.JiujinWall;
  var PAD = [64, 24, 58, 24]; /* room for the path above and the legend below */

  var MEASURES = ['transition', 'grouped', 'served'];

  W.Map = function (root) {
    this.root = root;
    this.box = root.querySelector('.jjw-map');
    this.names = root.querySelector('.jjw-names');
    this.canvases = root.querySelectorAll('.jjw-map canvas');
    this.layers = {};
    this.urls = {};
    this.focus = { community: null, grid: null };
    this.measure = 'transition';
    this.front = 0;
    this.box.addEventListener('click', this.onClick.bind(this));
    this.box.addEventListener('keydown', this.onKey.bind(this));
  };

  var P = W.Map.prototype;

  P.show = function (data, layers) {
    var self = this;
    this.data = data;
    this.byGrid = {};
    this.byCode = {};
    data.grids.forEach(function (one) { self.byGrid[one.id] = one; });
    data.communities.forEach(function (one) { self.byCode[one.code] = one; });
    if (this.focus.community !== null && !this.byCode[this.focus.community]) { this.focus = { community: null, grid: null }; }
    if (this.focus.grid !== null && !this.byGrid[this.focus.grid]) { this.focus.grid = null; }
    this.draw();
    return Promise.all(Object.keys(W.readLayer).map(function (name) { return self.fetchInto(name, layers[name]); }));
  };

  P.fetchInto = function (name, url) {
    var self = this;
    if (!url || this.urls[name] === url) { return Promise.resolve(); }
    this.urls[name] = url;
    return window.Jiujin.fetchLayer(url).then(function (raw) {
      if (self.urls[name] !== url) { return; }
      self.layers[name] = W.readLayer[name](raw);
      self.draw();
    }).catch(function (error) {
      delete self.urls[name]; /* the next refresh tries again */
      window.console.warn(String(error));
    });
  };

  P.resize = function () { if (this.data) { this.draw(); } };

  /* Where one stands: {level, node, items}; an item is what has a figure and a name on the map. */
  P.place = function () {
    var data = this.data, focus = this.focus;
    if (focus.grid !== null) {
      var at = this.byGrid[focus.grid];
      return { level: 'grid', node: at, items: (data.buildings[at.id] || []).map(function (b) { return { key: b[0], c: b.slice(1, 4), n: b[4] }; }) };
    }
    if (focus.community !== null) {
      var inside = data.grids.filter(function (one) { return one.code === focus.community; });
      return { level: 'community', node: this.byCode[focus.community], items: inside.map(function (one) { return { key: one.id, c: one.c, n: one.n }; }) };
    }
    return { level: 'street', node: data.street, items: data.communities.map(function (one) { return { key: one.code, c: one.c, n: one.n }; }) };
  };

  P.value = function (counts) {
    if (this.measure === 'transition') { return counts[0]; }
    return W.share(counts[this.measure === 'grouped' ? 1 : 2], counts[0]);
  };

  P.word = function (counts) {
    var value = this.value(counts);
    if (this.measure === 'transition') { return W.figure(value); }
    return value === null ? (counts[0] === 0 ? '—' : '略') : W.figure(value) + '%';
  };

  /* The lowest value of each step. */
  P.steps = function (items) {
    var self = this;
    if (this.measure !== 'transition') { return [0, 40, 60, 80, 95]; }
    var values = items.map(function (one) { return self.value(one.c); }).filter(function (v) { return v; });
    values = values.filter(function (v, k) { return values.indexOf(v) === k; }).sort(function (a, b) { return a - b; });
    if (values.length <= 5) { return values; }
    return [0, 0.2, 0.4, 0.6, 0.8].map(function (q) { return values[Math.floor(q * values.length)]; });
  };

  P.colour = function (lows, counts) {
    var value = this.value(counts), k = lows.length - 1;
    if (value === null) { return W.LOOK.blank; }
    if (!counts[0]) { return W.LOOK.none; }
    while (k > 0 && value < lows[k]) { k--; }
    return W.LOOK.steps[lows.length < 5 ? k + 5 - Math.max(1, lows.length) : k];
  };

  P.indexes = function (test) {
    var raw = this.layers.grids.raw, self = this, found = [];
    raw.id.forEach(function (id, k) { if (self.byGrid[id] && test(self.byGrid[id])) { found.push(k); } });
    return found;
  };

  P.draw = function () {
    var place = this.place(), lows = this.steps(place.items);
    this.lows = lows;
    this.showPath(place);
    this.showLegend(place);
    this.box.setAttribute('data-level', place.level);
    if (!this.layers.grids || !this.layers.grids.raw.id.length) { return; }
    var scene = this.scene(place, lows), ratio = (W.scale || 1) * (window.devicePixelRatio || 1);
    var key = place.level + ' ' + this.focus.community + ' ' + this.focus.grid + ' ' + this.measure;
    var isMove = this.drawn !== undefined && this.drawn !== key;
    this.drawn = key;
    if (isMove) { this.front = 1 - this.front; }
    W.drawGround(this.canvases[this.front], this.layers, scene, ratio);
    this.canvases[this.front].classList.add('jjw-on');
    this.canvases[1 - this.front].classList.remove('jjw-on');
    this.view = scene.view;
    W.nameItems(this, place, scene);
    this.box.setAttribute('data-drawn', Object.keys(this.layers).sort().join(' '));
  };

  P.scene = function (place, lows) {
    var grids = this.layers.grids, self = this, fills = {}, hatched = {}, isHere = null, focus = this.focus, grid = null;
    var here = this.indexes(function (one) {
      return focus.grid !== null ? one.id === focus.grid : focus.community === null || one.code === focus.community;
    });
    if (focus.community !== null) {
      isHere = {};
      here.forEach(function (k) { isHere[k] = true; });
    }
    if (focus.grid !== null) { grid = here[0]; }
    grids.raw.id.forEach(function (id, k) {
      var one = self.byGrid[id], counts = one && (focus.community === null ? (self.byCode[one.code] || one).c : one.c);
      if (!one || focus.grid !== null) { return; }
      fills[k] = self.colour(lows, counts);
      hatched[k] = fills[k] === W.LOOK.blank && (!isHere || isHere[k]);
    });
    var all = this.around(place) || W.union(grids.boxes, here.length ? here : this.indexes(function () { return true; }));
    var name = focus.community !== null ? this.byCode[focus.community].n : null;
    return {
      view: W.viewOf(all, this.box.offsetWidth, this.box.offsetHeight, PAD), fills: fills, hatched: hatched, isHere: isHere,
      grid: grid, chosen: name === null ? -1 : grids.raw.communities.name.indexOf(name), lit: this.lit(place, lows)
    };
  };

  /* Inside a grid: around the houses that have a figure, with some room; null where there are none. */
  P.around = function (place) {
    var buildings = this.layers.buildings, least = 150 / 40075016.7;
    if (place.level !== 'grid' || !buildings) { return null; }
    var keys = place.items.map(function (one) { return buildings.number[one.key]; }).filter(function (k) { return k !== undefined; });
    var box = W.union(buildings.boxes, keys);
    return box && [box[0] - least / 2, box[1] - least / 2, box[2] + least / 2, box[3] + least / 2];
  };

  P.lit = function (place, lows) {
    var number = this.layers.buildings && this.layers.buildings.number, self = this, lit = {};
    if (place.level !== 'grid' || !number) { return null; }
    place.items.forEach(function (one) {
      if (one.key in number) { lit[number[one.key]] = self.colour(lows, one.c); }
    });
    return lit;
  };

  P.go = function (community, grid) {
    this.focus = { community: community, grid: grid === undefined ? null : grid };
    this.draw();
  };

  P.up = function () {
    if (this.focus.grid !== null) { this.go(this.focus.community); } else if (this.focus.community !== null) { this.go(null); }
  };

  /* What the rotation does: the whole with each of its figures in turn, then every community that has figures inside. */
  P.next = function () {
    var data = this.data, stops = MEASURES.map(function (measure) { return { measure: measure, code: null }; }), self = this;
    data.communities.forEach(function (one) {
      var isTold = data.grids.some(function (grid) { return grid.code === one.code && grid.c[0]; });
      if (isTold) { stops.push({ measure: 'transition', code: one.code }); }
    });
    var at = stops.findIndex(function (stop) { return stop.code === self.focus.community && (stop.code !== null || stop.measure === self.measure); });
    var stop = stops[(at + 1) % stops.length];
    this.measure = stop.measure;
    W.showMeasures(this);
    this.go(stop.code);
  };

  P.open = function (level, key) {
    if (level === 'street') { this.go(key); } else if (level === 'community') { this.go(this.focus.community, key); }
  };

  P.onClick = function (event) {
    var name = event.target.closest('[data-item]'), grids = this.layers.grids;
    if (name) { this.open(this.place().level, itemKey(name)); return; }
    if (!event.target.closest('canvas') || !grids || !this.view) { return; }
    var box = this.box.getBoundingClientRect(), scale = box.width / this.box.offsetWidth;
    var x = ((event.clientX - box.left) / scale - this.view.dx) / this.view.scale;
    var y = ((event.clientY - box.top) / scale - this.view.dy) / this.view.scale;
    var at = this.byGrid[grids.raw.id[window.Jiujin.ownerAt(grids.paths, x, y)]];
    if (!at) { return; }
    if (this.focus.community === null || at.code !== this.focus.community) { this.go(at.code); } else { this.go(at.code, at.id); }
  };

  function itemKey(element) {
    var key = element.getAttribute('data-item');
    return element.getAttribute('data-number') ? Number(key) : key;
  }

  var ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  /* A remote control has arrows, one key to go in and one to go back. */
  P.onKey = function (event) {
    if (event.key === 'Escape' || event.key === 'Backspace') { this.up(); this.focusFirst(); event.preventDefault(); return; }
    var way = ARROWS[event.key], from = document.activeElement, best = null, least = Infinity;
    if (!way || !from || !from.hasAttribute('data-item')) { return; }
    event.preventDefault();
    Array.prototype.forEach.call(this.names.children, function (one) {
      var dx = one.jjAt[0] - from.jjAt[0], dy = one.jjAt[1] - from.jjAt[1], along = dx * way[0] + dy * way[1];
      var cost = along + 2.5 * Math.abs(dx * way[1] + dy * way[0]);
      if (one !== from && along > 1 && cost < least) { best = one; least = cost; }
    });
    if (best) { best.focus(); }
  };

  P.focusFirst = function () {
    var first = this.names.firstChild || this.box;
    first.focus({ preventScroll: true });
  };

  /* 全街道 › 社区 › 网格; every step but the last leads back. */
  P.showPath = function (place) {
    var steps = [[this.data.street.n, null, null]], focus = this.focus, self = this;
    if (focus.community !== null) { steps.push([this.byCode[focus.community].n, focus.community, null]); }
    if (focus.grid !== null) { steps.push([this.byGrid[focus.grid].n, focus.community, focus.grid]); }
    var box = this.root.querySelector('.jjw-path'), text = steps.map(function (s) { return s[0]; }).join('\n');
    W.write(this.root.querySelector('.jjw-sum'), W.sumOf(this, place));
    if (this.pathText === text) { return; }
    this.pathText = text;
    while (box.firstChild) { box.removeChild(box.firstChild); }
    steps.forEach(function (step, k) {
      var isLast = k === steps.length - 1, made = W.add(box, isLast ? 'span' : 'button', '', step[0]);
      if (isLast) { made.setAttribute('aria-current', 'location'); return; }
      made.type = 'button';
      made.onclick = function () { self.go(step[1]); };
      W.add(box, 'i', '', '›');
    });
  };
})();
