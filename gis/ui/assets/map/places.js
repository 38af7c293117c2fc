/* Where groups may meet: host households and venues. Filled: seats free; hollow with a bar: full; grey and dashed: not in
   use yet, or not now. A blue wedge: no steps. Nothing here carries a person's name. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var P = J.Street.prototype;
  var STATES = {
    hosts: { free: '有空席', full: '已坐满', proposed: '拟设，尚不能用', suspended: '暂停使用' },
    venues: { free: '有空席', full: '已坐满', proposed: '候选，尚不能用', suspended: '暂停使用' }
  };

  /* `u` is set where it is not in use; `t` is null where the number of members is too small to be told */
  J.placeState = function (place) {
    if (place.u) { return place.u; }
    return place.t !== null && place.t >= place.n ? 'full' : 'free';
  };

  J.placeWords = function (place, kind) {
    var state = J.placeState(place), words = ['可容纳 ' + place.n + ' 人'], more = [];
    if (place.u) { words.push(STATES[kind][state]); } else if (place.t === null) { words.push('已安排人数从略'); } else {
      words.push('已安排 ' + place.t + ' 人，' + (state === 'full' ? '没有空席' : '空余 ' + (place.n - place.t) + ' 席'));
    }
    if (place.fl !== null) { more.push(place.fl + ' 层'); }
    if (place.sf !== null) { more.push(place.sf ? '无障碍进出' : '有台阶'); }
    if (more.length) { words.push(more.join('，')); }
    if (place.eq.length) { words.push(place.eq.join('、')); }
    return words;
  };

  P.drawPlaces = function () {
    var places = this.have.places;
    this.followRange();
    if (!places) { return; }
    if (!this.hidden.hosts && !this.isInTheWay('hosts')) { this.drawPlacesOf('hosts', 'host', function () { return '党员中心户'; }); }
    if (!this.hidden.venues && !this.isInTheWay('venues')) { this.drawPlacesOf('venues', 'venue', function (one) { return one.name; }); }
  };

  /* Some things are drawn from a zoom on: the legend says what is drawn. */
  P.followRange = function () {
    var zoom = this.map.getZoom(), range = [15, 15.5, 16].filter(function (from) { return zoom >= from; }).length, before = this.range;
    this.range = range;
    if (before !== undefined && before !== range) { this.drawLegend(); }
  };

  /* Those with room on top of those without. */
  P.drawPlacesOf = function (kind, shape, named) {
    var self = this, zoom = this.map.getZoom(), r = zoom < 14 ? 5 : zoom < 16 ? 6.5 : 8, order = { proposed: 0, suspended: 0, full: 1, free: 2 };
    this.have.places.raw[kind].slice().sort(function (a, b) { return order[J.placeState(a)] - order[J.placeState(b)]; }).forEach(function (one) {
      self.addSymbol({ shape: shape, radius: r, state: J.placeState(one), isStepFree: one.sf === 1 && zoom >= 16 }, one.y, one.x);
      self.note({ kind: shape, id: one.id }, one.y, one.x, r, [named(one)].concat(J.placeWords(one, kind)));
    });
  };

  P.placeRows = function () {
    var places = this.have.places, rows = [], self = this, isAnyStepFree = false;
    [['hosts', 'host', '党员中心户'], ['venues', 'venue', '阵地']].forEach(function (kind) {
      var list = places ? places.raw[kind[0]] : [], seen = {};
      if (!list.length || self.isInTheWay(kind[0])) { return; }
      list.forEach(function (one) {
        seen[J.placeState(one)] = true;
        isAnyStepFree = isAnyStepFree || (one.sf === 1 && !self.hidden[kind[0]]);
      });
      var states = ['free', 'full', 'proposed', 'suspended'].filter(function (state) { return seen[state]; });
      var only = states.length === 1 ? '（' + STATES[kind[0]][states[0]] + '）' : '';
      rows.push({ text: kind[2] + only, toggle: kind[0], shape: { shape: kind[1], radius: 8, state: states[0] } });
      if (self.hidden[kind[0]] || only) { return; }
      states.forEach(function (state) {
        rows.push({ text: STATES[kind[0]][state], shape: { shape: kind[1], radius: 7, state: state } });
      });
    });
    if (isAnyStepFree && this.map.getZoom() >= 16) { rows.push({ text: '无障碍进出', shape: { shape: 'stepfree', radius: 6 } }); }
    return rows;
  };
})();
