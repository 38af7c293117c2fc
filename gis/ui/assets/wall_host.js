/* Loads the scripts of the wall once a page, then writes figure after figure into what is already there. */
const loaded = (window.JiujinLoaded = window.JiujinLoaded || {});

function once(url) {
  if (!loaded[url]) {
    loaded[url] = new Promise(function (resolve, reject) {
      const script = document.createElement('script');
      script.src = url;
      script.onload = function () { script.remove(); resolve(); };
      script.onerror = function () { delete loaded[url]; reject(new Error(url)); };
      document.head.appendChild(script);
    });
  }
  return loaded[url];
}

async function show(root, data) {
  for (const url of data.scripts) { await once(url); }
  if (!root.isConnected) { return; }
  const W = window.JiujinWall;
  if (!root.jiujinWall) {
    root.jiujinWall = W.map = new W.Map(root);
    W.begin();
    W.setUpTurning(root, data.turning);
    W.showMeasures(W.map);
  }
  W.arrived = Date.now();
  W.ended = data.ended;
  W.setLate(root, false);
  document.documentElement.removeAttribute('data-jj-shut');
  W.showHead(root, data.head);
  W.showCards(root, data.cards);
  await root.jiujinWall.show(data.map, data.layers);
}

export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector('.jjw');
  if (!root) { return undefined; }
  root.jiujinTurn = (root.jiujinTurn || Promise.resolve()).then(function () { return show(root, data); }).catch(function (error) {
    window.console.error(error);
    root.querySelector('.jjw-late').hidden = false;
  });
  return function () {
    window.setTimeout(function () {
      const W = window.JiujinWall;
      if (root.isConnected || !W || W.map !== root.jiujinWall) { return; }
      if (W.stopTurning) { W.stopTurning(); }
      W.end();
      W.map = null;
    }, 0);
  };
}
