/* What is written on the wall's map: names with figures that do not overlap, the legend, and how the sum is made up. */
(function () {
  'use strict';
  var W = window.JiujinWall;
  var GAP = 4;

  W.nameItems = function (map, place, scene) {
    var spots = spotsOf(map, place, scene.view), have = {}, made = [];
    Array.prototype.forEach.call(map.names.children, function (one) { have[one.getAttribute('data-key')] = one; });
    place.items.forEach(function (item) {
      var at = spots[item.key], key = place.level + ' ' + item.key;
      if (!at) { return; }
      var element = have[key] || make(map.names, place.level, item, key);
      delete have[key];
      W.write(element.firstChild, item.n);
      W.write(element.lastChild, map.word(item.c));
      element.title = item.n + '：过渡期党员 ' + W.figure(item.c[0]) + (item.c[0] === null ? '' : ' 人');
      element.style.left = at[0] + 'px';
      element.style.top = at[1] + 'px';
      element.jjAt = at;
      element.jjWeight = item.c[0] === null ? -1 : item.c[0];
      made.push(element);
    });
    Object.keys(have).forEach(function (key) { map.names.removeChild(have[key]); });
    settle(made, scene.view, boxesOver(map), place.level === 'grid');
  };

  /* What lies over the map already. */
  function boxesOver(map) {
    return ['path', 'measures', 'legend', 'sum'].map(function (name) {
      var box = map.root.querySelector('.jjw-' + name);
      return [box.offsetLeft, box.offsetTop, box.offsetLeft + box.offsetWidth, box.offsetTop + box.offsetHeight];
    });
  }

  function make(box, level, item, key) {
    var made = W.add(box, level === 'grid' ? 'div' : 'button', 'jjw-name');
    made.setAttribute('data-key', key);
    if (level !== 'grid') {
      made.type = 'button';
      made.setAttribute('data-item', item.key);
      if (level === 'community') { made.setAttribute('data-number', '1'); }
    }
    W.add(made, 'span', '');
    W.add(made, 'b', '');
    return made;
  }

  /* Where each item's name stands, in pixels of the view. */
  function spotsOf(map, place, view) {
    var raw = map.layers.grids.raw, found = {};
    function pixel(at) {
      return [window.Jiujin.worldX(at[0]) * view.scale + view.dx, window.Jiujin.worldY(at[1]) * view.scale + view.dy];
    }
    function middle(box) {
      return [(box[0] + box[2]) / 2 * view.scale + view.dx, (box[1] + box[3]) / 2 * view.scale + view.dy];
    }
    if (place.level === 'grid') {
      var buildings = map.layers.buildings;
      place.items.forEach(function (item) {
        var k = buildings && buildings.number[item.key];
        if (k !== undefined && buildings.boxes[4 * k] < Infinity) { found[item.key] = middle(buildings.boxes.subarray(4 * k, 4 * k + 4)); }
      });
    } else if (place.level === 'community') {
      raw.id.forEach(function (id, k) {
        if (map.byGrid[id] && map.byGrid[id].code === map.focus.community && raw.at[k]) { found[id] = pixel(raw.at[k]); }
      });
    } else {
      place.items.forEach(function (item) {
        var k = raw.communities.name.indexOf(item.n), at = k < 0 ? null : raw.communities.at[k];
        var box = at ? null : W.union(map.layers.grids.boxes, map.indexes(function (one) { return one.code === item.key; }));
        if (at) { found[item.key] = pixel(at); } else if (box) { found[item.key] = middle(box); }
      });
    }
    return found;
  }

  /* The larger figures first; a name without room keeps its figure, and a figure without room waits for the focus.
     Houses stand close together: there every figure comes first, and names only where room is left. */
  function settle(made, view, taken, isClose) {
    made.sort(function (a, b) { return b.jjWeight - a.jjWeight; });
    made.forEach(function (one) { one.classList.remove('jjw-brief', 'jjw-tight'); });
    made.forEach(function (one) { one.jjSize = [one.offsetWidth, one.offsetHeight, one.lastChild.offsetWidth + 14, one.lastChild.offsetHeight + 6]; });
    var left = made.filter(function (one) { return isClose || !claim(one, 0, view, taken); });
    left.forEach(function (one) {
      one.classList.add('jjw-brief');
      one.classList.toggle('jjw-tight', !claim(one, 2, view, taken));
    });
    if (isClose) { made.forEach(function (one) { grow(one, view, taken); }); }
  }

  function claim(one, from, view, taken) {
    var box = boxOf(one.jjAt, one.jjSize[from], one.jjSize[from + 1]);
    if (!isFree(box, taken, view)) { return false; }
    taken.push(box);
    one.jjBox = box;
    return true;
  }

  function grow(one, view, taken) {
    if (one.classList.contains('jjw-tight')) { return; }
    var at = taken.indexOf(one.jjBox);
    taken.splice(at, 1);
    if (claim(one, 0, view, taken)) { one.classList.remove('jjw-brief'); } else { taken.push(one.jjBox); }
  }

  function boxOf(at, width, height) { return [at[0] - width / 2, at[1] - height / 2, at[0] + width / 2, at[1] + height / 2]; }

  function isFree(box, taken, view) {
    return box[0] > 2 && box[2] < view.width - 2 && box[1] > 2 && box[3] < view.height - 2 && taken.every(function (other) {
      return box[2] + GAP < other[0] || other[2] + GAP < box[0] || box[3] + GAP < other[1] || other[3] + GAP < box[1];
    });
  }

  var LEVELS = { street: '各社区', community: '各网格', grid: '各楼栋' };
  var MEASURES = { transition: '过渡期党员人数', grouped: '已编组率', served: '本月服务率' };

  W.showMeasures = function (map) {
    Array.prototype.forEach.call(map.root.querySelectorAll('.jjw-measures button'), function (button) {
      var code = button.getAttribute('data-measure');
      button.setAttribute('aria-pressed', String(code === map.measure));
      button.onclick = function () { map.measure = code; W.showMeasures(map); map.draw(); };
    });
  };

  W.Map.prototype.showLegend = function (place) {
    var box = this.root.querySelector('.jjw-legend'), self = this, lows = this.lows, rows = [];
    lows.forEach(function (low, k) {
      var next = lows[k + 1], isRate = self.measure !== 'transition', top = isRate ? 100 : null;
      var text = next === undefined ? (isRate ? low + '–' + top + '%' : low + ' 人' + (isLast(place, self, low) ? '' : '以上')) :
        isRate ? low + '–' + next + '%' : next - 1 > low ? low + '–' + (next - 1) : String(low);
      rows.push([self.colour(lows, self.measure === 'transition' ? [low, 0, 0] : [100, low, low]), text, '']);
    });
    if (place.items.some(function (one) { return one.c[0] === 0; })) { rows.push([W.LOOK.none, '0 人', '']); }
    if (place.items.some(function (one) { return self.value(one.c) === null && one.c[0] !== 0; })) { rows.push([W.LOOK.blank, '略', 'jjw-hatched']); }
    var title = LEVELS[place.level] + MEASURES[this.measure], text = title + JSON.stringify(rows);
    if (this.legendText === text) { return; }
    this.legendText = text;
    while (box.firstChild) { box.removeChild(box.firstChild); }
    W.add(box, 'strong', '', title);
    rows.forEach(function (row) {
      var line = W.add(box, 'span', '');
      W.add(line, 'i', row[2]).style.backgroundColor = row[0];
      line.appendChild(document.createTextNode(row[1]));
    });
  };

  /* Whether the last step holds its lowest value only. */
  function isLast(place, map, low) { return place.items.every(function (one) { return (map.value(one.c) || 0) <= low; }); }

  /* 青龙街道 312 人 = 14 个社区 298 + 街道外 9 + 住址不明 5; what is not shown is one rest. */
  W.sumOf = function (map, place) {
    var node = place.node, many = 0, shown = 0, parts = [];
    if (node.c[0] === null) { return node.n + '：过渡期党员人数少，从略'; }
    place.items.forEach(function (one) { if (one.c[0]) { many += 1; shown += one.c[0]; } });
    if (many) { parts.push(many + ({ street: ' 个社区 ', community: ' 个网格 ', grid: ' 幢楼 ' })[place.level] + W.figure(shown)); }
    (node.o || []).forEach(function (part) { if (part[1] !== null && part[1] !== 0) { parts.push(part[0] + ' ' + W.figure(part[1])); } });
    if (!parts.length && node.r) { return '过渡期党员 ' + W.figure(node.c[0]) + ' 人，各处人数少，从略'; }
    if (node.r) { parts.push('其余（略） ' + W.figure(node.r)); }
    return '过渡期党员 ' + W.figure(node.c[0]) + ' 人' + (parts.length ? ' = ' + parts.join(' + ') : '');
  };
})();
