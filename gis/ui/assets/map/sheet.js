/* The boxes over the map. On a desk the card stands at the right; on a phone it is a sheet over the foot of the map,
   half or full, and the filters are a sheet that one button opens. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var P = J.Street.prototype;
  var PHONE = '(max-width:700px),(max-height:500px)', UPRIGHT = '(max-width:700px) and (min-height:501px)';
  var HALF = 0.46, AWAY = 0.22, TAP_PX = 8;

  J.isPhone = function () { return window.matchMedia(PHONE).matches; };

  /* Whether the card is a sheet now. */
  P.isSheet = function () { return window.matchMedia(UPRIGHT).matches && !this.isBeside(); };

  /* A map beside something else has its card in the page. */
  P.isBeside = function () { return this.root.classList.contains('jj-short'); };

  P.setUpSheet = function () {
    var legend = this.legend, button = legend.querySelector('button'), self = this;
    function fold(isFolded) {
      legend.classList.toggle('jj-folded', isFolded);
      button.setAttribute('aria-expanded', String(!isFolded));
      self.labels.redraw();
    }
    fold(J.isPhone());
    button.onclick = function () { fold(!legend.classList.contains('jj-folded')); };
    [legend, this.card].forEach(function (box) {
      L.DomEvent.disableClickPropagation(box);
      L.DomEvent.disableScrollPropagation(box);
    });
    /* Heard on the way in: the map itself stops the wheel */
    ['pointerdown', 'wheel', 'keydown'].forEach(function (name) {
      self.root.addEventListener(name, function () { self.isTouched = true; }, { passive: true, capture: true });
    });
    this.map.on('click', function (event) { self.clickedAt = self.tool ? null : event.latlng; });
    this.setUpFilters();
    this.setUpDrag();
    this.watchRoom();
    this.root.setAttribute('data-ready', '');
  };

  /* ---- filters of a phone ---- */
  P.setUpFilters = function () {
    var button = this.root.querySelector('.jj-filters-button'), root = this.root;
    if (!button) { return; }
    function open(isOpen) {
      root.classList.toggle('jj-filters-open', isOpen);
      button.setAttribute('aria-expanded', String(isOpen));
      J.bindText(button, isOpen ? '完成' : '筛选');
    }
    open(false);
    button.onclick = function () { open(!root.classList.contains('jj-filters-open')); };
    root.querySelector('.jj-scrim').onclick = function () { open(false); };
  };

  /* ---- the room that the page leaves ---- */
  P.watchRoom = function () {
    var page = this.root.closest('[data-testid=stMainBlockContainer]'), self = this;
    this.takeRoom();
    if (!page || !window.ResizeObserver) { return; }
    this.pageObserver = new window.ResizeObserver(function () { self.takeRoom(); });
    this.pageObserver.observe(page);
    this.map.on('unload', function () { self.pageObserver.disconnect(); });
  };

  P.takeRoom = function () {
    var main = this.root.closest('[data-testid=stMain]'), box = this.root.getBoundingClientRect();
    var above = Math.round(box.top + (main ? main.scrollTop : window.pageYOffset));
    if (above === this.above) { return; }
    this.root.style.setProperty('--jj-above', above + 'px');
    if (this.above !== undefined) { this.lookAgain(); }
    this.above = above;
  };

  /* The street, or what the theme looks at, again in the room that is left; not where somebody has chosen the view. */
  P.lookAgain = function () {
    var theme = this.theme(), bounds = theme && theme.bounds ? theme.bounds(this.themed.raw) : null, view = this.view;
    if (this.isTouched || this.isBeside() || !view || view.selected || view.focus || this.draft) { return; }
    this.map.invalidateSize({ animate: false, pan: false });
    if (bounds && bounds.isValid()) { this.fit(bounds, { padding: [40, 40], maxZoom: 17, animate: false }); }
    else if (this.map.jiujinBox && !(view.filter && view.filter.grids.length)) { this.fit(this.map.jiujinBox, { padding: [16, 16], animate: false }); }
  };

  /* ---- the card ---- */
  P.showCard = function (card, pick) {
    var title = card ? card.kind + card.title : '', isNew = Boolean(title) && title !== this.cardTitle;
    this.cardTitle = title;
    J.showCard(this.card, card, pick);
    if (isNew || !card) { this.setSheet('half'); }
    if (this.root.classList.contains('jj-has-card') !== Boolean(card)) {
      this.root.classList.toggle('jj-has-card', Boolean(card));
      this.labels.redraw(); /* none under the card, and back when it has gone */
    }
    if (isNew && this.clickedAt) { this.keepInSight(this.clickedAt); }
    this.clickedAt = null;
  };

  P.setSheet = function (size) {
    this.card.style.height = '';
    this.card.setAttribute('data-sheet', size);
    var handle = this.card.querySelector('.jj-handle');
    if (handle) { handle.setAttribute('aria-label', size === 'half' ? '展开卡片' : '收起卡片'); }
  };

  /* What the boxes cover at the four sides of the map, in pixels. */
  P.clearOf = function (hasCard) {
    var size = this.map.getSize(), clear = { left: 0, top: this.search && !this.search.box.hidden ? 56 : 0, right: 0, bottom: 24 };
    if (!hasCard || this.isBeside()) { return clear; }
    if (this.isSheet()) { clear.bottom = Math.round(size.y * HALF); }
    else { clear.right = Math.min(346, Math.round(size.x / 2)); }
    return clear;
  };

  P.keepInSight = function (latlng) {
    var clear = this.clearOf(true);
    this.map.panInside(latlng, { paddingTopLeft: [clear.left + 30, clear.top + 30], paddingBottomRight: [clear.right + 30, clear.bottom + 30] });
  };

  /* The head of the sheet is pulled up, down, or right away; a tap changes between half and full. */
  P.setUpDrag = function () {
    var card = this.card, self = this, from = null;
    card.onpointerdown = function (event) {
      if (!self.isSheet() || !event.target.closest || !event.target.closest('.jj-card-top') || event.target.closest('.jj-close')) { return; }
      from = { y: event.clientY, height: card.offsetHeight, id: event.pointerId, moved: 0 };
      card.setPointerCapture(event.pointerId);
    };
    card.onpointermove = function (event) {
      if (!from || event.pointerId !== from.id) { return; }
      from.moved = Math.max(from.moved, Math.abs(event.clientY - from.y));
      if (from.moved < TAP_PX) { return; }
      card.classList.add('jj-dragged');
      card.style.height = Math.max(60, Math.min(self.root.clientHeight - 8, from.height + from.y - event.clientY)) + 'px';
    };
    card.onpointerup = function () {
      if (!from) { return; }
      var share = card.offsetHeight / self.root.clientHeight, wasTap = from.moved < TAP_PX;
      from = null;
      card.classList.remove('jj-dragged');
      if (wasTap) { self.setSheet(card.getAttribute('data-sheet') === 'half' ? 'full' : 'half'); return; }
      if (share < AWAY) { self.setSheet('half'); self.pick({ kind: 'none', id: 0 }); return; }
      self.setSheet(share > (HALF + 1) / 2 ? 'full' : 'half');
    };
    card.onclick = function (event) { /* a key pressed on the handle */
      if (event.detail === 0 && event.target.classList.contains('jj-handle')) {
        self.setSheet(card.getAttribute('data-sheet') === 'half' ? 'full' : 'half');
      }
    };
    card.onpointercancel = function () {
      from = null;
      card.classList.remove('jj-dragged');
      self.setSheet(card.getAttribute('data-sheet') || 'half');
    };
  };
})();
