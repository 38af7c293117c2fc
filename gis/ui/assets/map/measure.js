/* 量距: lengths and areas on the ellipsoid; the picture itself is Mercator and some 17 % too large here. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var C = J.COLOURS, P = J.Street.prototype;
  /* CGCS2000 (GRS80): semi-major axis in metres, first eccentricity squared */
  var A = 6378137, E2 = 0.00669438002290, E = Math.sqrt(E2), RAD = Math.PI / 180;
  var HINT = '在地图上点出要量的路线；点回起点量面积；双击或按 Esc 结束';

  /* Metres between two [lon, lat]: radii of curvature at the mean latitude; within 0.001 % up to 100 km. */
  J.metres = function (a, b) {
    var mid = (a[1] + b[1]) / 2 * RAD, w = 1 - E2 * Math.sin(mid) * Math.sin(mid);
    var north = (b[1] - a[1]) * RAD * A * (1 - E2) / Math.pow(w, 1.5);
    var east = (b[0] - a[0]) * RAD * A / Math.sqrt(w) * Math.cos(mid);
    return Math.sqrt(north * north + east * east);
  };

  /* Square metres inside [lon, lat] points: the shoelace on a cylinder that keeps areas. */
  J.areaOf = function (points) {
    var sum = 0, x0 = points[0][0], y0 = height(points[0][1]);
    for (var i = 0, j = points.length - 1; i < points.length; j = i++) {
      sum += (points[j][0] - x0) * (height(points[i][1]) - y0) - (points[i][0] - x0) * (height(points[j][1]) - y0);
    }
    return Math.abs(sum) / 2 * RAD;
  };

  function height(lat) {
    var s = Math.sin(lat * RAD);
    return A * A * (1 - E2) / 2 * (s / (1 - E2 * s * s) + Math.log((1 + E * s) / (1 - E * s)) / (2 * E));
  }

  J.sayMetres = function (m) {
    return m < 999.5 ? Math.round(m) + ' 米' : (m / 1000).toFixed(m < 99950 ? 2 : 1) + ' 公里';
  };

  J.sayArea = function (m2) {
    return m2 < 9999.5 ? Math.round(m2).toLocaleString('zh-CN') + ' 平方米' : (m2 / 10000).toFixed(m2 < 995000 ? 2 : 1) + ' 公顷';
  };

  var LOOK = { interactive: false, color: C.place, weight: 3 };

  function canvasOf(street, name, height) {
    if (!street.map.getPane(name)) {
      var pane = street.map.createPane(name);
      pane.style.zIndex = height;
      pane.style.pointerEvents = 'none';
      street.canvas[name] = new J.Canvas({ pane: name, padding: 0.3 });
    }
    return street.canvas[name];
  }

  function Measure(street, button) {
    this.street = street;
    this.button = button;
    this.points = [];
    this.isOn = true;
    this.isClosed = false;
    this.group = L.layerGroup().addTo(street.map);
    /* the line under the names, the points over everything */
    this.line = L.extend({ renderer: canvasOf(street, 'jj-measure-line', 418), pane: 'jj-measure-line' }, LOOK);
    this.dot = L.extend({ renderer: canvasOf(street, 'jj-measure', 445), pane: 'jj-measure' }, LOOK, {
      radius: 5, weight: 2, fill: true, fillColor: '#ffffff', fillOpacity: 1
    });
    street.map.doubleClickZoom.disable();
    street.root.classList.add('jj-measuring');
    var self = this;
    this.onKey = function (event) {
      if (event.key !== 'Escape' || event.defaultPrevented) { return; }
      if (self.isOn) { self.end(); } else { self.clear(); }
    };
    document.addEventListener('keydown', this.onKey);
    this.show();
  }

  var M = Measure.prototype;

  M.near = function (event, point, reach) {
    var q = this.street.map.latLngToContainerPoint([point[1], point[0]]);
    return event.containerPoint.distanceTo(q) <= reach;
  };

  M.click = function (event) {
    var p = this.points, isTouch = event.originalEvent && event.originalEvent.pointerType === 'touch', reach = isTouch ? 20 : 10;
    if (p.length > 2 && this.near(event, p[0], reach)) { this.isClosed = true; this.end(); return; }
    if (p.length && this.near(event, p[p.length - 1], isTouch ? 14 : 5)) { if (p.length > 1) { this.end(); } return; }
    p.push([event.latlng.lng, event.latlng.lat]);
    this.show();
  };

  M.move = function (event) {
    if (!this.points.length || window.matchMedia('(hover:none)').matches) { return; } /* a finger points at nothing */
    this.ahead = [event.latlng.lng, event.latlng.lat];
    this.draw();
    this.say();
  };

  M.undo = function () {
    if (this.isClosed) { this.isClosed = false; } else { this.points.pop(); }
    if (!this.isOn) { this.begin(); }
    this.show();
  };

  M.begin = function () {
    this.isOn = true;
    this.street.tool = this;
    this.street.map.doubleClickZoom.disable();
    this.street.root.classList.add('jj-measuring');
    this.button.setAttribute('aria-pressed', 'true');
  };

  /* What was measured stays until it is put away. */
  M.end = function () {
    this.isOn = false;
    this.ahead = null;
    this.street.tool = null;
    var street = this.street;
    window.setTimeout(function () { if (!street.tool && !street.isGone) { street.map.doubleClickZoom.enable(); } }, 400); /* the double click that ends it zooms nothing */
    this.street.root.classList.remove('jj-measuring');
    this.button.setAttribute('aria-pressed', 'false');
    if (this.points.length < 2 || this.street.isGone) { this.clear(); } else { this.show(); }
  };

  M.clear = function () {
    document.removeEventListener('keydown', this.onKey);
    this.group.remove();
    this.points = [];
    this.street.measured = null;
    this.street.root.querySelector('.jj-reading').hidden = true;
    if (this.isOn) { this.isOn = false; this.end(); return; }
    if (!this.street.isGone) { this.street.labels.redraw(); }
  };

  M.lengths = function () {
    var out = [0], p = this.points, ring = this.isClosed ? p.concat([p[0]]) : p;
    for (var k = 1; k < ring.length; k++) { out.push(out[k - 1] + J.metres(ring[k - 1], ring[k])); }
    return out;
  };

  M.draw = function () {
    var line = this.line, dot = this.dot, group = this.group, p = this.points.map(flip);
    group.clearLayers();
    if (this.isClosed) { group.addLayer(L.polygon(p, L.extend({ fill: true, fillColor: C.place, fillOpacity: 0.1 }, line))); }
    else if (p.length > 1) {
      group.addLayer(L.polyline(p, L.extend({}, line, { color: '#ffffff', weight: 6 })));
      group.addLayer(L.polyline(p, line));
    }
    if (this.ahead && p.length) {
      group.addLayer(L.polyline([p[p.length - 1], flip(this.ahead)], L.extend({}, line, { weight: 2, dashArray: '5 5' })));
    }
    p.forEach(function (at) {
      group.addLayer(L.circleMarker(at, dot));
    });
  };

  function flip(p) { return [p[1], p[0]]; }

  M.show = function () {
    this.draw();
    this.say();
    this.street.labels.redraw();
  };

  M.names = function () {
    var lengths = this.lengths(), last = this.points.length - 1;
    return this.points.slice(1).map(function (p, k) {
      return { text: J.sayMetres(lengths[k + 1]), lon: p[0], lat: p[1], shift: -16, size: 13, weight: k + 1 === last ? 700 : 600, colour: C.place, must: k + 1 === last };
    });
  };

  M.words = function () {
    var lengths = this.lengths(), total = lengths[lengths.length - 1], p = this.points;
    if (!p.length) { return HINT; }
    if (this.isClosed) { return '面积 ' + J.sayArea(J.areaOf(p)) + ' · 周长 ' + J.sayMetres(total); }
    if (this.ahead) {
      var step = J.metres(p[p.length - 1], this.ahead);
      return '合计 ' + J.sayMetres(total + step) + ' · 本段 ' + J.sayMetres(step);
    }
    if (p.length === 1) { return '再点下一处'; }
    return '合计 ' + J.sayMetres(total) + ' · 末段 ' + J.sayMetres(total - lengths[lengths.length - 2]);
  };

  M.say = function () {
    var box = this.street.root.querySelector('.jj-reading'), self = this;
    if (!box.querySelector('.jj-reading-words') || box.measure !== this) {
      while (box.firstChild) { box.removeChild(box.firstChild); }
      box.measure = this;
      L.DomEvent.disableClickPropagation(box);
      J.add(box, 'span', 'jj-reading-words');
      [['undo', '撤回一点'], ['end', '结束'], ['clear', '清除']].forEach(function (pair) {
        var button = J.add(box, 'button', 'jj-reading-' + pair[0], pair[1]);
        button.type = 'button';
        button.onclick = function () { self[pair[0]](); };
      });
    }
    J.bindText(box.querySelector('.jj-reading-words'), this.words());
    box.querySelector('.jj-reading-undo').hidden = !this.points.length;
    box.querySelector('.jj-reading-end').hidden = !this.isOn;
    box.hidden = false;
  };

  /* Pressed again it ends, and with something measured begins anew. */
  P.measure = function (button) {
    var before = this.measured, wasOn = before && before.isOn;
    if (wasOn) { before.end(); return; }
    if (before) { before.clear(); }
    this.measured = new Measure(this, button);
    this.measured.begin();
  };

  J.actions = J.actions || [];
  J.actions.push({
    code: 'measure', text: '量距', title: '量距离和面积', press: function (street, button) { street.measure(button); }
  });
})();
