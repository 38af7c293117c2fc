/* A sheet at the desk: one row for each member in the order of the paper, results by number keys.

   1–6 result and on to the next row · Enter, ↓ next · ↑ back · 0, Backspace take the row back · n note · d next date.
   A row that was entered elsewhere is changed only after it was taken back; another key on it is sent as said without
   knowledge, so that the server keeps both and a person decides. */
(function () {
  'use strict';
  var J = window.JiujinVisits, data = JSON.parse(document.getElementById('data').textContent);
  var page = data.page, list = data.list, rows = [], byTarget = {}, parts = {}, queue, at = 0;
  var HELP = [['1–6', '登记结果，光标自动下移'], ['Enter ↓', '下一行'], ['↑', '上一行'], ['0 退格', '更正这一行'],
    ['n', '备注'], ['d', '下次日期'], ['t', '走访日期'], ['?', '按键说明']];

  function node(name, kind, text) {
    var made = document.createElement(name);
    if (kind) { made.className = kind; }
    if (text !== undefined && text !== null && text !== '') { made.textContent = text; }
    return made;
  }

  function add(parent) {
    for (var k = 1; k < arguments.length; k += 1) { if (arguments[k]) { parent.appendChild(arguments[k]); } }
    return parent;
  }

  function two(number) { return (number < 10 ? '0' : '') + number; }

  function iso(date) { return date.getFullYear() + '-' + two(date.getMonth() + 1) + '-' + two(date.getDate()); }

  function dayOf(text) {
    var numbers = text.split('-');
    return new Date(Number(numbers[0]), Number(numbers[1]) - 1, Number(numbers[2]));
  }

  /* '1205', '12-5', '12.5', '12月5日', '2026-12-5', '+14' (days after the visit); '' for none; null where it is no day.
     Without a year: the next such day after `from`. */
  J.readDay = function (text, from) {
    var said = String(text).replace(/\s/g, ''), base = dayOf(from), found, year, date;
    if (!said) { return ''; }
    found = /^\+(\d{1,3})$/.exec(said);
    if (found) { return iso(new Date(base.getFullYear(), base.getMonth(), base.getDate() + Number(found[1]))); }
    found = /^(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?$/.exec(said) || /^(\d{4})?(\d\d)(\d\d)$/.exec(said);
    if (!found) { return null; }
    year = Number(found[1] || base.getFullYear());
    date = new Date(year, Number(found[2]) - 1, Number(found[3]));
    if (!found[1] && date < base) { date = new Date(year + 1, Number(found[2]) - 1, Number(found[3])); }
    return date.getMonth() === Number(found[2]) - 1 && date.getDate() === Number(found[3]) ? iso(date) : null;
  };

  function field(label, kind, value) {
    var box = node('label', '', label), input = node('input', kind);
    input.type = kind === 'day' ? 'date' : 'text';
    input.value = value;
    return { box: add(box, input), input: input };
  }

  function head(root) {
    var bar = node('div', 'sheet'), keys = node('p', 'keys');
    parts.on = field('走访日期', 'day', page.on);
    parts.on.input.max = page.today;
    parts.by = field('走访人', 'by', page.by);
    parts.by.input.maxLength = 100;
    parts.count = node('b', 'count');
    parts.state = node('span', 'state');
    parts.state.setAttribute('role', 'status');
    list.codes.forEach(function (code, k) { add(keys, node('kbd', '', String(k + 1)), document.createTextNode(code[1] + ' ')); });
    add(keys, node('kbd', '', '?'), document.createTextNode('按键说明'));
    add(bar, parts.on.box, parts.by.box, parts.count, parts.state, keys);
    [parts.on.input, parts.by.input].forEach(function (input) {
      input.onkeydown = function (event) { if (event.key === 'Enter' || event.key === 'Escape') { event.preventDefault(); go(at); } };
    });
    parts.help = node('div', 'help');
    parts.help.hidden = true;
    HELP.forEach(function (one) { add(parts.help, add(node('p'), node('kbd', '', one[0]), node('span', '', one[1]))); });
    parts.help.onclick = function () { help(false); };
    add(root, bar, parts.help);
  }

  function help(isShown) {
    parts.help.hidden = !isShown;
    go(at);
  }

  function makeRow(stop, target, isFirst) {
    var row = { target: target, said: null, base: 0, isForeign: false, buttons: [] }, line = node('tr'), cell, where;
    line.tabIndex = -1;
    where = node('td', 'where', isFirst ? (stop.is_group ? stop.title + '　' : '') + stop.place : '');
    row.line = line;
    add(line, node('td', 'n', isFirst ? String(stop.n) : ''), node('td', 'name', target.name), where);
    cell = node('td', 'codes');
    list.codes.forEach(function (code, k) {
      var button = node('button', '', code[1]);
      button.type = 'button';
      button.tabIndex = -1;
      button.setAttribute('data-key', String(k + 1));
      button.onclick = function () { at = rows.indexOf(row); choose(row, code[0]); go(at); };
      row.buttons.push(button);
      add(cell, button);
    });
    row.note = node('input', 'note');
    row.note.maxLength = list.note_max;
    row.note.setAttribute('aria-label', target.name + ' 备注');
    row.next = node('input', 'next');
    row.next.placeholder = '12-5 或 +14';
    row.next.maxLength = 11;
    row.next.setAttribute('aria-label', target.name + ' 下次日期');
    row.state = node('td', 'said');
    row.note.tabIndex = row.next.tabIndex = -1;
    add(line, cell, add(node('td'), row.note), add(node('td'), row.next), row.state);
    line.onmousedown = function () { at = rows.indexOf(row); light(); };
    row.note.onchange = row.next.onchange = function () { details(row); };
    [row.note, row.next].forEach(function (input) { input.onkeydown = function (event) { inField(event, row, input); }; });
    if (target.done) { fill(row, target.done); row.base = target.done.id; row.isForeign = true; row.isOpen = false; }
    rows.push(row);
    byTarget[target.id] = row;
    return line;
  }

  function fill(row, said) {
    row.said = said;
    row.note.value = said.note || '';
    row.next.value = said.next_on || '';
    paint(row);
  }

  function paint(row) {
    list.codes.forEach(function (code, k) {
      var isOn = row.said && row.said.result === code[0];
      row.buttons[k].className = isOn ? 'on' : '';
      row.buttons[k].setAttribute('aria-pressed', isOn ? 'true' : 'false');
    });
  }

  function light() {
    rows.forEach(function (row, k) { row.line.className = (k === at ? 'here ' : '') + (row.isOpen ? 'open' : ''); });
  }

  function go(to) {
    if (!rows.length) { return; }
    at = Math.max(0, Math.min(rows.length - 1, to));
    light();
    rows[at].line.focus();
    if (rows[at].line.scrollIntoView) { rows[at].line.scrollIntoView({ block: 'nearest' }); }
  }

  /* What goes out: with the knowledge of the accepted result only where this desk made it, or took the row back. */
  function say(row, result) {
    var day = parts.on.input.value || page.today, next = J.readDay(row.next.value, day), said;
    if (next === null) {
      row.next.className = 'next bad';
      return tellRow(row, 'bad', '“' + row.next.value + '”不是日期，请写 12-5 或 +14');
    }
    row.next.className = 'next';
    said = { target: row.target.id, result: result, on: day, by: parts.by.input.value.replace(/^\s+|\s+$/g, '') || page.by,
      note: row.note.value.replace(/^\s+|\s+$/g, ''), next_on: next || null, based_on: row.isForeign && !row.isOpen ? 0 : row.base };
    row.isOpen = false;
    fill(row, said);
    queue.add(said);
    return true;
  }

  function isAs(row, result) {
    var next = J.readDay(row.next.value, parts.on.input.value || page.today), said = row.said;
    return said && !row.isOpen && said.result === result && (said.note || '') === row.note.value && (said.next_on || '') === (next || '');
  }

  function choose(row, result) { if (!isAs(row, result)) { say(row, result); } }

  function details(row) {
    if (!row.said || isAs(row, row.said.result)) { return; }
    if (row.isForeign) { row.isOpen = true; }  /* only what was seen here is added to */
    say(row, row.said.result);
  }

  function takeBack(row) {
    if (!row.said) { return; }
    row.isOpen = true;
    row.buttons.forEach(function (button) { button.className = ''; button.setAttribute('aria-pressed', 'false'); });
    tellRow(row, 'wait', '更正：请按 1–6（原为 ' + label(row.said.result) + '），Esc 不改');
    light();
  }

  function label(code) {
    var found = code;
    list.codes.forEach(function (one) { if (one[0] === code) { found = one[1]; } });
    return found;
  }

  function inField(event, row, input) {
    if (event.key !== 'Enter' && event.key !== 'Escape' && event.key !== 'ArrowDown' && event.key !== 'ArrowUp') { return; }
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape' && row.said) { fill(row, row.said); }
    at = rows.indexOf(row);
    input.blur();
    go(at);
  }

  function onKey(event) {
    var row = rows[at], key = event.key, digit;
    if (event.ctrlKey || event.altKey || event.metaKey || !row || event.target.tagName === 'INPUT') { return; }
    if (!parts.help.hidden) { event.preventDefault(); help(false); return; }
    digit = /^[1-9]$/.test(key) ? Number(key) : 0;
    if (digit && digit <= list.codes.length) {
      choose(row, list.codes[digit - 1][0]);
      go(at + 1);
    } else if (key === 'Enter' || key === 'ArrowDown') { go(at + 1); }
    else if (key === 'ArrowUp') { go(at - 1); }
    else if (key === 'Home') { go(0); }
    else if (key === 'End') { go(rows.length - 1); }
    else if (key === '0' || key === 'Backspace' || key === 'Delete') { takeBack(row); }
    else if (key === 'Escape' && row.isOpen) { row.isOpen = false; paint(row); light(); tell(); }
    else if (key === 'n' || key === 'N') { row.note.focus(); row.note.select(); }
    else if (key === 'd' || key === 'D') { row.next.focus(); row.next.select(); }
    else if (key === 't' || key === 'T') { parts.on.input.focus(); }
    else if (key === '?' || key === '？') { help(true); }
    else { return; }
    event.preventDefault();
  }

  function tellRow(row, kind, text) {
    row.state.className = 'said ' + kind;
    row.state.textContent = text;
  }

  function tellOne(row) {
    var item = queue.latest(row.target.id), answer = queue.answers[row.target.id];
    if (row.isOpen) { return; }
    if (item && item.fault) {
      tellRow(row, 'bad', '没有保存：' + item.fault);
    } else if (item) {
      tellRow(row, 'wait', queue.failures || queue.needs ? '待送出' : '正在保存…');
    } else if (answer && answer.state === 'saved') {
      row.base = answer.id;
      row.isForeign = false;
      tellRow(row, 'good', '已保存');
    } else if (answer) {
      tellRow(row, 'bad', answer.message || '与已登记的不同，已列入待核对');
    } else if (row.target.done) {
      tellRow(row, 'was', '已登记 ' + row.target.done.on.slice(5) + ' ' + row.target.done.by);
    }
  }

  function tell() {
    var waiting, done = 0, link;
    if (!queue) { return; }
    waiting = queue.unsaved();
    rows.forEach(function (row) { tellOne(row); if (row.said) { done += 1; } });
    parts.count.textContent = '已登记 ' + done + '/' + rows.length;
    parts.state.className = 'state ' + (queue.needs ? 'bad' : waiting ? 'wait' : 'good');
    parts.state.textContent = queue.needs ? '登录已过期，' + waiting + ' 条还没有保存，请' : waiting ? waiting + ' 条正在保存…' : done ? '已全部保存' : '';
    if (queue.needs) {
      link = node('a', '', '重新登录');
      link.href = '/login?next=' + encodeURIComponent(location.pathname);
      add(parts.state, link);
    }
    if (!queue.isLasting) { parts.state.textContent += '（浏览器不能暂存，请勿关闭页面）'; }
  }

  function table(root) {
    var made = node('table'), top = node('tr'), body = node('tbody'), half = '';
    ['序号', '姓名', '住址或地点', '结果', '备注', '下次', ''].forEach(function (text) { add(top, node('th', '', text)); });
    list.stops.forEach(function (stop) {
      var line;
      if (stop.half !== half) {
        line = node('td', 'half', stop.half);
        line.colSpan = 7;
        add(body, add(node('tr'), line));
        half = stop.half;
      }
      stop.targets.forEach(function (target, k) { add(body, makeRow(stop, target, k === 0)); });
    });
    add(root, add(made, add(node('thead'), top), body));
  }

  function start() {
    var root = document.getElementById('desk'), first = 0;
    root.textContent = '';
    head(root);
    table(root);
    queue = new J.Queue(page, tell);
    queue.learn(function (target) { return byTarget[target] ? byTarget[target].target.done : null; });
    queue.items.forEach(function (item) { if (byTarget[item.said.target]) { fill(byTarget[item.said.target], item.said); } });
    while (first < rows.length - 1 && rows[first].said) { first += 1; }
    document.addEventListener('keydown', onKey);
    tell();
    go(first);
    queue.wake();
  }

  start();
}());
