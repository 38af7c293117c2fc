/* Card, legend, tooltip and foot line. Text from data is bound as text: nothing here writes markup. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};

  /* The only way an element gets its text. */
  J.bindText = function (element, text) {
    element.textContent = text === null || text === undefined ? '' : String(text);
    return element;
  };

  J.add = function (parent, tag, className, text) {
    var element = document.createElement(tag);
    if (className) { element.className = className; }
    if (text !== undefined) { J.bindText(element, text); }
    parent.appendChild(element);
    return element;
  };

  function clear(element) { while (element.firstChild) { element.removeChild(element.firstChild); } }

  /* card: {title, kind, note, facts: [[label, value]], sections: [{title, rows: [{main, sub, tag}], empty}], links} */
  J.showCard = function (box, card, pick) {
    clear(box);
    box.hidden = !card;
    if (!card) { return; }
    var top = J.add(box, 'div', 'jj-card-top'), handle = J.add(top, 'button', 'jj-handle');
    handle.type = 'button';
    var head = J.add(top, 'div', 'jj-card-head'), words = J.add(head, 'div');
    J.add(words, 'div', 'jj-card-kind', card.kind);
    J.add(words, 'h3', '', card.title);
    var close = J.add(head, 'button', 'jj-close', '×');
    close.type = 'button';
    close.title = '关闭';
    close.setAttribute('aria-label', '关闭');
    close.onclick = function () { pick({ kind: 'none', id: 0 }); };
    box = J.add(box, 'div', 'jj-card-body');
    if (card.facts.length) { addFacts(box, card.facts); }
    card.sections.forEach(function (section) { addSection(box, section, pick); });
    card.links.forEach(function (link) {
      if (link.href) { J.add(box, 'a', 'jj-link', link.text).href = link.href; return; } /* a screen of ours */
      var button = J.add(box, 'button', 'jj-link', link.text);
      button.type = 'button';
      button.onclick = function () { pick({ kind: link.kind, id: link.id }); };
    });
    if (card.note) { J.add(box, 'p', 'jj-note', card.note); }
  };

  function addFacts(box, facts) {
    var list = J.add(box, 'dl');
    facts.forEach(function (fact) {
      J.add(list, 'dt', '', fact[0]);
      J.add(list, 'dd', '', fact[1]);
    });
  }

  function addSection(box, section) {
    J.add(box, 'h4', '', section.title);
    if (!section.rows.length) { J.add(box, 'p', 'jj-note', section.empty); return; }
    var list = J.add(box, 'ul');
    section.rows.forEach(function (row) {
      var item = J.add(list, 'li'), line = J.add(item, 'div', 'jj-row');
      J.add(line, 'span', 'jj-main', row.main);
      if (row.tag) { J.add(line, 'span', 'jj-tag' + (row.tone ? ' jj-' + row.tone : ''), row.tag); }
      if (row.sub) { J.add(item, 'div', 'jj-sub', row.sub); }
    });
  }

  J.showTip = function (tip, lines, point) {
    tip.hidden = !lines.length;
    if (!lines.length) { return; }
    clear(tip);
    lines.forEach(function (line, k) { J.add(tip, 'div', k ? 'jj-tip-more' : '', line); });
    var wide = tip.parentNode.clientWidth, x = point.x + 14;
    if (x + tip.offsetWidth > wide - 6) { x = point.x - tip.offsetWidth - 12; }
    tip.style.left = Math.max(4, x) + 'px';
    tip.style.top = Math.max(4, point.y - tip.offsetHeight - 8) + 'px';
  };

  /* rows: {text, shape | line | fill, toggle: layer name or null} */
  J.showLegend = function (box, legend, isHidden, toggle) {
    var body = box.querySelector('.jj-legend-body'), kept = box.jiujinSwatches || {}, used = box.jiujinSwatches = {};
    clear(body);
    legend.forEach(function (row) {
      if (row.title) { J.add(body, 'div', 'jj-legend-title', row.title); return; }
      if (row.ramp) { addRamp(body, row.ramp); return; }
      var line = J.add(body, row.toggle ? 'label' : 'div', 'jj-legend-row');
      if (row.toggle) {
        var tick = J.add(line, 'input');
        tick.type = 'checkbox';
        tick.checked = !isHidden[row.toggle];
        tick.onchange = function () { toggle(row.toggle, tick.checked); };
      } else { J.add(line, 'i', 'jj-no-tick'); }
      line.appendChild(swatchOf(row, kept, used));
      J.add(line, 'span', '', row.text);
    });
  };

  function addRamp(body, ramp) {
    var line = J.add(body, 'div', 'jj-ramp');
    ramp.forEach(function (step) {
      var cell = J.add(line, 'div'), colour = J.add(cell, 'i');
      colour.style.background = step.colour;
      J.add(cell, 'span', '', step.text);
    });
  }

  /* A swatch that was in the legend before is taken again. */
  function swatchOf(row, kept, used) {
    var key = JSON.stringify([row.shape, row.line, row.fill, row.edge, window.devicePixelRatio]), same = kept[key] || [], made = same.pop() || swatch(row);
    (used[key] = used[key] || []).push(made);
    return made;
  }

  function swatch(row) {
    var canvas = document.createElement('canvas'), ratio = window.devicePixelRatio || 1, size = 22;
    canvas.width = canvas.height = size * ratio;
    canvas.style.width = canvas.style.height = size + 'px';
    var ctx = canvas.getContext('2d');
    ctx.scale(ratio, ratio);
    if (row.shape) {
      J.drawSymbol(ctx, { x: size / 2, y: row.shape.shape === 'pin' ? 19 : size / 2 }, row.shape);
    } else if (row.line) {
      ctx.strokeStyle = row.line.colour;
      ctx.lineWidth = row.line.width;
      ctx.setLineDash(row.line.dash || []);
      ctx.beginPath();
      ctx.moveTo(2, 15);
      ctx.lineTo(20, 7);
      ctx.stroke();
    } else {
      ctx.fillStyle = row.fill;
      ctx.fillRect(3, 5, 16, 12);
      ctx.strokeStyle = row.edge || '#a8a399';
      ctx.strokeRect(3.5, 5.5, 15, 11);
    }
    return canvas;
  }
})();
