/* A basemap under our own layers: chosen in the legend, remembered by this browser, never in the way when it fails. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var P = J.Street.prototype, REMEMBERED = 'jiujin.basemap', PATIENCE_MS = 8000;
  var NOTES = { outside: '底图取不到，只显示本街道图层', local: '底图在这里没有图，只显示本街道图层' };

  /* Called once a map; `url` is where the list is, or nothing where this installation has no basemap. */
  P.setUpBasemaps = function (url) {
    if (!url || this.basemapsUrl === url) { return; }
    this.basemapsUrl = url;
    var self = this, pane = this.map.createPane('jj-basemap');
    pane.style.zIndex = 180;
    pane.style.pointerEvents = 'none';
    window.fetch(url, { credentials: 'same-origin' }).then(function (answer) {
      if (!answer.ok) { throw new Error(url + ' ' + answer.status); }
      return answer.json();
    }).then(function (list) { if (!self.isGone && list.length) { self.offerBasemaps(list); } })
      .catch(function (error) { window.console.error(error); });
  };

  P.offerBasemaps = function (list) {
    var self = this, row = J.add(this.legend, 'label', 'jj-basemap-row'), known = recall();
    J.add(row, 'span', '', '底图');
    var choice = J.add(row, 'select', 'jj-basemap-choice');
    J.add(choice, 'option', '', '不用底图').value = '';
    list.forEach(function (one) { J.add(choice, 'option', '', one.title).value = one.name; });
    this.basemapNote = J.add(this.root.querySelector('.jj-stage'), 'div', 'jj-basemap-note');
    this.basemapNote.setAttribute('role', 'status');
    this.basemapNote.hidden = true;
    choice.onchange = function () { remember(choice.value); self.useBasemap(find(list, choice.value)); };
    if (find(list, known)) { choice.value = known; this.useBasemap(find(list, known)); }
  };

  function find(list, name) { return list.filter(function (one) { return one.name === name; })[0] || null; }

  /* A browser that keeps nothing simply asks again. */
  function recall() { try { return window.localStorage.getItem(REMEMBERED) || ''; } catch (error) { return ''; } }

  function remember(name) { try { window.localStorage.setItem(REMEMBERED, name); } catch (error) { return; } }

  P.useBasemap = function (one) {
    var self = this;
    (this.basemapLayers || []).forEach(function (layer) { layer.off(); self.map.removeLayer(layer); });
    window.clearTimeout(this.basemapTimer);
    this.basemap = one;
    this.basemapCame = 0;
    this.basemapNote.hidden = true;
    this.basemapLayers = one ? layersOf(one) : [];
    this.basemapLayers.forEach(function (layer) { self.watchBasemap(layer, one).addTo(self.map); });
    this.root.setAttribute('data-basemap', one ? one.name : '');
    this.showFoot();
    this.draw();
  };

  function layersOf(one) {
    var options = {
      pane: 'jj-basemap', maxZoom: 20, minNativeZoom: one.zooms[0], maxNativeZoom: one.zooms[1], keepBuffer: 1,
      updateWhenZooming: false, subdomains: one.subdomains || 'a'
    };
    if (one.box) { options.bounds = L.latLngBounds([one.box[1], one.box[0]], [one.box[3], one.box[2]]); }
    if (one.shifted) { return [new J.GcjLayer(one.urls, options)]; }
    return one.urls.map(function (url) { return L.tileLayer(url, options); });
  }

  /* Nothing came, although all has answered or a good while has passed: say so; the first picture takes it back. */
  P.watchBasemap = function (layer, one) {
    var self = this, words = one.outside ? NOTES.outside : NOTES.local;
    function tell() {
      if (self.isGone || self.basemap !== one) { return; }
      self.basemapNote.hidden = self.basemapCame > 0;
      J.bindText(self.basemapNote, words);
    }
    layer.on('loading', function () {
      self.basemapCame = 0;
      window.clearTimeout(self.basemapTimer);
      self.basemapTimer = window.setTimeout(tell, PATIENCE_MS);
    });
    layer.on('tileload', function () { self.basemapCame += 1; self.basemapNote.hidden = true; });
    layer.on('load', function () {
      window.clearTimeout(self.basemapTimer);
      tell();
      self.root.setAttribute('data-basemap-tiles', self.basemapCame);
    });
    return layer;
  };

  /* The line at the foot, with whose basemap it is. */
  P.showFoot = function () {
    var words = this.view ? this.view.foot : '';
    J.bindText(this.root.querySelector('.jj-foot'), this.basemap ? words + ' · ' + this.basemap.rights : words);
  };
})();
