/* Choosing members and places of a plan by hand: click, or draw around; only ids go back to Python. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var C = J.COLOURS, P = J.Street.prototype;

  P.isEditing = function () { return !!this.view && this.view.mode === 'edit'; };

  /* What Python knows is chosen. An answer to an older click than the last one is no news. */
  P.followPicked = function () {
    var view = this.view, self = this;
    this.stamp = this.stamp || 0;
    if (view.stamp >= this.stamp) {
      this.stamp = view.stamp;
      this.picked = {};
      view.picked.forEach(function (id) { self.picked[id] = true; });
    }
    this.followTools();
  };

  P.pickedIds = function () {
    var picked = this.picked || {};
    return Object.keys(picked).map(Number);
  };

  P.sendPicked = function () {
    this.stamp = Math.max((this.stamp || 0) + 1, 1);
    this.pick({ kind: 'members', id: 0, ids: this.pickedIds(), stamp: this.stamp });
    this.followTools();
    this.drawPeople();
  };

  /* All of a place are chosen together, and let go together; the list beside the map takes them one by one. */
  P.togglePicked = function (ids) {
    var picked = this.picked = this.picked || {};
    var isAll = ids.every(function (id) { return picked[id]; });
    ids.forEach(function (id) { if (isAll) { delete picked[id]; } else { picked[id] = true; } });
    this.sendPicked();
  };

  /* ---- tools above the map ---- */
  P.setUpTools = function () {
    var box = this.root.querySelector('.jj-tools'), self = this;
    if (!box) { return; }
    L.DomEvent.disableClickPropagation(box);
    L.DomEvent.disableScrollPropagation(box);
    box.querySelector('.jj-lasso-button').onclick = function () { self.setLasso(!self.isLasso); };
    box.querySelector('.jj-clear-button').onclick = function () { self.picked = {}; self.sendPicked(); };
    this.onKey = function (event) { if (event.key === 'Escape') { self.setLasso(false); } };
    document.addEventListener('keydown', this.onKey);
  };

  P.followTools = function () {
    var box = this.root.querySelector('.jj-tools');
    if (!box) { return; }
    box.hidden = !this.isEditing();
    if (box.hidden) { this.setLasso(false); return; }
    var count = this.pickedIds().length, clear = box.querySelector('.jj-clear-button');
    clear.hidden = !count;
    J.bindText(clear, '取消选择（' + count + ' 名）');
    this.root.setAttribute('data-picked', this.pickedIds().sort(function (a, b) { return a - b; }).join(' '));
  };

  P.setLasso = function (isOn) {
    var box = this.root.querySelector('.jj-tools');
    if (!box || this.isLasso === isOn) { return; }
    this.isLasso = isOn;
    var button = box.querySelector('.jj-lasso-button');
    button.setAttribute('aria-pressed', String(isOn));
    J.bindText(box.querySelector('.jj-tools-hint'), isOn ? '按住拖动，圈住要选的党员；Esc 退出' : '');
    if (isOn) { this.coverUp(); } else if (this.cover) { L.DomUtil.remove(this.cover); this.cover = null; }
  };

  /* A sheet over the map takes the strokes, so that the map neither moves nor zooms under them. */
  P.coverUp = function () {
    var sheet = this.cover = L.DomUtil.create('canvas', 'jj-lasso', this.root.querySelector('.jj-stage'));
    var box = this.map.getContainer().getBoundingClientRect(), self = this, path = null;
    sheet.width = box.width;
    sheet.height = box.height;
    sheet.onpointerdown = function (event) {
      if (event.button > 0 || path) { return; }
      sheet.setPointerCapture(event.pointerId);
      path = [spot(sheet, event)];
      event.preventDefault();
    };
    sheet.onpointermove = function (event) {
      if (!path) { return; }
      path.push(spot(sheet, event));
      stroke(sheet, path);
    };
    sheet.onpointerup = function () {
      var drawn = path;
      path = null;
      stroke(sheet, []);
      if (drawn && drawn.length > 2) { self.pickInside(drawn); }
    };
    sheet.onpointercancel = function () { path = null; stroke(sheet, []); };
  };

  function spot(sheet, event) {
    var box = sheet.getBoundingClientRect();
    return [(event.clientX - box.left) * sheet.width / box.width, (event.clientY - box.top) * sheet.height / box.height];
  }

  function stroke(sheet, path) {
    var ctx = sheet.getContext('2d');
    ctx.clearRect(0, 0, sheet.width, sheet.height);
    if (!path.length) { return; }
    ctx.beginPath();
    path.forEach(function (p, k) { if (k) { ctx.lineTo(p[0], p[1]); } else { ctx.moveTo(p[0], p[1]); } });
    ctx.closePath();
    ctx.fillStyle = 'rgba(181,18,27,.1)';
    ctx.fill();
    ctx.setLineDash([6, 4]);
    ctx.lineWidth = 2;
    ctx.strokeStyle = C.place;
    ctx.stroke();
  }

  P.pickInside = function (path) {
    var map = this.map, draft = this.draft, self = this, found = 0;
    if (!draft || !draft.raw.ids) { return; }
    this.picked = this.picked || {};
    draft.at.forEach(function (p, k) {
      var at = map.latLngToContainerPoint([p[1], p[0]]);
      if (draft.raw.ids[k] && isInside(path, at.x, at.y)) { self.picked[draft.raw.ids[k]] = true; found += 1; }
    });
    if (found) { this.sendPicked(); }
    J.bindText(this.root.querySelector('.jj-tools-hint'), found ? '圈中 ' + found + ' 名；可以接着圈，Esc 退出' : '圈内没有党员');
  };

  function isInside(path, x, y) {
    var odd = false;
    for (var i = 0, j = path.length - 1; i < path.length; j = i++) {
      var a = path[i], b = path[j];
      if ((a[1] > y) !== (b[1] > y) && x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0]) { odd = !odd; }
    }
    return odd;
  }

  /* ---- what is drawn ---- */
  P.drawPicked = function () {
    var draft = this.draft, self = this, trial = this.view.trial, zoom = this.map.getZoom();
    if (!draft || !draft.raw.ids) { return; }
    var moving = {};
    if (trial) { trial.ids.forEach(function (id) { moving[id] = true; }); }
    draft.at.forEach(function (p, k) {
      var id = draft.raw.ids[k];
      if (trial && moving[id]) { self.addTrial(p, trial); }
      if (self.picked && self.picked[id]) { self.addSymbol({ shape: 'ring', radius: J.homeRadius(zoom, 2) + 4 }, p[1], p[0]); }
    });
    if (trial && trial.x) { this.addSymbol({ shape: 'ring', radius: 17 }, trial.y, trial.x); }
  };

  P.addTrial = function (from, to) {
    if (!to.x) { return; }
    this.groups.lines.addLayer(L.polyline([[from[1], from[0]], [to.y, to.x]], {
      renderer: this.canvas['jj-lines'], pane: 'jj-lines', interactive: false, color: C.place, weight: 2.6, dashArray: '7 5'
    }));
  };

  /* A group picked in the list is brought into sight; one picked here is in sight already. */
  P.followGroup = function () {
    var draft = this.draft, chosen = this.view.group, key = chosen === null || chosen === undefined ? '' : String(chosen);
    if (!draft || key === (this.lookedAt || '')) { return; }
    this.lookedAt = key;
    if (!key || key === this.clicked) { return; }
    if (draft.raw.kind === 'round') { this.followTeam(chosen); return; }
    var place = draft.raw.places[chosen], bounds = L.latLngBounds([[place.y, place.x]]);
    draft.raw.lines.forEach(function (line) {
      if (line[1] === chosen) { bounds.extend([draft.at[line[0]][1], draft.at[line[0]][0]]); }
    });
    this.fit(bounds, { padding: [60, 60], maxZoom: 17 });
  };

  P.editClick = function (hit) {
    if (!hit || !hit.pick) { return; }
    if (hit.pick.kind === 'members') { this.togglePicked(hit.pick.ids); return; }
    this.clicked = hit.pick.kind === 'group' ? String(hit.pick.id) : '';
    if (hit.pick.kind === 'group' || hit.pick.kind === 'host' || hit.pick.kind === 'venue') { this.pick(hit.pick); }
  };
})();
