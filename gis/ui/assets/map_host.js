/* Loads styles, Leaflet and our layers once a page, makes the base map, then shows view after view. */
const STAGE = `
<div class="jj-stage">
  <div class="jj-base"></div>
  <div class="jj-busy" hidden>正在载入图层…</div>
  <div class="jj-trouble" role="alert" hidden></div>
  <div class="jj-top">
    <div class="jj-search" role="search" hidden></div>
    <div class="jj-actions" role="toolbar" aria-label="地图工具" hidden></div>
    <div class="jj-tools" hidden>
      <button type="button" class="jj-lasso-button" aria-pressed="false">圈选党员</button>
      <button type="button" class="jj-clear-button" hidden></button>
      <span class="jj-tools-hint" role="status"></span>
    </div>
  </div>
  <div class="jj-reading" role="status" hidden></div>
  <div class="jj-legend"><button type="button">图例</button><div class="jj-legend-body"></div></div>
  <div class="jj-foot"></div>
  <div class="jj-tip" hidden></div>
</div>
<div class="jj-card" hidden></div>
<div class="jj-scrim"></div>
<button type="button" class="jj-filters-button" aria-expanded="false">筛选</button>
`;
const loaded = (window.JiujinLoaded = window.JiujinLoaded || {});

function style(url) {
  if (!loaded[url]) {
    loaded[url] = new Promise(function (resolve) {
      const link = document.createElement('link');
      link.rel = 'stylesheet';
      link.href = url;
      link.onload = link.onerror = resolve;
      document.head.appendChild(link);
    });
  }
  return loaded[url];
}

function run(url) {
  return new Promise(function (resolve, reject) {
    const script = document.createElement('script');
    script.src = url;
    script.onload = function () { script.remove(); resolve(); };
    script.onerror = function () { reject(new Error(url)); };
    document.head.appendChild(script);
  });
}

function once(url) {
  if (!loaded[url]) {
    loaded[url] = run(url);
    loaded[url].catch(function () { delete loaded[url]; });  /* the next view tries again */
  }
  return loaded[url];
}

/* The base map's script makes a new map each time it runs, in the one element of the name map_street. One map begins
   at a time, and takes the name just before its script runs: a map on its way out can neither keep it nor take it. */
let begun = Promise.resolve();

function begin(root, data) {
  const mine = begun.then(function () { return make(root, data); });
  begun = mine.catch(function () {});
  return mine;
}

async function make(root, data) {
  const scripts = data.scripts.slice(0, -1), base = data.scripts[data.scripts.length - 1];
  const styled = Promise.all(data.styles.map(style));
  for (const url of scripts) { await once(url); }
  window.Jiujin.fetchAhead(data);
  await styled;
  if (!root.isConnected) { return null; }
  const box = root.querySelector('.jj-base');
  document.querySelectorAll('#map_street').forEach(function (other) { if (other !== box) { other.removeAttribute('id'); } });
  box.id = 'map_street';
  await run(base);
  const map = window.Jiujin.latest;
  return map && map.getContainer() === box ? new window.Jiujin.Street(root, map) : null;
}

/* The map of one element. Streamlit may call for a view after the element has left the page, and may bring it back:
   each step looks at what holds when its turn comes, one step after the other. */
class Host {
  constructor(root) {
    this.root = root;
    this.street = null;
    this.turn = Promise.resolve();
  }

  show(data, pick) {
    this.data = data;
    this.pick = pick;
    this.settle();
  }

  settle() {
    this.turn = this.turn.then(() => this.step()).catch((error) => this.complain(error));
    this.root.jiujinStreet = this.turn.then(() => this.street);
  }

  async step() {
    for (let k = 0; k < 3 && this.root.isConnected && !this.street; k++) { this.street = await begin(this.root, this.data); }
    if (!this.root.isConnected) { this.drop(); return; }
    if (!this.street) { throw new Error('no map in its element'); }
    this.street.show(this.data, this.pick).catch((error) => this.complain(error));
  }

  drop() {
    if (this.street) { this.street.remove(); }
    this.street = null;
  }

  complain(error) {
    const box = this.root.querySelector('.jj-trouble');
    box.hidden = false;
    box.textContent = '地图没有载入，请刷新页面';
    window.console.error(error);
  }
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector('.jj-street');
  if (!root) { return undefined; }
  if (!root.firstElementChild) { root.innerHTML = STAGE; }
  root.classList.toggle('jj-short', data.short);
  if (!root.jiujinHost) { root.jiujinHost = new Host(root); }
  root.jiujinHost.show(data, function (pick) { setTriggerValue('pick', pick); });
  return function () { window.setTimeout(function () { if (!root.isConnected) { root.jiujinHost.settle(); } }, 0); };
}
