/* Which names are candidates for a label at a zoom, the important first; labels.js finds the room for them.
   Community, then grid, then estate, then building: each as soon as it has the room, never one name over another. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var C = J.COLOURS, P = J.Street.prototype;
  var GRIDS_FROM = 14.75, GRIDS_TO = 17.75, ESTATES_FROM = 14.5, VENUES_FROM = 15, BUILDINGS_FROM = 17;
  var AROUND = [-18, 18, -30, 30, [-24, 0], [24, 0], [-24, -18], [24, -18], [-24, 18], [24, 18]]; /* a community is large enough */

  P.namesAt = function (zoom) {
    var out = [], theme = this.theme();
    if (!this.view) { return out; }
    if (this.found && this.found.label) { out.push(this.found.label); }
    if (this.measured) { out = out.concat(this.measured.names()); }
    if (!this.hidden.labels) {
      if (theme && theme.names) { out = out.concat(theme.names(this, this.themed.raw, zoom)); }
      out = out.concat(this.draftNames(), this.venueNames(zoom), this.groundNames(zoom).filter(function (label) {
        return !theme || !theme.names || out.every(function (own) { return own.text !== label.text; });
      }));
    }
    if (this.basemap) { out.forEach(function (label) { label.halo = 4.5; }); } /* others' colours below */
    return out;
  };

  P.draftNames = function () {
    var labels = this.draft && this.draft.raw.labels || [];
    return labels.map(function (label) {
      return { text: label.text, lon: label.x, lat: label.y, shift: -20, tries: [0, 20], size: 13, weight: 700, colour: label.tone };
    });
  };

  P.venueNames = function (zoom) {
    var places = this.have.places;
    if (!places || zoom < VENUES_FROM || this.hidden.venues || this.isInTheWay('venues')) { return []; }
    return places.raw.venues.map(function (v) {
      return { text: v.name, lon: v.x, lat: v.y, shift: 17, tries: [-17], size: 12, weight: 600, colour: C.venue };
    });
  };

  P.groundNames = function (zoom) {
    var out = [], grids = this.have.grids, estates = this.have.estates;
    if (grids && zoom < GRIDS_FROM) {
      grids.raw.communities.at.forEach(function (at, k) {
        if (at) { out.push({ text: grids.raw.communities.name[k], lon: at[0], lat: at[1], tries: AROUND, size: 14, weight: 600, colour: '#5c5138' }); }
      });
    }
    if (estates && zoom >= ESTATES_FROM) {
      estates.raw.at.forEach(function (at, k) {
        if (at) { out.push({ text: estates.raw.name[k], lon: at[0], lat: at[1], tries: [-16, 16], size: 13, weight: 600, colour: '#3d4248' }); }
      });
    }
    if (grids && zoom >= GRIDS_FROM && zoom < GRIDS_TO) { this.gridNames(out, zoom); }
    if (this.have.buildings && zoom >= BUILDINGS_FROM && !this.hidden.buildings) { this.buildingNames(out); }
    return out;
  };

  P.gridNames = function (out, zoom) {
    var grids = this.have.grids, chosen = this.view.filter ? this.view.filter.grids : [];
    grids.raw.at.forEach(function (at, k) {
      if (!at) { return; }
      var isChosen = chosen.indexOf(grids.raw.id[k]) >= 0;
      out.push({
        text: grids.raw.name[k], lon: at[0], lat: at[1], tries: [-16, 16], size: 12, weight: isChosen ? 600 : 400, colour: '#6a5f4b',
        room: gridRoom(grids, k, zoom) * 1.05, must: isChosen
      });
    });
  };

  function gridRoom(grids, k, zoom) {
    if (!grids.wide) {
      grids.wide = grids.raw.id.map(function () { return 0; });
      for (var p = 0; p < grids.paths.many; p++) {
        var b = grids.paths.box, w = b[4 * p + 2] - b[4 * p], owner = grids.paths.owner[p];
        if (w > grids.wide[owner]) { grids.wide[owner] = w; }
      }
    }
    return grids.wide[k] * 256 * Math.pow(2, zoom);
  }

  P.buildingNames = function (out) {
    var b = this.have.buildings, view = this.map.getBounds().pad(0.05);
    var west = J.worldX(view.getWest()), east = J.worldX(view.getEast());
    var north = J.worldY(view.getNorth()), south = J.worldY(view.getSouth());
    var inView = [];
    if (!b.paths.index) { b.paths.index = new J.Buckets(b.paths.box, b.paths.many); }
    b.paths.index.within(west, north, east, south, function (k) { inView.push(k); });
    inView.sort(function (one, other) { return one - other; }).forEach(function (k) {
      var x = (b.paths.box[4 * k] + b.paths.box[4 * k + 2]) / 2, y = (b.paths.box[4 * k + 1] + b.paths.box[4 * k + 3]) / 2;
      if (x < west || x > east || y < north || y > south) { return; }
      out.push({ text: b.raw.no[b.paths.owner[k]], lon: x * 360 - 180, lat: latOf(y), size: 12, colour: '#4f545a' });
    });
    b.spots.forEach(function (spot) { /* known as a point: beside its square */
      if (spot.x < west || spot.x > east || spot.y < north || spot.y > south) { return; }
      out.push({ text: b.raw.no[spot.item], lon: spot.x * 360 - 180, lat: latOf(spot.y), shift: 14, tries: [-14], size: 12, colour: '#4f545a' });
    });
  };

  function latOf(y) { return Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180 / Math.PI; }
})();
