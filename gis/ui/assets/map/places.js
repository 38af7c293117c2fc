/* Where groups may meet: host households and venues. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var P = J.Street.prototype;

  P.drawPlaces = function () {
    var places = this.have.places, self = this, zoom = this.map.getZoom(), r = zoom < 14 ? 5 : zoom < 16 ? 6.5 : 8;
    if (!places) { return; }
    if (!this.hidden.hosts && !this.isInTheWay('hosts')) {
      places.raw.hosts.forEach(function (host) {
        self.addSymbol({ shape: 'host', radius: r }, host.y, host.x);
        self.note({ kind: 'host', id: host.id }, host.y, host.x, r, ['党员中心户', '可容纳 ' + host.n + ' 人']);
      });
    }
    if (!this.hidden.venues && !this.isInTheWay('venues')) {
      places.raw.venues.forEach(function (venue) {
        self.addSymbol({ shape: 'venue', radius: r }, venue.y, venue.x);
        self.note({ kind: 'venue', id: venue.id }, venue.y, venue.x, r, [venue.name, '可容纳 ' + venue.n + ' 人']);
      });
    }
  };
})();
