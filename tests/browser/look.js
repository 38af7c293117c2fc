/* What a careful reader would find fault with on the page in sight: texts over each other, texts cut off, texts too
   faint to read, words left in English. Returns [{kind, selector, text, detail}]; canvases are looked at by people. */
(known) => {
  const found = [], HAIR = 2.5, FAINT = 0.05;
  const SKIP = new Set(['SCRIPT', 'STYLE', 'NOSCRIPT', 'CANVAS', 'TITLE', 'OPTION']);
  const ICON = '[data-testid=stIconMaterial],[data-testid=stIconEmoji],.material-symbols-rounded,[translate=no][role=img]';
  const styles = new Map(), style = (part) => { let s = styles.get(part); if (!s) { s = getComputedStyle(part); styles.set(part, s); } return s; };
  const up = (part) => part.parentElement || (part.getRootNode().host || null);
  const holds = (upper, part) => { for (let p = part; p; p = up(p)) { if (p === upper) { return true; } } return false; };

  const say = (kind, part, text, detail) => found.push({ kind, selector: path(part), text: text.trim().slice(0, 70), detail });

  function path(part) {
    const words = [];
    for (let p = part; p && words.length < 4; p = up(p)) {
      const id = p.getAttribute && (p.getAttribute('data-testid') || '');
      const mark = id ? `[${id}]` : [...(p.classList || [])].filter((c) => /^(jj|st-key|leaflet|wall)/.test(c)).slice(0, 2).map((c) => '.' + c).join('');
      if (mark || !words.length) { words.unshift(p.tagName.toLowerCase() + mark); }
    }
    return words.join(' ');
  }

  /* Faint parents make faint texts; so does anything folded away. */
  function opacityOf(part) {
    let seen = 1;
    for (let p = part; p; p = up(p)) { seen *= Number(style(p).opacity); }
    return seen;
  }

  const isScroller = (s) => /(auto|scroll)/.test(s.overflowX + s.overflowY);
  const cuts = (s) => s.overflowX !== 'visible' || s.overflowY !== 'visible';

  /* The part of a box that is in sight: inside the window and every ancestor that cuts. */
  function inSight(box, part) {
    let { left, top, right, bottom } = box;
    let isFixed = false;
    for (let p = part; p; p = up(p)) {
      const s = style(p);
      if (p !== part && !isFixed && cuts(s)) {
        const own = p.getBoundingClientRect();
        left = Math.max(left, own.left); top = Math.max(top, own.top); right = Math.min(right, own.right); bottom = Math.min(bottom, own.bottom);
      }
      if (s.position === 'fixed') { isFixed = true; }
    }
    left = Math.max(left, 0); top = Math.max(top, 0); right = Math.min(right, innerWidth); bottom = Math.min(bottom, innerHeight);
    return right - left > 1 && bottom - top > 1 ? { left, top, right, bottom } : null;
  }

  function texts() {
    const list = [], walk = (root) => {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (node.nodeType === 1) { if (node.shadowRoot) { walk(node.shadowRoot); } continue; }
        const part = node.parentElement || (node.getRootNode().host || null);
        if (!part || !node.data.trim() || SKIP.has(part.tagName) || part.closest(ICON) || part.closest('[data-testid=stSkipToContent]:not(:focus)')) { continue; }
        const s = style(part);
        if (s.visibility !== 'visible' || s.fontFamily.includes('Material') || opacityOf(part) < FAINT) { continue; }
        const range = document.createRange();
        range.selectNodeContents(node);
        const boxes = [...range.getClientRects()].filter((box) => box.width > 1 && box.height > 1);
        if (boxes.length) { list.push({ part, text: node.data, boxes }); }
      }
    };
    walk(document.body);
    return list;
  }

  /* ---- colours ---- */
  const brush = document.createElement('canvas').getContext('2d', { willReadFrequently: true }), colours = new Map();
  function rgba(said) {
    if (!colours.has(said)) {
      brush.canvas.width = brush.canvas.height = 1;
      brush.clearRect(0, 0, 1, 1);
      brush.fillStyle = said;
      brush.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = brush.getImageData(0, 0, 1, 1).data;
      colours.set(said, [r, g, b, a / 255]);
    }
    return colours.get(said);
  }
  const over = (top, under) => [0, 1, 2].map((k) => top[k] * top[3] + under[k] * (1 - top[3])).concat(1);
  function groundOf(part) {
    const layers = [];
    for (let p = part; p; p = up(p)) {
      const s = style(p), colour = rgba(s.backgroundColor);
      if (/url\(|gradient/.test(s.backgroundImage)) {
        const stops = s.backgroundImage.match(/rgba?\([^)]*\)|#[0-9a-f]{3,8}/gi);
        if (!stops) { return null; }
        layers.push(rgba(stops[0]));
        if (rgba(stops[0])[3] > 0.98) { break; }
        continue;
      }
      if (colour[3] > 0) { layers.push(colour); }
      if (colour[3] > 0.98) { break; }
    }
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255, 1]);
  }
  const linear = (v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
  const light = (c) => 0.2126 * linear(c[0]) + 0.7152 * linear(c[1]) + 0.0722 * linear(c[2]);
  function ratioOf(colour, ground) {
    const [a, b] = [light(over(colour, ground)), light(ground)].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  }
  const isOff = (part) => part.closest('[disabled],[aria-disabled=true],fieldset:disabled') || part.querySelector(':scope input[disabled]') ||
    (part.closest('label') && part.closest('label').querySelector('input[disabled]'));
  function contrast(part, text, colour) {
    if (isOff(part)) { return; }
    const ground = groundOf(part), s = style(part), size = parseFloat(s.fontSize), isBold = Number(s.fontWeight) >= 700;
    if (!ground) { return; }
    const ink = rgba(colour).slice();
    if (ink[3] < FAINT) { return; } /* hidden on purpose */
    ink[3] *= opacityOf(part);
    const ratio = ratioOf(ink, ground), least = size >= 24 || (isBold && size >= 18.66) ? 3 : 4.5;
    if (ratio < least - 0.01) { say('contrast', part, text, `${ratio.toFixed(2)} < ${least}: ${colour} on rgb(${ground.slice(0, 3).map(Math.round)})`); }
  }

  /* ---- words ---- */
  const allowed = new RegExp(known, 'gi');
  function words(part, text) {
    if (/[A-Za-z]{3,}/.test(text.replace(allowed, ' '))) { say('english', part, text, ''); }
  }

  /* ---- cut off ---- */
  const isTold = (part) => { for (let p = part, k = 0; p && k < 4; p = up(p), k++) { if (p.title || (p.getAttribute && p.getAttribute('data-jj-cut') !== null)) { return true; } } return false; };
  function cutOff(one) {
    const { part, text } = one;
    if (isTold(part)) { return; }
    for (let p = part, k = 0; p && p !== document.body && k < 6; p = up(p), k++) {
      const s = style(p);
      if (isScroller(s)) { return; }
      if (!cuts(s)) { continue; }
      const own = p.getBoundingClientRect();
      if (own.width < 3 || own.height < 3) { return; } /* folded away on purpose, for screen readers */
      const wide = Math.max(...one.boxes.map((b) => b.right)) - own.right, low = Math.max(...one.boxes.map((b) => b.bottom)) - own.bottom;
      const left = own.left - Math.min(...one.boxes.map((b) => b.left));
      const isWide = s.overflowX !== 'visible' && (wide > 1.5 || left > 1.5), isLow = s.overflowY !== 'visible' && low > 5;
      if (isWide || isLow) { say('clipped', part, text, `${isWide ? Math.round(Math.max(wide, left)) + ' px of its width' : Math.round(low) + ' px of its height'} by ${path(p)}`); return; }
    }
  }
  function sideways(one) {
    if (isTold(one.part)) { return; }
    for (let p = one.part; p; p = up(p)) { if (isScroller(style(p)) && p.scrollWidth > p.clientWidth + 1) { return; } }
    const box = one.boxes.find((b) => b.right > innerWidth + 2 || b.left < -2);
    if (box && box.bottom > 0 && box.top < innerHeight) { say('clipped', one.part, one.text, 'beyond the edge of the window'); }
  }
  function fields() {
    document.querySelectorAll('input:not([type=hidden]):not([type=checkbox]):not([type=radio]):not([type=file]):not([type=range]),textarea').forEach((part) => {
      const box = part.getBoundingClientRect(), s = style(part);
      if (box.width < 3 || box.height < 3 || s.visibility !== 'visible' || opacityOf(part) < FAINT) { return; }
      if (!inSight(box, part)) { return; }
      const shown = part.value || part.placeholder;
      if (!shown) { return; }
      words(part, part.value && !part.closest('[data-baseweb=select]') ? '' : shown);
      if (part.value) { contrast(part, part.value, s.color); } else { contrast(part, part.placeholder, getComputedStyle(part, '::placeholder').color); }
      if (part.type === 'password' || isTold(part) || part.tagName === 'TEXTAREA') { return; }
      brush.font = s.font;
      const room = box.width - parseFloat(s.paddingLeft) - parseFloat(s.paddingRight), wants = brush.measureText(shown).width;
      if (wants > room + 2 && room > 8) { say('clipped', part, shown, `${Math.round(wants - room)} px of a field`); }
    });
  }

  /* ---- over each other ---- */
  function overlaps(list) {
    const loose = document.createElement('style');
    loose.textContent = '*{pointer-events:auto!important}';
    document.head.appendChild(loose);
    const seen = [];
    list.forEach((one, k) => one.boxes.forEach((box) => {
      const part = inSight(box, one.part);
      /* half the leading above and below is air */
      const air = Math.max(0, (box.height - parseFloat(style(one.part).fontSize) * scaleOf(one.part)) / 2);
      if (part) { seen.push({ k, one, left: part.left, right: part.right, top: Math.max(part.top, box.top + air), bottom: Math.min(part.bottom, box.bottom - air) }); }
    }));
    seen.sort((a, b) => a.top - b.top);
    const told = new Set();
    for (let i = 0; i < seen.length; i++) {
      for (let j = i + 1; j < seen.length && seen[j].top < seen[i].bottom - HAIR; j++) {
        const a = seen[i], b = seen[j], key = Math.min(a.k, b.k) + ' ' + Math.max(a.k, b.k);
        if (a.k === b.k || told.has(key)) { continue; }
        const left = Math.max(a.left, b.left), right = Math.min(a.right, b.right), top = Math.max(a.top, b.top), bottom = Math.min(a.bottom, b.bottom);
        if (right - left < HAIR || bottom - top < HAIR) { continue; }
        told.add(key);
        const how = hides(a.one.part, b.one.part, (left + right) / 2, (top + bottom) / 2);
        if (how) { say('overlap', a.one.part, a.one.text, `${how} ${b.one.text.trim().slice(0, 40)} (${path(b.one.part)})`); }
      }
    }
    loose.remove();
  }
  /* A wall is drawn at one size and shown at another. */
  function scaleOf(part) {
    for (let p = part; p; p = up(p)) { if (p.offsetWidth > 20) { return p.getBoundingClientRect().width / p.offsetWidth; } }
    return 1;
  }
  /* Of two texts at one place: '' where an opaque layer lies between that people can move or scroll away. */
  function hides(a, b, x, y) {
    const stack = document.elementsFromPoint(x, y);
    const at = (part) => stack.findIndex((p) => p === part || part.contains(p) || holds(part, p));
    const ka = at(a), kb = at(b);
    if (ka < 0 || kb < 0) { return ''; }
    const upper = ka < kb ? a : b, lower = ka < kb ? b : a;
    for (let p = upper; p && !holds(p, lower); p = up(p)) {
      if (rgba(style(p).backgroundColor)[3] * opacityOf(p) > 0.9) { return layer(p) ? '' : 'lies over'; }
    }
    return 'runs into';
  }
  /* A sticky head, a menu, a dialog, a card or a tip comes and goes over what scrolls below it. */
  function layer(part) {
    for (let p = part; p; p = up(p)) { if (/fixed|sticky|absolute/.test(style(p).position)) { return true; } }
    return false;
  }

  const list = texts(), shown = list.filter((one) => one.boxes.some((box) => inSight(box, one.part)));
  list.forEach((one) => { words(one.part, one.text); });
  list.filter((one) => one.boxes.some((b) => b.top < innerHeight * 3)).forEach((one) => { cutOff(one); sideways(one); contrast(one.part, one.text, style(one.part).color); });
  fields();
  overlaps(shown);
  return found;
}
