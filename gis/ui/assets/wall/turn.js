/* The rotation: every 20 s the next community and the next page of panels; whoever touches the screen has it for 60 s. */
(function () {
  'use strict';
  var W = window.JiujinWall;
  var EVERY_MS = 20000, REST_MS = 60000;
  var LATE_MS = 150000; /* two refreshes missed */
  var KEPT = 'jj_wall_turning';

  W.setUpTurning = function (root, isOn) {
    var button = root.querySelector('.jjw-turning');
    W.turning = kept() === null ? isOn : kept() === 'on';
    W.turn = W.turn || 0;
    button.onclick = function () {
      W.turning = !W.turning;
      W.touched = 0;
      keep(W.turning);
      say(root);
    };
    root.querySelector('.jjw-page').onclick = function () { flip(); };
    root.querySelector('.jjw-full').onclick = function () {
      if (document.fullscreenElement) { document.exitFullscreen(); } else { document.documentElement.requestFullscreen().catch(function () {}); }
    };
    if (W.stopTurning) { W.stopTurning(); }
    var ticker = window.setInterval(function () { tick(root); }, 1000);
    ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'].forEach(function (name) { document.addEventListener(name, touch, true); });
    W.stopTurning = function () {
      window.clearInterval(ticker);
      ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'].forEach(function (name) { document.removeEventListener(name, touch, true); });
    };
    W.turned = Date.now();
    document.documentElement.setAttribute('data-jj-turn', String(W.turn % 2));
    say(root);
  };

  function touch() { W.touched = Date.now(); }

  function kept() { try { return window.localStorage.getItem(KEPT); } catch (error) { return null; } }

  function keep(isOn) { try { window.localStorage.setItem(KEPT, isOn ? 'on' : 'off'); } catch (error) { /* for this visit only */ } }

  function say(root) {
    var isResting = W.turning && W.touched && Date.now() - W.touched < REST_MS, button = root.querySelector('.jjw-turning');
    W.write(button, !W.turning ? '轮播：关' : isResting ? '轮播：暂停' : '轮播：开');
    button.setAttribute('aria-pressed', String(W.turning));
  }

  function flip() {
    W.turn += 1;
    document.documentElement.setAttribute('data-jj-turn', String(W.turn % 2));
  }

  function tick(root) {
    var now = Date.now();
    say(root);
    if (W.turning && now - W.turned >= EVERY_MS && !(W.touched && now - W.touched < REST_MS) && W.map && W.map.data) {
      W.turned = now;
      flip();
      W.map.next();
    }
    /* Streamlit says in a dialog that the server is gone; wall.css keeps it from lying over the figures. */
    if (document.querySelector('[role=dialog]')) { W.setLate(root, true); }
    if (W.arrived && now - W.arrived > LATE_MS) { late(root, now); }
  }

  /* No refresh has come: say so, and look whether this screen is still let in. */
  function late(root, now) {
    W.setLate(root, true);
    if (W.asked && now - W.asked < 60000) { return; }
    W.asked = now;
    window.fetch('/display/kpis.json', { cache: 'no-store', headers: { accept: 'application/json' } }).then(function (answer) {
      if (answer.status === 401 || answer.status === 403) { W.shut(root); }
    }).catch(function () {});
  }

  /* Where it says that the connection is lost, the day gives way. */
  W.setLate = function (root, isLate) {
    root.querySelector('.jjw-late').hidden = !isLate;
    root.querySelector('.jjw-day').hidden = isLate;
  };

  /* Nothing is left on the screen of somebody who may not see it any more. */
  W.shut = function (root) {
    document.documentElement.setAttribute('data-jj-shut', '1');
    W.write(root.querySelector('.jjw-shut'), W.ended);
  };
})();
