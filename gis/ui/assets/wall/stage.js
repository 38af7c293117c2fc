/* The stage: one design of fixed size for each shape of screen, scaled to the screen by a transform. */
(function () {
  'use strict';
  var W = window.JiujinWall = window.JiujinWall || {};
  var root = document.documentElement;
  /* Screens at least this much wider than high get the wide arrangement; wall.css asks the same. */
  var WIDE = '(min-aspect-ratio: 12/5)';
  var PLAIN_SIZE = [1920, 1080], WIDE_SIZE = [3840, 1080];

  W.isWide = function () { return window.matchMedia(WIDE).matches; };

  W.fit = function () {
    var size = W.isWide() ? WIDE_SIZE : PLAIN_SIZE;
    var scale = Math.min(window.innerWidth / size[0], window.innerHeight / size[1]);
    W.scale = scale;
    root.style.setProperty('--jjw-scale', String(scale));
    root.style.setProperty('--jjw-left', (window.innerWidth - size[0] * scale) / 2 + 'px');
    root.style.setProperty('--jjw-top', (window.innerHeight - size[1] * scale) / 2 + 'px');
    root.setAttribute('data-jj-wall', W.isWide() ? 'wide' : 'plain');
    if (W.map) { W.map.resize(); }
  };

  W.begin = function () {
    if (W.isFitted) { return; }
    W.isFitted = true;
    window.addEventListener('resize', W.fit);
    W.fit();
  };

  W.end = function () {
    window.removeEventListener('resize', W.fit);
    W.isFitted = false;
    ['data-jj-wall', 'data-jj-turn'].forEach(function (name) { root.removeAttribute(name); });
  };

  /* Text reaches the page as text; what has not changed is not touched, so that nothing flickers. */
  W.write = function (element, text) {
    if (element.textContent !== text) { element.textContent = text; }
  };

  W.add = function (parent, tag, name, text) {
    var made = document.createElement(tag);
    if (name) { made.className = name; }
    if (text !== undefined && text !== null) { made.textContent = text; }
    parent.appendChild(made);
    return made;
  };

  W.figure = function (value) {
    return value === null || value === undefined ? '略' : value.toLocaleString('zh-CN', { maximumFractionDigits: 1 });
  };

  W.share = function (part, whole) {
    return part === null || !whole ? null : Math.round(1000 * part / whole) / 10;
  };
})();
