/* 历年变化: one day of many, moved in the browser; the document holds all days (gis/ui/map/themes/years.py). */
(function () {
  'use strict';
  var J = window.Jiujin = window.Jiujin || {};
  var C = J.COLOURS, BEAT_MS = 1200;

  function dayOf(street, raw) {
    var kept = street.years;
    return kept && kept.at < raw.days.length ? kept.at : raw.days.length - 1;
  }

  /* --- what one day shows ------------------------------------------------------------------------------------- */

  function read(raw) {
    if (raw.marks && !raw.marks.points) { raw.marks.points = J.points(raw.marks.at); }
    return raw.marks;
  }

  /* Marks of a day by spot: how many, and how many of them in a group. */
  function homesOn(raw, day) {
    var marks = read(raw), at = {}, order = [];
    if (!marks) { return order; }
    marks.s.forEach(function (spot, k) {
      if (marks.f[k] > day || marks.l[k] < day) { return; }
      var key = spot + '/' + marks.u[k], home = at[key];
      if (!home) {
        home = at[key] = { spot: spot, lon: marks.points[spot][0], lat: marks.points[spot][1], count: 0, grouped: 0, isAssumed: Boolean(marks.u[k]) };
        order.push(home);
      }
      home.count += 1;
      home.grouped += marks.q[k];
    });
    return order;
  }

  function countsOn(raw, day) {
    var counts = {};
    if (raw.communities) {
      Object.keys(raw.communities.of).forEach(function (grid) { counts[grid] = raw.communities.n[raw.communities.of[grid]][day]; });
      return counts;
    }
    homesOn(raw, day).forEach(function (home) {
      var grid = raw.marks.g[home.spot];
      if (grid) { counts[grid] = (counts[grid] || 0) + home.count; }
    });
    return counts;
  }

  /* The same steps for all days: a colour means the same number throughout. */
  function lows(street, raw) {
    if (!raw.lows) {
      var all = [];
      raw.days.forEach(function (_, day) {
        var counts = countsOn(raw, day);
        Object.keys(counts).forEach(function (grid) { all.push(counts[grid]); });
      });
      raw.lows = J.steps(all);
    }
    return raw.lows;
  }

  J.shapes.assumed = function (ctx, p, o) {
    var colour = o.what === 'grouped' ? C.grouped : C.ungrouped;
    ctx.beginPath();
    ctx.arc(p.x, p.y, o.radius, 0, 2 * Math.PI);
    ctx.fillStyle = '#ffffff';
    ctx.fill();
    ctx.setLineDash([3, 2.4]);
    ctx.lineWidth = 1.8;
    ctx.strokeStyle = colour;
    ctx.stroke();
    ctx.setLineDash([]);
  };

  function draw(street, raw) {
    var day = dayOf(street, raw), zoom = street.map.getZoom();
    homesOn(raw, day).forEach(function (home) {
      var r = J.homeRadius(zoom, home.count), what = home.grouped === home.count ? 'grouped' : home.grouped ? 'mixed' : 'ungrouped';
      var words = [raw.labels[day], home.count + ' 名过渡期党员' + (home.grouped ? '，已编组 ' + home.grouped + ' 名' : '')];
      if (home.isAssumed) { words.push('此前没有记录，按首次登记的住址'); }
      street.addSymbol({ shape: home.isAssumed ? 'assumed' : 'home', radius: r, what: what, count: home.count, isRough: raw.marks.p[home.spot] > 0 && zoom >= 14 }, home.lat, home.lon);
      var building = raw.marks.h[home.spot];
      street.note(building ? { kind: 'building', id: building } : { kind: 'grid', id: raw.marks.g[home.spot] }, home.lat, home.lon, r, words);
    });
    showPanel(street, raw, day);
  }

  /* --- the slider --------------------------------------------------------------------------------------------- */

  function panelOf(street) {
    var stage = street.root.querySelector('.jj-stage'), panel = stage.querySelector('.jj-years');
    if (panel && panel.street === street) { return panel; }
    if (panel) { stage.removeChild(panel); }
    panel = J.add(stage, 'div', 'jj-years');
    panel.street = street;
    panel.setAttribute('role', 'group');
    panel.setAttribute('aria-label', '历年变化');
    var head = J.add(panel, 'div', 'jj-years-head');
    panel.when = J.add(head, 'strong', 'jj-years-when');
    panel.figures = J.add(head, 'span', 'jj-years-figures');
    panel.figures.setAttribute('role', 'status');
    var row = J.add(panel, 'div', 'jj-years-row');
    panel.back = button(row, '‹', '前一个时点', function () { step(street, -1); });
    panel.play = button(row, '▶', '播放', function () { toggle(street); });
    panel.next = button(row, '›', '后一个时点', function () { step(street, 1); });
    var track = J.add(row, 'div', 'jj-years-track');
    panel.range = J.add(track, 'input');
    panel.range.type = 'range';
    panel.range.min = 0;
    panel.range.step = 1;
    panel.range.setAttribute('aria-label', '时点');
    panel.range.oninput = function () { stop(street); go(street, Number(panel.range.value)); };
    panel.before = J.add(track, 'i', 'jj-years-before');
    panel.ends = J.add(track, 'div', 'jj-years-ends');
    panel.note = J.add(panel, 'div', 'jj-years-note');
    L.DomEvent.disableClickPropagation(panel);
    L.DomEvent.disableScrollPropagation(panel);
    return panel;
  }

  function button(parent, text, title, press) {
    var made = J.add(parent, 'button', '', text);
    made.type = 'button';
    made.title = title;
    made.setAttribute('aria-label', title);
    made.onclick = press;
    return made;
  }

  function said(count, unit) { return count === null ? '从略' : count + unit; }

  function figures(raw, day) {
    var words = ['过渡期 ' + said(raw.moving[day], ' 名'), '已编组 ' + said(raw.grouped[day], ' 名'), '小组 ' + raw.groups[day] + ' 个'];
    words.push('当年新进入 ' + said(raw.fresh[day], ' 名'), '累计返迁 ' + said(raw.returned[day], ' 名'));
    return words.join(' · ');
  }

  /* How many of the days end before anything was recorded at the time. */
  function unrecorded(raw) {
    return raw.days.filter(function (day) { return raw.from && day < raw.from; }).length;
  }

  function noteOn(raw, day) {
    if (!raw.from || raw.days[day] >= raw.from) { return ''; }
    return raw.from + ' 起有记录，此前没有记录：按现有登记倒推，登记前已返迁或离开的不在内';
  }

  function showPanel(street, raw, day) {
    var panel = panelOf(street), last = raw.days.length - 1, chosen = street.view.selected;
    panel.range.max = last;
    panel.range.value = day;
    panel.range.disabled = last < 1;
    panel.range.setAttribute('aria-valuetext', raw.labels[day]);
    J.bindText(panel.when, raw.labels[day] === '今天' ? '今天 ' + raw.days[day] : raw.labels[day]);
    var words = figures(raw, day);
    if (chosen && chosen.kind === 'grid') { words += ' · 所选网格' + gridWords(street, raw, chosen.id)[0].replace(/^党员/, ''); }
    J.bindText(panel.figures, words);
    J.bindText(panel.note, noteOn(raw, day));
    J.bindText(panel.ends, raw.days[0].slice(0, 4) + ' — ' + raw.days[last].slice(0, 4));
    panel.before.style.width = last ? Math.min(100, 100 * Math.max(0, unrecorded(raw) - 0.5) / last) + '%' : '0';
    panel.back.disabled = day === 0;
    panel.next.disabled = day === last;
    panel.play.disabled = last < 1;
    street.root.setAttribute('data-day', raw.days[day]);
    if (!panel.hasRoom) { window.setTimeout(function () { makeRoom(street, panel); }, 0); } else { makeRoom(street, panel); }
  }

  /* What else lies at the bottom of a phone stands above the slider; the whole street is seen above it at first. */
  function makeRoom(street, panel) {
    var high = panel.offsetHeight;
    if (!high || street.isGone) { return; }
    street.root.style.setProperty('--jj-years', high + 'px');
    if (!panel.hasRoom) {
      panel.hasRoom = true;
      if (street.map.jiujinBox) { street.fit(street.map.jiujinBox, { paddingTopLeft: [16, 56], paddingBottomRight: [16, high + 44] }); }
    }
  }

  function go(street, day) {
    var theme = street.theme();
    if (street.isGone || theme !== J.themes.years) { stop(street); return; }
    street.years = street.years || {};
    street.years.at = Math.max(0, Math.min(street.themed.raw.days.length - 1, day));
    street.draw();
  }

  function step(street, by) {
    stop(street);
    go(street, dayOf(street, street.themed.raw) + by);
  }

  function toggle(street) {
    if (street.years && street.years.timer) { stop(street); return; }
    var last = street.themed.raw.days.length - 1, day = dayOf(street, street.themed.raw);
    if (day === last) { go(street, 0); }
    street.years = street.years || { at: day };
    street.years.timer = window.setInterval(function () {
      if (street.isGone || street.theme() !== J.themes.years || dayOf(street, street.themed.raw) >= last) { stop(street); return; }
      go(street, dayOf(street, street.themed.raw) + 1);
    }, BEAT_MS);
    showPlaying(street, true);
  }

  function stop(street) {
    if (!street.years || !street.years.timer) { return; }
    window.clearInterval(street.years.timer);
    street.years.timer = null;
    showPlaying(street, false);
  }

  function showPlaying(street, isOn) {
    var play = panelOf(street).play;
    J.bindText(play, isOn ? '❚❚' : '▶');
    play.title = isOn ? '暂停' : '播放';
    play.setAttribute('aria-label', play.title);
    play.setAttribute('aria-pressed', String(isOn));
  }

  /* --- legend and words --------------------------------------------------------------------------------------- */

  function gridWords(street, raw, id) {
    var day = dayOf(street, raw), count = countsOn(raw, day)[id];
    if (raw.communities) { return count === undefined ? [] : ['全社区 ' + said(count, ' 名')]; }
    return ['党员 ' + (count || 0) + ' 名', raw.labels[day]];
  }

  function rows(street, raw) {
    var day = dayOf(street, raw), homes = homesOn(raw, day), out = [{ title: raw.labels[day] + '：过渡期党员 ' + said(raw.moving[day], ' 名') }];
    var drawn = homes.reduce(function (sum, home) { return sum + home.count; }, 0);
    if (raw.marks) { out.push({ title: '图上党员 ' + drawn + ' 名（当时的住处）' }); }
    if (homes.some(function (home) { return home.grouped && !home.isAssumed; })) { out.push(row('已编组', 'home', 'grouped')); }
    if (homes.some(function (home) { return home.grouped < home.count && !home.isAssumed; })) { out.push(row('未编组', 'home', 'ungrouped')); }
    if (raw.assumed[day]) { out.push(row('此前没有记录，按首次登记的住址 ' + raw.assumed[day] + ' 名', 'assumed', 'ungrouped')); }
    var left = raw.out[day].map(function (one) { return one[0] + ' ' + one[1] + ' 名'; });
    if (left.length) { out.push({ title: '未上图：' + left.join('，') }); }
    if (raw.communities) {
      out.push({ title: '不在街道社区内或已离开：' + said(raw.communities.rest[day], ' 名') });
      out.push({ title: '人数少、变动少的社区和年份从略，免得看出个别人' });
    }
    return out;
  }

  function row(text, shape, what) { return { text: text, shape: { shape: shape, radius: 5.5, what: what, count: 1 } }; }

  J.themes = J.themes || {};
  J.themes.years = {
    hides: { people: true, groups: true, hosts: true, venues: true },
    counts: function (street, raw) { return countsOn(raw, dayOf(street, raw)); },
    lows: lows,
    gridWords: gridWords,
    shading: function (street, raw) { return raw.communities ? '所在社区过渡期党员数（名）' : '网格内过渡期党员数（名）'; },
    draw: draw, rows: rows
  };
})();
