/* The field above the map. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var P = J.Street.prototype;

  P.setUpSearch = function () { this.search = null; };
  P.followSearch = function () { return; };
})();
