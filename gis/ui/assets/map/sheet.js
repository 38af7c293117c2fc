/* The boxes over the map: legend folded on small screens, card beside the map or over its foot. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var P = J.Street.prototype;

  P.setUpSheet = function () {
    var legend = this.legend, button = legend.querySelector('button');
    legend.classList.toggle('jj-folded', window.innerWidth < 700);
    button.onclick = function () { legend.classList.toggle('jj-folded'); };
    [legend, this.card].forEach(function (box) {
      L.DomEvent.disableClickPropagation(box);
      L.DomEvent.disableScrollPropagation(box);
    });
  };

  P.showCard = function (card, pick) {
    var title = card ? card.kind + card.title : '', isNew = title && title !== this.cardTitle;
    this.cardTitle = title;
    J.showCard(this.card, card, pick);
    if (isNew && window.innerWidth < 700) { this.card.scrollIntoView({ block: 'nearest', behavior: 'smooth' }); }
  };
})();
