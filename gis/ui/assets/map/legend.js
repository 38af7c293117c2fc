/* What the legend says follows from what is drawn. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var C = J.COLOURS, P = J.Street.prototype;

  P.drawLegend = function () {
    var rows = this.view.mode === 'look' && (!this.draft || this.draft.raw.kind === 'ground') ? this.peopleRows() : [];
    if (this.theme()) { rows = this.theme().hides && this.theme().hides.people ? this.themeRows() : this.themeRows().concat(rows); }
    if (this.draft) { rows = rows.concat(this.draftRows()); }
    rows = rows.concat(this.placeRows(), this.gridRows(), this.groundRows());
    J.showLegend(this.legend, rows, this.hidden, this.toggle.bind(this));
  };

  P.peopleRows = function () {
    var people = this.have.people, rows = [];
    if (!people) { return rows; }
    var kinds = {}, rough = 0;
    J.gather(people.raw, people.at, this.left).forEach(function (home) {
      kinds[home.what] = true;
      rough = rough || home.rough;
    });
    var isShown = !this.hidden.people && this.left.length > 0;
    rows.push({ title: this.hidden.people ? '党员住处未显示' : '图上党员 ' + this.left.length + ' 名' });
    rows.push({ text: '党员住处', toggle: 'people', shape: home(kinds.grouped ? 'grouped' : kinds.ungrouped ? 'ungrouped' : 'other') });
    if (isShown && kinds.grouped) { rows.push({ text: '已编组', shape: home('grouped') }); }
    if (isShown && kinds.ungrouped) { rows.push({ text: '未编组', shape: home('ungrouped') }); }
    if (isShown && kinds.mixed) { rows.push({ text: '同楼有已编、未编', shape: home('mixed') }); }
    if (isShown && kinds.other) { rows.push({ text: '不在过渡期', shape: home('other') }); }
    if (isShown && rough) { rows.push({ text: '只到小区或网格', shape: { shape: 'home', radius: 4.5, what: kinds.grouped ? 'grouped' : 'ungrouped', isRough: true, count: 1 } }); }
    rows = rows.concat(this.groupRows());
    var out = this.leftOut(), names = Object.keys(out);
    if (names.length) {
      rows.push({ title: '未上图：' + names.map(function (name) { return name + ' ' + out[name] + ' 名'; }).join('，') });
    }
    return rows;
  };

  P.leftOut = function () {
    var counts = {}, filter = this.view.filter;
    this.have.people.raw.out.forEach(function (one) {
      if (J.passes(one.t, one.s, one.b, one.g, one.a, filter)) { counts[one.why] = (counts[one.why] || 0) + 1; }
    });
    return counts;
  };

  function home(what) { return { shape: 'home', radius: 5.5, what: what, count: 1 }; }

  P.gridRows = function () {
    var lows = this.lows || [], counts = this.have.grids ? this.countsByGrid() : {}, steps = [];
    var isBlank = Object.keys(counts).some(function (id) { return counts[id] === null; });
    if ((!lows.length && !isBlank) || !this.have.grids.raw.id.length) { return []; }
    lows.forEach(function (low, k) {
      var high = k + 1 < lows.length ? lows[k + 1] - 1 : null;
      steps.push({ colour: J.stepColour(lows, k), text: high === null ? low + '+' : high === low ? String(low) : low + '–' + high });
    });
    if (isBlank) { steps.push({ colour: C.blank, text: '从略' }); }
    var theme = this.theme(), said = theme && theme.shading ? theme.shading(this, this.themed.raw) :
      this.view.shading === 'community' ? '社区内过渡期党员数（名）' : '网格内党员数（名）';
    var rows = [{ text: said, toggle: 'grids', fill: C.steps[2], edge: '#8d8371' }, { ramp: steps }];
    return this.hidden.grids ? rows.slice(0, 1) : rows;
  };

  P.groundRows = function () {
    var rows = [];
    if (this.have.buildings && this.have.buildings.raw.id.length) { rows.push({ text: '楼栋', toggle: 'buildings', fill: '#cbc7c0' }); }
    if (this.have.roads && this.have.roads.kinds.length) {
      rows.push({ text: '道路', toggle: 'roads', line: { colour: '#cfc7b8', width: 5 } });
    }
    rows.push({ text: '名称', toggle: 'labels', fill: '#ffffff' });
    return rows;
  };
})();
