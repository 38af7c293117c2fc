/* Loads styles, Leaflet and our layers once a page, makes the base map, then shows view after view. */
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
  if (!loaded[url]) { loaded[url] = run(url); }
  return loaded[url];
}

/* A map on its way out may still be on the page: the name belongs to the one that begins. */
function name(root) {
  const mine = root.querySelector('#map_street');
  document.querySelectorAll('#map_street').forEach(function (box) {
    if (mine && box !== mine) { box.removeAttribute('id'); }
  });
}

/* The base map's script makes a new map each time it runs, in the one element of its name. */
function start(root, data) {
  let ready = Promise.all(data.styles.map(style));
  data.scripts.slice(0, -1).forEach(function (url) { ready = ready.then(function () { return once(url); }); });
  return ready.then(function () { name(root); return run(data.scripts[data.scripts.length - 1]); }).then(function () {
    const map = window.Jiujin.latest;
    /* The page may have moved on while the scripts were on their way. */
    const mine = map && root.contains(map.getContainer());
    if (mine && root.isConnected) { return new window.Jiujin.Street(root, map); }
    if (mine) { map.remove(); }  /* it can be made anew when the element comes back */
    return null;
  });
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector('.jj-street');
  root.jiujinData = data;
  root.jiujinPick = function (pick) { setTriggerValue('pick', pick); };
  root.classList.toggle('jj-short', data.short);
  if (!root.jiujinStreet) { root.jiujinStreet = start(root, data); }
  root.jiujinStreet
    .then(function (street) {
      if (street || !root.isConnected) { return street; }
      root.jiujinStreet = start(root, root.jiujinData);
      return root.jiujinStreet;
    })
    .then(function (street) {
      return street && street.show(root.jiujinData, function (pick) { root.jiujinPick(pick); });
    })
    .catch(function (error) {
      const box = root.querySelector('.jj-trouble');
      box.hidden = false;
      box.textContent = '地图没有载入，请刷新页面';
      window.console.error(error);
    });
  return function () {
    window.setTimeout(function () {
      if (!root.isConnected && root.jiujinStreet) {
        root.jiujinStreet.then(function (street) { if (street) { street.remove(); } });
        root.jiujinStreet = null;
      }
    }, 0);
  };
}
