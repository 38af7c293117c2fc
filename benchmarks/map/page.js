/* Runs before the page's own scripts: notes when messages came, when the map was drawn, and when frames were painted. */
(() => {
  const seen = window.jiujinBench = { last: 0, painted: 0, press: 0, bar: 0, map: 0, card: 0, frames: null };
  const note = (name) => {
    seen.last = performance.now();
    if (name) { seen[name] = seen.last; }
    requestAnimationFrame(() => { const port = new MessageChannel();
      port.port1.onmessage = () => {
        seen.painted = performance.now();
        if (name) { seen[name + 'Painted'] = seen.painted; }
      };
      port.port2.postMessage(0); });
  };
  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(...given) { super(...given); this.addEventListener('message', () => note('message')); }
  };
  const BAR = '.st-key-jj-bar [data-testid="stCaptionContainer"]';
  const look = (records) => {
    if (!seen.bar && document.querySelector(BAR)) { note('bar'); }
    for (const one of records) {
      const part = one.target;
      if (part.classList && part.classList.contains('jj-street') && one.attributeName === 'data-drawn' && part.hasAttribute('data-drawn')) { note('map'); }
      if (part.classList && part.classList.contains('jj-street') && one.attributeName === 'data-marks') { note('marks'); }
      if (part.classList && part.classList.contains('jj-card') && !part.hidden) { note('card'); }
    }
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-drawn', 'data-marks', 'hidden'] });
  document.addEventListener('pointerdown', () => { seen.press = performance.now(); }, true);
  /* frames while dragging: the longest and all gaps */
  seen.startFrames = () => {
    seen.frames = [];
    let before = performance.now();
    const step = (now) => { if (seen.frames) { seen.frames.push(performance.now() - before); before = performance.now(); requestAnimationFrame(step); } };
    requestAnimationFrame(step);
  };
  seen.stopFrames = () => { const found = seen.frames.slice(2); seen.frames = null; return found; };
})();
