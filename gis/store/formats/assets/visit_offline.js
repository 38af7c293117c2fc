/* The offline list: nothing is asked from any server; results stay in this browser until a file is made of them. */
(function () {
  'use strict';
  var J = window.JiujinVisits;
  var list = JSON.parse(document.getElementById('jv-data').textContent);
  var name = 'jiujin-visits/' + list.sheet, kept = { answers: {}, made: {} }, isLasting = false, view = null;

  function by(id) { return document.getElementById(id); }

  function today() { return J.day(new Date()); }

  function read() {
    var text;
    try {
      window.localStorage.setItem(name + '/try', '1');
      isLasting = window.localStorage.getItem(name + '/try') === '1';
      window.localStorage.removeItem(name + '/try');
      text = window.localStorage.getItem(name);
      if (text) { kept = JSON.parse(text); }
    } catch (none) { isLasting = false; }
    kept.answers = kept.answers || {};
    kept.made = kept.made || {};
  }

  function write() {
    try { window.localStorage.setItem(name, JSON.stringify(kept)); } catch (none) { isLasting = false; }
  }

  function each(answers, use) {
    for (var target in answers) {
      if (Object.prototype.hasOwnProperty.call(answers, target)) { use(answers[target], target); }
    }
  }

  function waiting() {
    var count = 0;
    each(kept.answers, function (said) { if (!kept.made[said.key]) { count += 1; } });
    return count;
  }

  function tell() {
    var count = 0, open = waiting(), line = by('jv-kept');
    each(kept.answers, function () { count += 1; });
    by('jv-lost').hidden = isLasting;
    by('jv-make').disabled = !count;
    line.textContent = !count ? '还没有登记结果。' :
      open ? '有 ' + open + ' 人的结果还没有生成文件，走完请按下面的按钮。' : count + ' 人的结果都已生成文件，请交给支部上传。';
  }

  function fileText() {
    var rows = [], order = {};
    list.stops.forEach(function (stop) { stop.targets.forEach(function (one) { order[one.id] = stop.n; }); });
    each(kept.answers, function (said, target) {
      var row = {
        key: said.key, target: Number(target), result: said.result, on: said.on, by: said.by, note: said.note || '',
        next_on: said.next_on || null
      };
      if (said.based_on) { row.based_on = said.based_on; }  // corrects what stood on this list when it was made
      if (said.replaces && said.replaces.length) { row.replaces = said.replaces; }  // corrects what an earlier file said
      rows.push(row);
    });
    rows.sort(function (a, b) { return order[a.target] - order[b.target] || a.target - b.target; });
    return JSON.stringify({ format: 'jiujin-visit-results', version: 1, sheet: list.sheet, results: rows });
  }

  /* The keys under which earlier answers for the same person have gone into a file, the latest last. */
  function earlier(before) {
    if (!before) { return []; }
    return (before.replaces || []).concat(kept.made[before.key] ? [before.key] : []).slice(-20);
  }

  function make() {
    var text = fileText(), link = J.node('a'), address = null;
    try {
      address = window.URL.createObjectURL(new Blob([text], { type: 'application/json' }));
      link.href = address;
      link.download = '走访结果-' + list.sheet + '.json';
      document.body.appendChild(link);
      link.click();
      document.body.removeChild(link);
      window.setTimeout(function () { window.URL.revokeObjectURL(address); }, 60000);
    } catch (none) { address = null; }
    by('jv-text').value = text;
    by('jv-copy').hidden = false;
    each(kept.answers, function (said) { kept.made[said.key] = 1; });
    write();
    tell();
  }

  function hide() {
    by('jv-over').hidden = false;
    by('jv-over').textContent = '这张走访单用到 ' + list.expires + ' 为止，已经过期，名单不再显示。' +
      (waiting() ? '还没有交的结果请生成文件交给支部，然后删除本文件。' : '请删除本文件，需要走访请向支部要新的走访单。');
    by('jv-map').parentNode.removeChild(by('jv-map'));
  }

  function start() {
    read();
    by('jv-open').hidden = true;
    by('jv-page').hidden = false;
    by('jv-make').onclick = make;
    by('jv-text').onfocus = function () { this.select(); };
    if (list.expires && today() > list.expires) { hide(); tell(); return; }
    view = J.mount(by('jv-list'), list, {
      by: list.visitors.join('、').slice(0, 100),
      today: today,
      save: function (said) {
        said.replaces = earlier(kept.answers[said.target]);
        kept.answers[said.target] = said;
        write();
        view.mark(said.target, isLasting ? 'saved' : 'waiting', isLasting ? '已存在本机' : '已记下，还没有存进本机');
        tell();
      }
    });
    each(kept.answers, function (said, target) {
      if (view.show(target, said)) { view.mark(target, 'saved', '已存在本机'); }
    });
    tell();
  }

  start();
})();
