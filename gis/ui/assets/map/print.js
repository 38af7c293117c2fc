/* Printing the view: a small form, then the server draws the same layers as a PDF. Only what is looked at is sent: the
   rectangle, what is hidden, the filter, the paper, the title. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var P = J.Street.prototype;
  var ADDRESS = '/gis/print/map', LONGEST = 40;
  var FIELDS = [
    { name: 'size', text: '纸张', choices: [['a4', 'A4'], ['a3', 'A3']] },
    { name: 'upright', text: '方向', choices: [['', '横向'], ['1', '纵向']] },
    { name: 'outside', text: '用途', choices: [['', '内部使用'], ['1', '对外使用']] }
  ];
  var OUTSIDE = '对外使用须有审图号。不印党员、中心户和临时党小组，只印党群服务阵地和网格人数；少于 3 名的从略，筛选不起作用。';

  J.actions.push({
    code: 'print', text: '打印', title: '把现在看到的范围存成 PDF',
    press: function (street, button) { street.openPrint(button); }
  });

  P.openPrint = function (button) {
    if (this.printBox) { this.closePrint(); return; }
    var self = this, sheet = this.printBox = J.add(this.root, 'div', 'jj-print');
    L.DomEvent.disableClickPropagation(sheet);
    L.DomEvent.disableScrollPropagation(sheet);
    this.printButton = button;
    var form = J.add(sheet, 'form', 'jj-print-form');
    form.setAttribute('role', 'dialog');
    form.setAttribute('aria-modal', 'true');
    form.setAttribute('aria-label', '打印');
    J.add(form, 'h3', '', '打印');
    form.setAttribute('novalidate', '');
    var title = addTitle(form), picked = {};
    FIELDS.forEach(function (field) { addChoices(form, field, picked, function () { self.tellPrint(picked); }); });
    this.printNote = J.add(form, 'p', 'jj-print-note');
    this.printSaid = J.add(form, 'p', 'jj-print-said');
    this.printSaid.setAttribute('role', 'status');
    var row = J.add(form, 'div', 'jj-print-row'), go = J.add(row, 'button', 'jj-print-go', '生成 PDF');
    var away = J.add(row, 'button', 'jj-print-away', '取消');
    go.type = 'submit';
    away.type = 'button';
    away.onclick = function () { self.closePrint(); };
    sheet.onkeydown = function (event) {
      if (event.key === 'Escape') { event.stopPropagation(); self.closePrint(); }
      if (event.key === 'Tab') { keepIn(event, title, away); }
    };
    sheet.onclick = function (event) { if (event.target === sheet) { self.closePrint(); } };
    form.onsubmit = function (event) {
      event.preventDefault();
      self.sendPrint(self.printRequest(title.value, picked), go);
    };
    this.tellPrint(picked);
    title.focus();
  };

  /* From the last back to the first, so that nobody tabs through the map behind. */
  function keepIn(event, first, last) {
    if (event.target === (event.shiftKey ? first : last)) {
      event.preventDefault();
      (event.shiftKey ? last : first).focus();
    }
  }

  function addTitle(form) {
    var line = J.add(form, 'label', 'jj-print-title');
    J.add(line, 'span', '', '标题');
    var input = J.add(line, 'input');
    input.type = 'text';
    input.maxLength = LONGEST;
    input.placeholder = '不填时用街道名称';
    input.setAttribute('autocomplete', 'off');
    return input;
  }

  function addChoices(form, field, picked, changed) {
    var set = J.add(form, 'fieldset', 'jj-print-field');
    J.add(set, 'legend', '', field.text);
    field.choices.forEach(function (choice, k) {
      var line = J.add(set, 'label'), input = J.add(line, 'input');
      input.type = 'radio';
      input.name = 'jj-print-' + field.name;
      input.value = choice[0];
      input.checked = k === 0;
      input.onchange = function () { picked[field.name] = choice[0]; changed(); };
      J.add(line, 'span', '', choice[1]);
    });
    picked[field.name] = field.choices[0][0];
  }

  /* What will not be on the sheet, before somebody misses it there. */
  P.tellPrint = function (picked) {
    var out = [];
    if (this.theme()) { out.push('专题图'); }
    if (this.basemap) { out.push('底图'); }
    if (this.draft) { out.push('组织范围和片区'); }
    var words = out.length ? [out.join('、') + '不印，只印本街道的图层。'] : [];
    if (picked.outside) { words.push(OUTSIDE); }
    J.bindText(this.printNote, words.join(''));
    this.printNote.hidden = !words.length;
    J.bindText(this.printSaid, '');
    this.printSaid.className = 'jj-print-said';
  };

  P.printRequest = function (title, picked) {
    var b = this.map.getBounds(), hidden = this.hidden, filter = this.view.filter;
    return {
      box: [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()], title: title.trim(), size: picked.size,
      upright: Boolean(picked.upright), outside: Boolean(picked.outside),
      hidden: Object.keys(hidden).filter(function (name) { return hidden[name]; }),
      filter: filter ? { state: filter.state, branches: filter.branches, grids: filter.grids, bands: filter.bands } : {},
      group: this.chosenGroup()
    };
  };

  P.sendPrint = function (wanted, go) {
    var self = this, said = this.printSaid;
    go.disabled = true;
    said.className = 'jj-print-said';
    J.bindText(said, '正在生成…');
    window.fetch(ADDRESS, {
      method: 'POST', credentials: 'same-origin', cache: 'no-store', headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(wanted)
    }).then(function (answer) {
      if (answer.status === 401) { window.location.reload(); }
      if (answer.ok) { return answer.blob().then(function (blob) { save(blob, nameOf(answer)); self.closePrint(); }); }
      return answer.json().then(function (found) { complain(said, found.error); });
    }).catch(function (error) {
      window.console.error(error);
      complain(said, '没有生成，请检查网络后再试');
    }).then(function () { go.disabled = false; });
  };

  function complain(said, words) {
    said.className = 'jj-print-said jj-print-fault';
    J.bindText(said, words);
  }

  function nameOf(answer) {
    var found = /filename\*=UTF-8''([^;]+)/.exec(answer.headers.get('Content-Disposition') || '');
    return found ? decodeURIComponent(found[1]) : '一张图.pdf';
  }

  function save(blob, name) {
    var url = window.URL.createObjectURL(blob), link = document.createElement('a');
    link.href = url;
    link.download = name;
    document.body.appendChild(link);
    link.click();
    document.body.removeChild(link);
    window.setTimeout(function () { window.URL.revokeObjectURL(url); }, 60000);
  }

  P.closePrint = function () {
    if (!this.printBox) { return; }
    L.DomUtil.remove(this.printBox);
    this.printBox = null;
    if (this.printButton && this.printButton.isConnected) { this.printButton.focus(); }
  };
})();
