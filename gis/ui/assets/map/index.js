/* Finds what lies in a rectangle or at a point without looking at everything. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var PER_CELL = 4, MOST_CELLS = 1024; /* boxes in a cell on average; cells along a side */

  /* Boxes [left, top, right, bottom] in an even lattice; `items[first[c]]`..`items[first[c + 1]]` touch cell c, in order. */
  J.Buckets = function (box, many) {
    var left = Infinity, top = Infinity, right = -Infinity, bottom = -Infinity, k;
    for (k = 0; k < many; k++) {
      if (box[4 * k] < left) { left = box[4 * k]; }
      if (box[4 * k + 1] < top) { top = box[4 * k + 1]; }
      if (box[4 * k + 2] > right) { right = box[4 * k + 2]; }
      if (box[4 * k + 3] > bottom) { bottom = box[4 * k + 3]; }
    }
    this.box = box;
    this.many = many;
    this.side = Math.max(1, Math.min(MOST_CELLS, Math.ceil(Math.sqrt(many / PER_CELL))));
    this.left = left;
    this.top = top;
    this.wide = Math.max((right - left) / this.side, 1e-12);
    this.high = Math.max((bottom - top) / this.side, 1e-12);
    this.seen = new Int32Array(many);
    this.turn = 0;
    this.fill();
  };

  var P = J.Buckets.prototype;

  P.column = function (x) { return Math.max(0, Math.min(this.side - 1, Math.floor((x - this.left) / this.wide))); };
  P.row = function (y) { return Math.max(0, Math.min(this.side - 1, Math.floor((y - this.top) / this.high))); };

  P.fill = function () {
    var first = this.first = new Int32Array(this.side * this.side + 1), c;
    this.eachCell(function (cell) { first[cell + 1] += 1; });
    for (c = 0; c < this.side * this.side; c++) { first[c + 1] += first[c]; }
    var next = first.slice(), items = this.items = new Int32Array(first[this.side * this.side]);
    this.eachCell(function (cell, k) { items[next[cell]++] = k; });
  };

  P.eachCell = function (visit) {
    for (var k = 0; k < this.many; k++) {
      var b = 4 * k;
      if (!(this.box[b] <= this.box[b + 2])) { continue; } /* a path without points */
      var from = this.column(this.box[b]), to = this.column(this.box[b + 2]), last = this.row(this.box[b + 3]);
      for (var row = this.row(this.box[b + 1]); row <= last; row++) {
        for (var column = from; column <= to; column++) { visit(row * this.side + column, k); }
      }
    }
  };

  /* Visits every box that may hold the point, in order. */
  P.around = function (x, y, visit) {
    if (!this.many) { return; }
    var cell = this.row(y) * this.side + this.column(x);
    for (var at = this.first[cell]; at < this.first[cell + 1]; at++) { visit(this.items[at]); }
  };

  /* Visits each box that touches the rectangle once, those of a cell in order, until a visit says true. */
  P.within = function (left, top, right, bottom, visit) {
    if (!this.many || right < this.left || bottom < this.top) { return; }
    var turn = ++this.turn, from = this.column(left), to = this.column(right), last = this.row(bottom), box = this.box;
    for (var row = this.row(top); row <= last; row++) {
      for (var column = from; column <= to; column++) {
        var cell = row * this.side + column;
        for (var at = this.first[cell]; at < this.first[cell + 1]; at++) {
          var k = this.items[at], b = 4 * k;
          if (this.seen[k] === turn) { continue; }
          this.seen[k] = turn;
          if (box[b] <= right && box[b + 2] >= left && box[b + 1] <= bottom && box[b + 3] >= top && visit(k) === true) { return; }
        }
      }
    }
  };
})();
