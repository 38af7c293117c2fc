/* A theme beside people and places (gis/ui/map/themes): each registers itself as Jiujin.themes[code] = {
     hides: {people: true, groups: true, hosts: true, venues: true}  what is in its way, all optional
     counts: function (street, raw)     counts by grid id in place of the members', for the shading
     shading: function (street, raw)    what the shading then says, for the legend
     draw: function (street, raw)       with street.addSymbol, addLine, note; lines and areas into street.groups.lines
     rows: function (street, raw)       rows of the legend, see panel.js
     names: function (street, raw, zoom)   candidates for labels, see names.js
     bounds: function (raw)             what to look at when it begins: a LatLngBounds, or null
   } and of the tools above the map: Jiujin.actions.push({code, text, title, press: function (street, button)}). */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var P = J.Street.prototype;
  J.themes = J.themes || {};
  J.actions = J.actions || [];

  /* The theme in sight, once its document is there. */
  P.theme = function () {
    var wanted = this.view && this.view.theme, have = this.themed;
    return wanted && have && have.url === wanted.url && J.themes[wanted.code] ? J.themes[wanted.code] : null;
  };

  P.isInTheWay = function (name) {
    var theme = this.theme();
    return Boolean(theme && theme.hides && theme.hides[name]);
  };

  P.fetchTheme = function (wanted) {
    var self = this;
    if (!wanted) { this.themed = null; this.themeFitted = null; this.root.removeAttribute('data-theme'); return Promise.resolve(); }
    if (this.themed && this.themed.url === wanted.url) { return Promise.resolve(); }
    this.busy(1);
    return J.fetchLayer(wanted.url).then(function (raw) {
      if (self.isGone || !self.view.theme || self.view.theme.url !== wanted.url) { return; }
      self.themed = { url: wanted.url, raw: raw };
      self.draw();
      self.fitTheme(wanted.code);
      self.root.setAttribute('data-theme', wanted.code);
    }).catch(function (error) { self.complain(error); }).then(function () { self.busy(-1); });
  };

  P.fitTheme = function (code) {
    var theme = this.theme(), bounds = theme && theme.bounds ? theme.bounds(this.themed.raw) : null;
    if (bounds && bounds.isValid() && this.themeFitted !== code) { this.fit(bounds, { padding: [40, 40], maxZoom: 17 }); }
    this.themeFitted = code;
  };

  P.drawTheme = function () {
    var theme = this.theme();
    if (theme && theme.draw) { theme.draw(this, this.themed.raw); }
  };

  P.themeRows = function () {
    var theme = this.theme();
    return theme && theme.rows ? theme.rows(this, this.themed.raw) : [];
  };

  P.setUpActions = function () {
    var box = this.root.querySelector('.jj-actions'), self = this;
    if (!box) { return; }
    L.DomEvent.disableClickPropagation(box);
    L.DomEvent.disableScrollPropagation(box);
    while (box.firstChild) { box.removeChild(box.firstChild); }
    J.actions.forEach(function (action) {
      var button = J.add(box, 'button', 'jj-action jj-action-' + action.code, action.text);
      button.type = 'button';
      button.title = action.title;
      button.onclick = function () { action.press(self, button); };
    });
  };

  P.followActions = function () {
    var box = this.root.querySelector('.jj-actions');
    if (box) { box.hidden = this.view.mode !== 'look' || Boolean(this.draft && this.draft.raw.kind !== 'ground') || !J.actions.length; }
  };
})();
