/* What was tapped and is not yet known to be saved: kept in this browser, sent until the server has acknowledged it.

   Each result gets its key once; every retry sends the same words under the same key, so that it has one effect.
   Kept under the account and the team, one entry each, so that two tabs never overwrite one another; an entry is
   removed as soon as the server has answered for its key. */
(function () {
  'use strict';
  var J = window.JiujinVisits = window.JiujinVisits || {};
  var WAITS = [1000, 2000, 4000, 8000, 15000, 30000], ANSWER_MS = 20000, AT_ONCE = 20, KEPT_MS = 90 * 24 * 3600 * 1000, PREFIX = 'jj-visits/';

  J.newKey = J.newKey || function () {
    var bytes = new Uint8Array(16), text = '', k;
    (window.crypto || window.msCrypto).getRandomValues(bytes);
    for (k = 0; k < bytes.length; k += 1) { text += ('0' + bytes[k].toString(16)).slice(-2); }
    return text;
  };

  /* page: {user, queue, sheet, source}: `queue` names the team, so that what waits goes out under its newest sheet; tell(): called after every change */
  function Queue(page, tell) {
    this.page = page;
    this.tell = tell;
    this.prefix = PREFIX + page.user + '/' + page.queue + '/';
    this.items = [];
    this.answers = {};  /* target -> what the server said last, in this view */
    this.isLasting = true;
    this.isSending = false;
    this.needs = '';  /* 'sign-in': nothing is sent until somebody has signed in again */
    this.failures = 0;
    this.turn = 0;
    this.timer = null;
    this.read();
    var self = this, wake = function () { if (!document.hidden) { self.wake(); } };
    window.addEventListener('online', wake);
    window.addEventListener('focus', wake);
    window.addEventListener('pageshow', wake);
    document.addEventListener('visibilitychange', wake);
  }

  Queue.prototype.read = function () {
    var names = [], k, item;
    try {
      for (k = 0; k < localStorage.length; k += 1) {
        if (localStorage.key(k).indexOf(PREFIX) === 0) { names.push(localStorage.key(k)); }
      }
      for (k = 0; k < names.length; k += 1) {
        item = JSON.parse(localStorage.getItem(names[k]));
        if (!item || !item.said || Date.now() - item.at > KEPT_MS) {
          localStorage.removeItem(names[k]);  /* whose ever: no sheet is open that long, nothing stays here for good */
        } else if (names[k].indexOf(this.prefix) === 0) {
          this.items.push(item);
        }
      }
      localStorage.setItem(PREFIX + 'try', '1');
      localStorage.removeItem(PREFIX + 'try');
    } catch (error) { this.isLasting = false; }
    this.items.sort(function (a, b) { return a.at - b.at || a.turn - b.turn; });
  };

  /* How many results of other accounts this browser still holds for this sheet. */
  Queue.prototype.ofOthers = function () {
    var count = 0, k, parts;
    try {
      for (k = 0; k < localStorage.length; k += 1) {
        parts = localStorage.key(k).split('/');
        if (parts[0] + '/' === PREFIX && parts.length === 4 && parts[2] === this.page.queue && parts[1] !== String(this.page.user)) { count += 1; }
      }
    } catch (error) { count = 0; }
    return count;
  };

  Queue.prototype.keep = function (item) {
    try { localStorage.setItem(this.prefix + item.said.key, JSON.stringify(item)); } catch (error) { this.isLasting = false; }
  };

  Queue.prototype.forget = function (item) {
    this.items = this.items.filter(function (other) { return other !== item; });
    try { localStorage.removeItem(this.prefix + item.said.key); } catch (error) { this.isLasting = false; }
  };

  Queue.prototype.latest = function (target) {
    var found = null;
    this.items.forEach(function (item) { if (item.said.target === target) { found = item; } });
    return found;
  };

  /* said: {target, result, on, by, note, next_on, based_on}. What was never sent gives way to what is said now; what
     may have arrived is waited for, since what is said now was said in the knowledge of it. */
  Queue.prototype.add = function (said) {
    var self = this, before = this.latest(said.target), item;
    while (before && (before.fault || !before.tries)) {
      said.based_on = before.said.based_on;
      this.forget(before);
      before = this.latest(said.target);
    }
    said.key = said.key || J.newKey();
    item = { said: said, at: Date.now(), turn: this.turn, tries: 0, after: before ? before.said.key : '' };
    this.turn += 1;
    this.items.push(item);
    this.keep(item);
    this.tell();
    window.setTimeout(function () { self.wake(); }, 0);
    return item;
  };

  /* After a reload: done(target) is the accepted result as the page knows it now, or null. */
  Queue.prototype.learn = function (done) {
    var self = this;
    this.items.forEach(function (item) {
      var kept = item.after && !item.tries ? done(item.said.target) : null;
      if (kept && kept.key === item.after) {
        item.said.based_on = kept.id;
        item.after = '';
        self.keep(item);
      }
    });
  };

  Queue.prototype.discard = function (target) {
    var self = this;
    this.items.filter(function (item) { return item.said.target === target && item.fault; }).forEach(function (item) { self.forget(item); });
    this.tell();
  };

  Queue.prototype.waiting = function () {
    return this.items.filter(function (item) { return !item.fault; });
  };

  /* How many members have something that waits. */
  Queue.prototype.unsaved = function () {
    var seen = {};
    this.waiting().forEach(function (item) { seen[item.said.target] = true; });
    return Object.keys(seen).length;
  };

  Queue.prototype.faults = function () {
    return this.items.filter(function (item) { return item.fault; });
  };

  Queue.prototype.wake = function () {
    window.clearTimeout(this.timer);
    this.needs = '';
    this.send();
  };

  Queue.prototype.later = function () {
    var self = this, wait = WAITS[Math.min(this.failures, WAITS.length - 1)];
    this.failures += 1;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(function () { self.send(); }, wait * (0.75 + Math.random() / 2));
  };

  /* The oldest that wait, each target once; after a fault one by one, so that it is known whose fault it is. */
  Queue.prototype.next = function () {
    var seen = {}, most = this.isCareful ? 1 : AT_ONCE;
    return this.waiting().filter(function (item) {
      var isFirst = !seen[item.said.target];
      seen[item.said.target] = true;
      return isFirst;
    }).slice(0, most);
  };

  Queue.prototype.send = function () {
    var self = this, items = this.next(), body;
    if (this.isSending || this.needs || !items.length) { return; }
    this.isSending = true;
    items.forEach(function (item) {
      item.tries += 1;
      self.keep(item);
    });
    body = { sheet: this.page.sheet, source: this.page.source, results: items.map(function (item) { return item.said; }) };
    J.post('/visits/results', body, ANSWER_MS, function (status, answer) {
      self.isSending = false;
      self.hear(items, status, answer);
      self.tell();
    });
    this.tell();
  };

  Queue.prototype.hear = function (items, status, answer) {
    var self = this, told = {}, isHeard = false;
    if (status === 200 && answer && answer.results) {
      answer.results.forEach(function (one) { told[one.key] = one; });
      items.forEach(function (item) {
        if (told[item.said.key]) {
          isHeard = true;
          self.settle(item, told[item.said.key]);
        }
      });
    }
    if (isHeard) {
      this.failures = 0;
      this.send();
    } else if (status === 401 || (status === 403 && !answer)) {
      this.needs = 'sign-in';  /* the second: a password that must be changed first */
    } else if (answer && answer.error && status >= 400 && status < 500 && status !== 408 && status !== 429) {
      this.refuse(items, answer.error);
    } else {
      this.later();
    }
  };

  Queue.prototype.refuse = function (items, why) {
    if (items.length === 1) {
      items[0].fault = why;
      this.keep(items[0]);
      this.pass(items[0], items[0].said.based_on);
    }
    this.isCareful = true;
    this.send();
  };

  /* Only here is a result saved: the server has said so under its key. */
  Queue.prototype.settle = function (item, told) {
    var isAccepted = told.state === 'accepted' || told.state === 'replaced';
    if (!told.state) {
      item.fault = told.message || '没有保存';
      this.keep(item);
    } else {
      this.forget(item);
      this.answers[item.said.target] = { said: item.said, state: isAccepted ? 'saved' : 'conflict', id: told.result_id, message: told.message };
    }
    this.pass(item, isAccepted ? told.result_id : item.said.based_on);
  };

  /* What was said after this one was said in the knowledge of it. */
  Queue.prototype.pass = function (item, basedOn) {
    var self = this;
    this.items.forEach(function (other) {
      if (other.after === item.said.key && !other.tries) {
        other.said.based_on = basedOn;
        other.after = '';
        self.keep(other);
      }
    });
  };

  /* then(status, answer or null, text); status 0: nothing came back */
  J.post = function (address, body, ms, then) {
    var request = new XMLHttpRequest(), isDone = false;
    function end(status) {
      var answer = null;
      if (isDone) { return; }
      isDone = true;
      try { answer = JSON.parse(request.responseText); } catch (error) { answer = null; }
      then(status, answer, request.responseText || '');
    }
    request.open('POST', address);
    request.timeout = ms;
    request.setRequestHeader('Content-Type', 'application/json');
    request.setRequestHeader('Accept', 'application/json');
    request.onload = function () { end(request.status); };
    request.onerror = request.ontimeout = request.onabort = function () { end(0); };
    request.send(JSON.stringify(body));
  };

  J.Queue = Queue;
}());
