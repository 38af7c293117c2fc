/* The field above the map: answers while typing, flies there, opens the card. What is typed is posted, so that no name
   stands in an address; nothing is kept. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var C = J.COLOURS, P = J.Street.prototype;
  var ADDRESS = '/gis/search', WAIT_MS = 140, LONGEST = 40;
  var ZOOMS = { building: 18, host: 18, venue: 18, member: 18, estate: 17.5, grid: 17.5, community: 16.5 };
  var EVERYTHING = '查找党员、小区、楼栋、网格、组织', GROUND = '查找小区、楼栋、网格、组织';

  P.setUpSearch = function () {
    var box = this.root.querySelector('.jj-search'), self = this;
    if (!box || this.isBeside()) { return; } /* one field a page */
    this.found = { group: L.layerGroup().addTo(this.map), label: null };
    L.DomEvent.disableClickPropagation(box);
    L.DomEvent.disableScrollPropagation(box);
    while (box.firstChild) { box.removeChild(box.firstChild); }
    var s = this.search = { box: box, hits: [], active: -1, asked: '', number: 0 };
    s.input = field(box);
    s.clear = J.add(box, 'button', 'jj-search-clear', '×');
    s.clear.type = 'button';
    s.clear.title = '清除';
    s.clear.setAttribute('aria-label', '清除');
    s.clear.hidden = true;
    s.list = J.add(box, 'ul', 'jj-search-list');
    s.list.id = 'jj-search-list';
    s.list.setAttribute('role', 'listbox');
    s.list.setAttribute('aria-label', '查找结果');
    s.said = J.add(box, 'div', 'jj-search-said');
    s.said.setAttribute('role', 'status');
    s.list.hidden = s.said.hidden = true;
    s.input.oninput = function (event) { if (!event.isComposing) { self.typed(); } };
    s.input.addEventListener('compositionend', function () { self.typed(); });
    s.input.onkeydown = function (event) { self.searchKey(event); };
    s.input.onfocus = function () { if (s.hits.length) { self.showHits(); } };
    s.input.onblur = function () { self.closeHits(); };
    s.clear.onclick = function () { self.clearSearch(); s.input.focus(); };
    s.list.onpointerdown = function (event) { event.preventDefault(); }; /* the field keeps the focus */
  };

  function field(box) {
    var input = J.add(box, 'input', 'jj-search-field');
    var said = {
      type: 'text', role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': 'jj-search-list',
      autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', enterkeyhint: 'search', maxlength: LONGEST
    };
    Object.keys(said).forEach(function (name) { input.setAttribute(name, said[name]); });
    return input;
  }

  /* Only where one looks at the street, not beside something else; members only for who may see them. */
  P.followSearch = function () {
    var s = this.search;
    if (!s) { return; }
    s.box.hidden = this.view.mode !== 'look' || this.view.short || Boolean(this.draft && this.draft.raw.kind !== 'ground');
    var key = this.view.selected ? this.view.selected.kind + this.view.selected.id : '';
    if (key !== s.key && key !== this.found.key) { this.showFound(null); } /* something else has been chosen */
    s.key = key;
    s.input.placeholder = this.view.layers.people ? EVERYTHING : GROUND;
    s.input.setAttribute('aria-label', '在图上查找');
  };

  P.typed = function () {
    var s = this.search, text = s.input.value.trim(), self = this;
    s.clear.hidden = !s.input.value;
    window.clearTimeout(s.timer);
    if (text === s.asked) { return; }
    s.asked = text;
    s.number += 1;
    if (!text) { s.hits = []; this.closeHits(); return; }
    s.timer = window.setTimeout(function () { self.ask(text, s.number); }, WAIT_MS);
  };

  P.ask = function (text, number) {
    var s = this.search, self = this;
    window.fetch(ADDRESS, {
      method: 'POST', credentials: 'same-origin', cache: 'no-store', headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ q: text })
    }).then(function (answer) {
      if (answer.status === 401) { window.location.reload(); }
      return answer.json();
    }).then(function (found) {
      if (self.isGone || number !== s.number) { return; } /* more has been typed */
      s.hits = found.hits || [];
      s.words = found.error || (s.hits.length ? '' : '没有找到“' + text + '”');
      self.showHits();
    }).catch(function (error) {
      window.console.error(error);
      if (self.isGone || number !== s.number) { return; }
      s.asked = '';
      s.hits = [];
      s.words = '没有查到，请再试一次';
      self.showHits();
    });
  };

  P.showHits = function () {
    var s = this.search, self = this;
    while (s.list.firstChild) { s.list.removeChild(s.list.firstChild); }
    s.hits.forEach(function (hit, k) {
      var row = J.add(s.list, 'li', 'jj-hit'), words = J.add(row, 'span', 'jj-hit-words');
      row.id = 'jj-hit-' + k;
      row.setAttribute('role', 'option');
      J.add(row, 'span', 'jj-hit-kind', hit.label);
      J.add(words, 'span', 'jj-hit-name', hit.name);
      if (hit.detail) { J.add(words, 'span', 'jj-hit-detail', hit.detail); }
      if (!leads(hit)) { row.setAttribute('aria-disabled', 'true'); }
      row.onclick = function () { self.choose(k); };
      row.onpointermove = function () { self.setActive(k); };
    });
    s.active = -1;
    for (var k = 0; k < s.hits.length && s.active < 0; k++) { if (leads(s.hits[k])) { this.setActive(k); } }
    s.list.hidden = !s.hits.length;
    s.said.hidden = !s.words || s.hits.length > 0;
    J.bindText(s.said, s.words || '找到 ' + s.hits.length + ' 条');
    s.input.setAttribute('aria-expanded', String(!s.list.hidden));
    /* what the keyboard of a phone leaves */
    var seen = window.visualViewport ? window.visualViewport.height : window.innerHeight;
    s.list.style.maxHeight = Math.max(140, Math.min(440, Math.round(seen - s.input.getBoundingClientRect().bottom - 16))) + 'px';
  };

  function leads(hit) { return Boolean(hit.box || hit.card); }

  P.setActive = function (k) {
    var s = this.search, rows = s.list.children;
    if (s.active === k) { return; }
    s.active = k;
    for (var i = 0; i < rows.length; i++) { rows[i].setAttribute('aria-selected', String(i === k)); }
    if (k >= 0) {
      s.input.setAttribute('aria-activedescendant', 'jj-hit-' + k);
      if (rows[k].scrollIntoView) { rows[k].scrollIntoView({ block: 'nearest' }); }
    } else { s.input.removeAttribute('aria-activedescendant'); }
  };

  P.closeHits = function () {
    var s = this.search;
    s.list.hidden = s.said.hidden = true;
    s.active = -1;
    s.input.setAttribute('aria-expanded', 'false');
    s.input.removeAttribute('aria-activedescendant');
  };

  P.clearSearch = function () {
    var s = this.search;
    s.input.value = s.asked = '';
    s.number += 1;
    s.hits = [];
    s.clear.hidden = true;
    this.closeHits();
    this.showFound(null);
  };

  P.searchKey = function (event) {
    var s = this.search, isOpen = !s.list.hidden;
    if (event.isComposing || event.keyCode === 229) { return; } /* the input method takes the key */
    if (event.key === 'Escape') {
      if (isOpen || !s.said.hidden) { this.closeHits(); } else { this.clearSearch(); }
    } else if (event.key === 'Enter') {
      if (isOpen && s.active >= 0) { this.choose(s.active); } else { s.asked = ''; this.typed(); }
    } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && s.hits.length) {
      if (isOpen) { this.setActive((s.active + (event.key === 'ArrowDown' ? 1 : s.hits.length - 1)) % s.hits.length); }
      else { this.showHits(); }
    } else { return; }
    event.preventDefault();
    event.stopPropagation();
  };

  P.choose = function (k) {
    var s = this.search, hit = s.hits[k];
    if (!hit || !leads(hit)) { return; }
    s.input.value = hit.name;
    s.asked = hit.name;
    s.clear.hidden = false;
    this.closeHits();
    if (window.matchMedia('(pointer:coarse)').matches) { s.input.blur(); } /* the keyboard makes room */
    if (hit.kind === 'org') { this.showFound(null); this.lookAtGround(hit); return; }
    this.showFound(hit);
    this.clickedAt = null;
    this.flownKey = hit.card ? hit.card.kind + hit.card.id : '';
    if (hit.card) { this.pick(hit.card); }
    else if (this.view.card) { this.pick({ kind: 'none', id: 0 }); }
    this.flyTo(hit.box, ZOOMS[hit.kind] || 18, Boolean(hit.card));
  };

  P.lookAtGround = function (hit) {
    var draft = this.draft;
    if (draft && draft.raw.place === 'org-' + hit.id && draft.bounds) { this.fit(draft.bounds, { padding: [40, 40], maxZoom: 17 }); }
    this.pick({ kind: 'org', id: hit.id });
  };

  /* A ring around a point, a name over an area: gone with the next thing chosen. */
  P.showFound = function (hit) {
    if (!hit && !this.found.key && !this.found.label && !this.found.group.getLayers().length) { return; }
    var box = hit && hit.box, isPoint = box && box[2] - box[0] < 1e-5 && box[3] - box[1] < 1e-5;
    this.found.group.clearLayers();
    this.found.label = null;
    this.found.key = hit && hit.card ? hit.card.kind + hit.card.id : '';
    if (box && isPoint) {
      this.found.group.addLayer(new J.Symbol([box[1], box[0]], {
        shape: 'ring', radius: 15, renderer: this.canvas['jj-marks'], pane: 'jj-marks', interactive: false
      }));
    }
    if (box && (hit.kind === 'estate' || hit.kind === 'community')) {
      this.found.label = {
        text: hit.name, lon: (box[0] + box[2]) / 2, lat: (box[1] + box[3]) / 2, size: 16, weight: 700, colour: C.place, must: true
      };
    }
    this.labels.redraw();
  };

  /* The part of the map that neither card nor field covers. */
  P.flyTo = function (box, zoom, hasCard) {
    if (!box) { return; }
    var bounds = L.latLngBounds([box[1], box[0]], [box[3], box[2]]), clear = this.clearOf(hasCard);
    var options = {
      paddingTopLeft: [clear.left + 24, clear.top + 24], paddingBottomRight: [clear.right + 24, clear.bottom + 24], maxZoom: zoom
    };
    var isStill = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    J.showTip(this.tip, [], null);
    this.map.stop();
    if (isStill) { this.fit(bounds, options); return; }
    options.duration = 0.6;
    this.map.flyToBounds(bounds, options);
  };
})();
