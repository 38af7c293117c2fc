/* 新增中心户: the proposed places by number; of the chosen one the walking areas by age and who comes to be covered. */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var TONE = '#8f0f16', GAIN = '#1f5fa8';

  /* A house with its number: filled where chosen, outlined where not. */
  J.shapes.proposed = function (ctx, p, o) {
    var r = o.radius;
    ctx.beginPath();
    ctx.moveTo(p.x, p.y - r * 1.25);
    ctx.lineTo(p.x + r, p.y - r * 0.4);
    ctx.lineTo(p.x + r, p.y + r);
    ctx.lineTo(p.x - r, p.y + r);
    ctx.lineTo(p.x - r, p.y - r * 0.4);
    ctx.closePath();
    ctx.lineJoin = 'round';
    ctx.lineWidth = 6;
    ctx.strokeStyle = '#ffffff';
    ctx.stroke();
    ctx.fillStyle = o.isChosen ? TONE : '#ffffff';
    ctx.fill();
    ctx.lineWidth = 2.4;
    ctx.strokeStyle = TONE;
    ctx.stroke();
    ctx.font = '700 12px sans-serif';
    ctx.textAlign = 'center';
    ctx.textBaseline = 'middle';
    ctx.fillStyle = o.isChosen ? '#ffffff' : TONE;
    ctx.fillText(String(o.count), p.x, p.y + r * 0.2);
  };

  /* Blue disc with a plus: comes to be covered. */
  J.shapes.gain = function (ctx, p, o) {
    var r = o.radius;
    ctx.beginPath();
    ctx.arc(p.x, p.y, r + 1.5, 0, 2 * Math.PI);
    ctx.fillStyle = '#ffffff';
    ctx.fill();
    ctx.beginPath();
    ctx.arc(p.x, p.y, r, 0, 2 * Math.PI);
    ctx.fillStyle = GAIN;
    ctx.fill();
    ctx.lineWidth = 1.8;
    ctx.strokeStyle = '#ffffff';
    ctx.beginPath();
    ctx.moveTo(p.x - r * 0.5, p.y);
    ctx.lineTo(p.x + r * 0.5, p.y);
    ctx.moveTo(p.x, p.y - r * 0.5);
    ctx.lineTo(p.x, p.y + r * 0.5);
    ctx.stroke();
    if (o.isRough) {
      ctx.beginPath();
      ctx.arc(p.x, p.y, r + 4, 0, 2 * Math.PI);
      ctx.setLineDash([2, 3]);
      ctx.lineWidth = 1.2;
      ctx.strokeStyle = GAIN;
      ctx.stroke();
      ctx.setLineDash([]);
    }
  };

  function draw(street, raw) {
    J.followPlace(street, 'next', raw.place, J.areaBounds(raw.path));
    J.drawAreas(street, raw.path, raw.who.length);
    raw.gained.forEach(function (one) {
      street.addSymbol({ shape: 'gain', radius: 6 + (one[2] > 1 ? 1.5 : 0), isRough: one[3] === 1 }, one[1], one[0]);
      street.note({ kind: 'none', id: 0 }, one[1], one[0], 8, ['新覆盖 ' + one[2] + ' 名过渡期党员'].concat(one[3] ? ['按本人意愿只显示到网格'] : []));
    });
    raw.spots.slice().sort(function (a, b) { return (a.n === raw.chosen) - (b.n === raw.chosen) || b.n - a.n; }).forEach(function (spot) {
      street.addSymbol({ shape: 'proposed', radius: 10, count: spot.n, isChosen: spot.n === raw.chosen }, spot.y, spot.x);
      street.note({ kind: 'next', id: spot.n }, spot.y, spot.x, 12, spot.words);
    });
  }

  function rows(street, raw) {
    var out = [{ title: '新增中心户' }, { text: '建议的位置，按次序', shape: { shape: 'proposed', radius: 7, count: 1, isChosen: true } }];
    if (raw.gained.length) { out.push({ text: '设好后新覆盖的党员', shape: { shape: 'gain', radius: 6 } }); }
    out.push({ title: '从选中的一处步行 ' + raw.minutes + ' 分钟' });
    raw.who.forEach(function (who, k) { out.push(J.areaRow(k, who)); });
    return out;
  }

  J.themes = J.themes || {};
  J.themes.next = {
    hides: { groups: true }, counts: function () { return {}; }, draw: draw, rows: rows,
    bounds: function (raw) {
      var bounds = J.areaBounds(raw.path);
      raw.spots.forEach(function (spot) { bounds.extend([spot.y, spot.x]); });
      return bounds;
    }
  };
})();
