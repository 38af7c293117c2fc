/* The page of a team on the phone: the list of visit_list.js, the queue, and above both what is saved and what is not. */
(function () {
  'use strict';
  var J = window.JiujinVisits, data = JSON.parse(document.getElementById('data').textContent);
  var page = data.page, list = data.list, node = J.node, view, queue, parts = {};

  function add(parent) {
    for (var k = 1; k < arguments.length; k += 1) { if (arguments[k]) { parent.appendChild(arguments[k]); } }
    return parent;
  }

  function link(text, address, kind) {
    var made = node('a', kind, text);
    made.href = address;
    return made;
  }

  function signIn() { return '/login?next=' + encodeURIComponent(location.pathname); }

  /* The day of a visit: what stands in the head, at first today, or the last planned day once that has passed. */
  function day() { return parts.day.value || page.today; }

  function dayField() {
    var label = node('label', 'day', '走访日期 '), said = node('b');
    parts.day = node('input');
    parts.day.type = 'date';
    parts.day.max = page.today;
    parts.day.value = page.on;
    parts.day.onchange = function () { said.textContent = J.sayDay(day()) + (day() === page.today ? '（今天）' : ''); };
    parts.day.onclick = function () { if (parts.day.showPicker) { try { parts.day.showPicker(); } catch (none) { parts.day.focus(); } } };
    parts.day.onchange();
    return add(label, said, parts.day);
  }

  function head() {
    var top = node('header', 'top'), line = node('p', 'when');
    add(line, dayField(), link('我的走访', '/visits/my'));
    parts.fill = node('i');
    parts.count = node('b');
    parts.state = node('span', 'state');
    parts.state.setAttribute('role', 'status');
    add(top, node('h1', '', list.round + ' · 第 ' + list.team + ' 组'), node('p', 'who', list.visitors.join('、')), line);
    document.body.insertBefore(top, document.body.firstChild);
    parts.bar = add(node('div', 'bar'), add(node('div', 'gauge'), parts.fill), add(node('p'), parts.count, parts.state));
    document.body.insertBefore(parts.bar, top.nextSibling);
    parts.faults = node('div', 'faults');
    document.body.insertBefore(parts.faults, parts.bar.nextSibling);
  }

  /* The picture above the list is small; a tap fetches the large one, which is moved and enlarged with the fingers. */
  function picture() {
    var box = document.getElementById('map');
    if (box) {
      box.onclick = enlarge;
      box.firstElementChild.onerror = function () { box.style.display = 'none'; };
    }
  }

  function enlarge() {
    var cover = node('div', 'cover'), shut = node('button', 'shut', '关闭'), image = node('img'), held = document.activeElement;
    function close() {
      document.removeEventListener('keydown', onKey);
      document.body.removeChild(cover);
      if (held && held.focus) { held.focus(); }
    }
    function onKey(event) { if (event.key === 'Escape' || event.key === 'Esc') { close(); } }
    shut.type = 'button';
    shut.onclick = close;
    image.alt = '路线图';
    image.onerror = function () { cover.insertBefore(node('p', 'warn', '现在连不上，稍后再看大图。'), image); };
    image.src = '/visits/map/' + encodeURIComponent(page.number) + '.svg';
    image.onclick = function () { image.className = image.className ? '' : 'wide'; };
    document.addEventListener('keydown', onKey);
    document.body.appendChild(add(cover, shut, image));
    shut.focus();
  }

  function find(target) {
    var found = {};
    list.stops.forEach(function (stop) { stop.targets.forEach(function (one) { if (one.id === target) { found = one; } }); });
    return found;
  }

  function showState(waiting) {
    var text = Object.keys(queue.answers).length ? '已全部保存' : '随点随存', kind = 'state good';
    if (queue.needs) {
      text = waiting + ' 条未送出，请';
      kind = 'state bad';
    } else if (waiting) {
      text = !queue.failures ? '正在保存 ' + waiting + ' 条…' : waiting + ' 条待送出，连上网自动保存';
      kind = 'state wait';
    } else if (queue.faults().length) {
      text = '';
    }
    parts.state.className = kind;
    parts.state.textContent = text;
    if (queue.needs) { add(parts.state, link('重新登录', signIn())); }
  }

  function nameOf(item) { return find(item.said.target).name || ''; }

  function why(item) { // the name stands before it already
    var name = nameOf(item) + '：';
    return item.fault.indexOf(name) === 0 ? item.fault.slice(name.length) : item.fault;
  }

  function showFaults() {
    parts.faults.textContent = '';
    queue.faults().forEach(function (item) {
      var line = node('p', 'fault', nameOf(item) + '：没有保存。' + why(item) + ' '), button = node('button', '', '知道了');
      button.type = 'button';
      button.onclick = function () {
        queue.discard(item.said.target);
        if (!queue.waiting().length) { location.reload(); }
      };
      add(parts.faults, add(line, button));
    });
    if (!queue.isLasting) { add(parts.faults, node('p', 'warn', '这部手机的浏览器不能暂存，显示“已全部保存”之前请不要关闭页面。')); }
    if (queue.others) { add(parts.faults, node('p', 'warn', '这部手机上另有账号登记了 ' + queue.others + ' 条还没有送出，请该账号登录后打开本页。')); }
  }

  function mark(target) {
    var item = queue.latest(target), answer = queue.answers[target];
    if (item && item.fault) {
      view.mark(target, 'failed', '没有保存：' + why(item));
    } else if (item) {
      view.mark(target, 'waiting', queue.failures || queue.needs ? '已记下，待送出' : '正在保存…');
    } else if (answer && answer.state === 'saved') {
      view.accepted(target, answer.id);
      view.mark(target, 'saved', '已保存');
    } else if (answer) {
      view.mark(target, 'conflict', answer.message || '已有不同的登记，已交支部核对');
    }
  }

  function tell() {
    if (!view) { return; }
    list.stops.forEach(function (stop) { stop.targets.forEach(function (one) { mark(one.id); }); });
    showState(queue.unsaved());
    showFaults();
  }

  head();
  picture();
  queue = new J.Queue(page, tell);
  queue.learn(function (target) { return find(target).done; });
  queue.others = queue.ofOthers();
  view = J.mount(document.getElementById('list'), list, {
    by: page.by,
    today: day,
    save: function (said) { queue.add(said); },
    counted: function (done, total) {
      parts.count.textContent = '已登记 ' + done + '/' + total;
      parts.fill.style.width = (total ? 100 * done / total : 0) + '%';
    }
  });
  queue.items.forEach(function (item) { view.show(item.said.target, item.said); });
  tell();
  queue.wake();
}());
