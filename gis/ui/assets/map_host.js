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

/* The base map's script makes a new map each time it runs, in the one element of its name. */
function start(root, data) {
  let ready = Promise.all(data.styles.map(style));
  data.scripts.slice(0, -1).forEach(function (url) { ready = ready.then(function () { return once(url); }); });
  return ready.then(function () { return run(data.scripts[data.scripts.length - 1]); }).then(function () {
    const map = window.Jiujin.latest;
    /* The page may have moved on while the scripts were on their way. */
    return map && root.isConnected && root.contains(map.getContainer()) ? new window.Jiujin.Street(root, map) : null;
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
