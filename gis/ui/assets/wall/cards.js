/* The line at the top and the cards of figures: made once, then only the texts that changed are written. */
(function () {
  'use strict';
  var W = window.JiujinWall;

  W.showHead = function (root, head) {
    ['street', 'title', 'day', 'time', 'note', 'foot'].forEach(function (name) {
      W.write(root.querySelector('.jjw-' + name), head[name] || '');
    });
    root.querySelector('.jjw-leave').hidden = !head.leave;
  };

  W.showCards = function (root, cards) {
    var box = root.querySelector('.jjw-cards'), have = {};
    Array.prototype.forEach.call(box.children, function (one) { have[one.getAttribute('data-key')] = one; });
    cards.forEach(function (card) {
      var element = have[card.key];
      if (element && (element.tagName === 'A') !== Boolean(card.link)) { box.removeChild(element); element = null; }
      element = element || make(box, card);
      delete have[card.key];
      fill(element, card);
    });
    Object.keys(have).forEach(function (key) { box.removeChild(have[key]); });
  };

  function make(box, card) {
    var made = W.add(box, card.link ? 'a' : 'div', 'jjw-card');
    made.setAttribute('data-key', card.key);
    made.tabIndex = 0;
    if (!card.link) { made.setAttribute('role', 'group'); }
    W.add(made, 'h2', 'jjw-card-name');
    var line = W.add(made, 'p', 'jjw-card-value');
    W.add(line, 'b', 'jjw-card-number');
    W.add(line, 'span', 'jjw-card-unit');
    W.add(made, 'p', 'jjw-card-of');
    W.add(made, 'p', 'jjw-card-short');
    var more = W.add(made, 'div', 'jjw-card-more');
    W.add(more, 'p', 'jjw-card-definition');
    W.add(more, 'p', 'jjw-card-as-of');
    return made;
  }

  function fill(element, card) {
    var number = W.figure(card.value);
    if (card.link && element.getAttribute('href') !== card.link) { element.href = card.link; }
    write(element, 'name', card.name);
    write(element, 'number', number);
    write(element, 'unit', card.value === null ? '' : card.unit);
    write(element, 'of', card.of);
    write(element, 'short', card.short);
    write(element, 'definition', card.name + '：' + card.definition);
    write(element, 'as-of', card.as_of + (card.link ? '。点开看名单' : ''));
    element.classList.toggle('jjw-hushed', card.value === null);
  }

  function write(element, name, text) { W.write(element.querySelector('.jjw-card-' + name), text); }
})();
