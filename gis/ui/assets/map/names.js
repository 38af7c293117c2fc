/* Which names are candidates for a label at a zoom; labels.js finds the room for them. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var C = J.COLOURS, P = J.Street.prototype;

  P.namesAt = function (zoom) {
    var out = [], h = this.have, chosen = this.view && this.view.filter ? this.view.filter.grids : [];
    if (this.hidden.labels || !this.view) { return out; }
    if (this.theme() && this.theme().names) { out = out.concat(this.theme().names(this, this.themed.raw, zoom)); }
    if (this.draft && this.draft.raw.labels) {
      this.draft.raw.labels.forEach(function (label) {
        out.push({ text: label.text, lon: label.x, lat: label.y, shift: -20, size: 13, weight: 700, colour: label.tone });
      });
    }
    if (h.places && zoom >= 15 && !this.hidden.venues) {
      h.places.raw.venues.forEach(function (v) {
        out.push({ text: v.name, lon: v.x, lat: v.y, shift: 16, size: 12, weight: 600, colour: C.venue });
      });
    }
    if (h.grids && zoom < 14.75) {
      h.grids.raw.communities.at.forEach(function (at, k) {
        if (at) { out.push({ text: h.grids.raw.communities.name[k], lon: at[0], lat: at[1], size: 14, weight: 600, colour: '#5c5138' }); }
      });
    }
    if (h.grids && zoom >= 14.75 && zoom < 17) {
      h.grids.raw.at.forEach(function (at, k) {
        if (!at) { return; }
        var room = gridRoom(h.grids, k, zoom);
        var isChosen = chosen.indexOf(h.grids.raw.id[k]) >= 0;
        out.push({ text: h.grids.raw.name[k], lon: at[0], lat: at[1], size: 12, weight: isChosen ? 600 : 400, colour: '#6a5f4b', room: room * 1.05 });
      });
    }
    if (h.estates && zoom >= 14.5) {
      h.estates.raw.at.forEach(function (at, k) {
        if (at) { out.push({ text: h.estates.raw.name[k], lon: at[0], lat: at[1], size: 13, weight: 600, colour: '#3d4248' }); }
      });
    }
    if (h.buildings && zoom >= 17) { this.buildingNames(out); }
    return out;
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
    for (var k = 0; k < b.paths.many; k++) {
      var x = (b.paths.box[4 * k] + b.paths.box[4 * k + 2]) / 2, y = (b.paths.box[4 * k + 1] + b.paths.box[4 * k + 3]) / 2;
      if (x < west || x > east || y < north || y > south) { continue; }
      out.push({ text: b.raw.no[b.paths.owner[k]], lon: x * 360 - 180, lat: latOf(y), size: 11, colour: '#5b5f65' });
    }
  };

  function latOf(y) { return Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180 / Math.PI; }
})();
