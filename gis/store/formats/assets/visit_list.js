/* The list of a team on a small screen: online on the phone and in the offline file, written for old browsers.
   JiujinVisits.mount(root, list, hooks) draws `list` (gis/services/visits/listing.py says its fields) and returns a view.
   hooks.by       whose name goes with a result; a text or a function
   hooks.today    'YYYY-MM-DD', a text or a function: the day that goes with a result
   hooks.save     function (said): called with every new answer {key, target, result, on, by, note, next_on, based_on};
                  a changed answer has a new key, an unchanged one never comes twice
   view.show(target, said)              shows an answer that was kept on this telephone
   view.mark(target, state, message)    'waiting', 'saved', 'conflict', 'failed' or '': a line under the name
   view.accepted(target, result_id)     the shown answer is now the accepted one
   view.answers()                       the answers made on this telephone, in the order of the list
   Whatever people typed goes through textContent only. */
(function () {
  'use strict';
  var J = window.JiujinVisits = window.JiujinVisits || {};

  J.newKey = function () {
    var bytes = [], box, k, text = '';
    try {
      box = new Uint8Array(16);
      window.crypto.getRandomValues(box);
      for (k = 0; k < 16; k += 1) { bytes.push(box[k]); }
    } catch (none) {
      bytes = [];
      for (k = 0; k < 16; k += 1) { bytes.push(Math.floor(Math.random() * 256)); }
    }
    for (k = 0; k < 16; k += 1) { text += (bytes[k] + 256).toString(16).slice(1); }
    return text;
  };

  J.day = function (date) {
    function two(n) { return (n < 10 ? '0' : '') + n; }
    return date.getFullYear() + '-' + two(date.getMonth() + 1) + '-' + two(date.getDate());
  };

  J.sayDay = function (day) {
    var parts = String(day || '').split('-');
    return parts.length === 3 ? Number(parts[1]) + '月' + Number(parts[2]) + '日' : '';
  };

  J.node = function (name, kind, text) {
    var node = document.createElement(name);
    if (kind) { node.className = kind; }
    if (text !== undefined && text !== null && text !== '') { node.textContent = text; }
    return node;
  };

  function add(parent) {
    for (var k = 1; k < arguments.length; k += 1) { if (arguments[k]) { parent.appendChild(arguments[k]); } }
    return parent;
  }

  function asked(value) { return typeof value === 'function' ? value() : value || ''; }

  function View(root, list, hooks) {
    this.root = root;
    this.list = list;
    this.hooks = hooks || {};
    this.rows = {};
    this.stops = [];
    this.total = 0;
    this.draw();
  }

  var P = View.prototype;

  P.draw = function () {
    var self = this, heading = '', k, stop, said;
    this.sum = add(this.root, J.node('p', 'jv-sum')).lastChild;
    for (k = 0; k < this.list.stops.length; k += 1) {
      stop = this.list.stops[k];
      said = stop.half;
      if (said !== heading) { add(this.root, J.node('h2', 'jv-half', said)); heading = said; }
      this.stops.push(this.drawStop(stop));
    }
    if (!this.list.stops.length) { add(this.root, J.node('p', 'jv-none', '这一组没有安排走访。')); }
    this.count();
    this.stops.some(function (box) { if (!box.isDone()) { self.open(box, false); return true; } return false; });
  };

  P.drawStop = function (stop) {
    var self = this, box = { node: J.node('section', 'jv-stop'), rows: [], isGroup: stop.is_group }, names = [], k;
    for (k = 0; k < stop.targets.length; k += 1) { names.push(stop.targets[k].name); }
    box.head = J.node('button', 'jv-head');
    box.head.type = 'button';
    box.state = J.node('span', 'jv-state');
    add(box.head, J.node('span', 'jv-pin', String(stop.n)),
      add(J.node('span', 'jv-what'),
        J.node('b', 'jv-who', stop.is_group ? stop.title : names.join('、')),
        J.node('span', 'jv-where', stop.place)),
      add(J.node('span', 'jv-side'), J.node('span', 'jv-time', stop.time), box.state));
    box.body = J.node('div', 'jv-body');
    box.head.onclick = function () { self.open(box, box.node.className.indexOf('jv-open') < 0 ? true : null); };
    add(box.body, J.node('p', 'jv-walk', stop.walk));
    if (stop.is_group && stop.targets.length > 1) { add(box.body, this.everybody(box)); }
    for (k = 0; k < stop.targets.length; k += 1) { box.rows.push(this.drawTarget(box, stop.targets[k])); }
    box.next = J.node('button', 'jv-on');
    box.next.type = 'button';
    box.next.onclick = function () { self.open(self.after(box), true); };
    add(box.body, box.next);
    box.isDone = function () { return box.rows.every(function (row) { return Boolean(row.said) && !row.isRefused; }); };
    box.name = stop.n + '. ' + (stop.is_group ? stop.title : names.join('、'));
    add(this.root, add(box.node, box.head, box.body));
    this.tick(box);
    return box;
  };

  /* The next stop without all its results: first behind this one, then from the beginning. */
  P.after = function (box) {
    var at = this.stops.indexOf(box), all = this.stops.slice(at + 1).concat(this.stops.slice(0, Math.max(at, 0))), k;
    for (k = 0; k < all.length; k += 1) { if (!all[k].isDone()) { return all[k]; } }
    return null;
  };

  /* A group meets at once: all who have no result yet came, who did not is changed afterwards. */
  P.everybody = function (box) {
    var self = this, button = J.node('button', 'jv-all', '其余都到了（见面）');
    button.type = 'button';
    button.onclick = function () {
      box.rows.forEach(function (row) { if (!row.said) { self.answer(row, 'met'); } });
    };
    return button;
  };

  P.drawTarget = function (box, target) {
    var self = this, row = { box: box, target: target, buttons: {}, said: null, base: 0, isOwn: false };
    var facts = [target.age, target.purposes].filter(Boolean).join(' · ');
    row.node = J.node('div', 'jv-target');
    row.line = J.node('p', 'jv-line');
    add(row.node, add(J.node('p', 'jv-name'), J.node('b', '', target.name), J.node('span', '', facts)),
      this.callLine(target), target.material ? J.node('p', 'jv-fact', '带：' + target.material) : null,
      target.last ? J.node('p', 'jv-fact', target.last) : null);
    var keys = J.node('div', 'jv-keys');
    this.list.codes.forEach(function (code) {
      var button = J.node('button', 'jv-key', code[1]);
      button.type = 'button';
      button.setAttribute('aria-pressed', 'false');
      button.onclick = function () { self.answer(row, code[0]); };
      row.buttons[code[0]] = button;
      add(keys, button);
    });
    add(row.node, keys, row.line, this.details(row), target.why ? J.node('p', 'jv-fact', '为何走访：' + target.why) : null);
    this.rows[target.id] = row;
    this.total += 1;
    if (target.done) {
      row.base = target.done.id;
      this.fill(row, target.done);
      row.line.textContent = '已登记：' + J.sayDay(target.done.on) + ' ' + target.done.by;
    }
    add(box.body, row.node);
    return row;
  };

  P.callLine = function (target) {
    if (!target.phone) { return J.node('p', 'jv-fact', target.phone_note); }
    var link = J.node('a', 'jv-call', '拨打 ' + target.phone);
    link.href = 'tel:' + target.phone.replace(/[^0-9+]/g, '');
    return link;
  };

  P.details = function (row) {
    var self = this, box = J.node('div', 'jv-more');
    var note = J.node('input', 'jv-note'), next = J.node('input', 'jv-next');
    var noteLabel = J.node('label', '', '备注（不超过 ' + this.list.note_max + ' 字；不记看法）');
    var nextLabel = J.node('label', '', '下次');
    note.type = 'text';
    note.maxLength = this.list.note_max;
    note.autocomplete = 'off';
    next.type = 'date';
    next.min = asked(this.hooks.today);
    row.note = note;
    row.next = next;
    note.onchange = next.onchange = function () { if (row.said) { self.answer(row, row.said.result); } };
    add(box, add(noteLabel, note), add(nextLabel, next));
    return row.box.isGroup ? this.folded(box) : box;
  };

  /* In a group few have a note: it opens on demand. */
  P.folded = function (box) {
    var button = J.node('button', 'jv-fold', '备注、下次');
    button.type = 'button';
    box.style.display = 'none';
    button.onclick = function () { box.style.display = box.style.display ? '' : 'none'; };
    return add(J.node('div'), button, box);
  };

  P.answer = function (row, result) {
    var next = /^\d{4}-\d\d-\d\d$/.test(row.next.value) ? row.next.value : null;
    var said = { result: result, note: row.note.value.replace(/^\s+|\s+$/g, '').slice(0, this.list.note_max), next_on: next };
    var had = row.said, k = had && had.result === said.result && had.note === said.note;
    if (k && (had.next_on || null) === said.next_on) { return; }
    said.key = J.newKey();
    said.target = row.target.id;
    said.on = asked(this.hooks.today);
    said.by = asked(this.hooks.by);
    said.based_on = row.base;
    row.isOwn = true;
    this.fill(row, said);
    row.line.textContent = '';
    row.line.className = 'jv-line';
    this.tick(row.box);
    this.count();
    if (this.hooks.save) { this.hooks.save(said); }
  };

  P.fill = function (row, said) {
    row.said = said;
    row.note.value = said.note || '';
    row.next.value = said.next_on || '';
    for (var code in row.buttons) {
      if (Object.prototype.hasOwnProperty.call(row.buttons, code)) {
        row.buttons[code].setAttribute('aria-pressed', code === said.result ? 'true' : 'false');
      }
    }
  };

  P.tick = function (box) {
    var self = this, said = [];
    box.rows.forEach(function (row) { if (row.said && !row.isRefused) { said.push(self.label(row.said.result)); } });
    box.node.className = box.node.className.replace(' jv-done', '') + (box.isDone() ? ' jv-done' : '');
    var next = box.isDone() ? this.after(box) : null;
    box.next.style.display = next ? '' : 'none';
    box.next.textContent = next ? '下一站：' + next.name : '';
    box.state.textContent = said.length > 1 ? said.length + '/' + box.rows.length : said[0] || '';
  };

  P.label = function (code) {
    for (var k = 0; k < this.list.codes.length; k += 1) {
      if (this.list.codes[k][0] === code) { return this.list.codes[k][1]; }
    }
    return code;
  };

  P.count = function () {
    var done = 0, key;
    for (key in this.rows) { if (this.rows[key].said && !this.rows[key].isRefused) { done += 1; } }
    this.sum.textContent = this.total ? '已记 ' + done + ' 人，共 ' + this.total + ' 人' : '';
    if (this.hooks.counted) { this.hooks.counted(done, this.total); }
  };

  P.open = function (box, byHand) {
    this.stops.forEach(function (one) { one.node.className = one.node.className.replace(' jv-open', ''); });
    if (byHand !== null) { box.node.className += ' jv-open'; }
    this.tick(box);
    if (byHand && box.node.scrollIntoView) { box.node.scrollIntoView(true); }
  };

  P.show = function (target, said) {
    var row = this.rows[target];
    if (!row) { return false; }
    row.isOwn = true;
    this.fill(row, said);
    row.line.textContent = '';
    this.tick(row.box);
    this.count();
    return true;
  };

  P.mark = function (target, state, message) {
    var row = this.rows[target];
    if (!row) { return; }
    if (!!row.isRefused !== (state === 'failed')) { // what was refused is not recorded, whatever button is down
      row.isRefused = state === 'failed';
      this.tick(row.box);
      this.count();
    }
    row.line.className = 'jv-line' + (state ? ' jv-' + state : '');
    row.line.textContent = message || '';
  };

  P.accepted = function (target, resultId) { if (this.rows[target]) { this.rows[target].base = resultId; } };

  P.answers = function () {
    var found = [], self = this;
    this.list.stops.forEach(function (stop) {
      stop.targets.forEach(function (target) {
        var row = self.rows[target.id];
        if (row.isOwn && row.said) { found.push(row.said); }
      });
    });
    return found;
  };

  J.mount = function (root, list, hooks) { return new View(root, list, hooks); };
})();
