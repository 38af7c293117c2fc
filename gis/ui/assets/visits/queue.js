/* What was tapped and is not yet known to be saved: kept in this browser, sent until the server has acknowledged it.

   Each result gets its key once; every retry sends the same words under the same key, so that it has one effect.
   Kept under the account and the sheet, one entry each, so that two tabs never overwrite one another; an entry is
   removed as soon as the server has answered for its key. */
(function () {
  'use strict';
  var J = window.JiujinVisits = window.JiujinVisits || {};
  var WAITS = [1000, 2000, 4000, 8000, 15000, 30000], ANSWER_MS = 20000, PREFIX = 'jj-visits/';

  J.newKey = function () {
    var bytes = new Uint8Array(16), text = '', k;
    (window.crypto || window.msCrypto).getRandomValues(bytes);
    for (k = 0; k < bytes.length; k += 1) { text += ('0' + bytes[k].toString(16)).slice(-2); }
    return text;
  };

  /* page: {user, sheet, source}; tell(): called after every change */
  function Queue(page, tell) {
    this.page = page;
    this.tell = tell;
    this.prefix = PREFIX + page.user + '/' + page.sheet + '/';
    this.items = [];
    this.answers = {};  /* target -> what the server said last, in this view */
    this.isLasting = true;
    this.isSending = false;
    this.needs = '';  /* 'sign-in': nothing is sent until somebody has signed in again */
    this.failures = 0;
    this.timer = null;
    this.read();
    var self = this, wake = function () { if (!document.hidden) { self.wake(); } };
    window.addEventListener('online', wake);
    window.addEventListener('focus', wake);
    window.addEventListener('pageshow', wake);
    document.addEventListener('visibilitychange', wake);
  }

  Queue.prototype.read = function () {
    var k, name, item;
    try {
      for (k = 0; k < localStorage.length; k += 1) {
        name = localStorage.key(k);
        if (name.indexOf(this.prefix) === 0) {
          item = JSON.parse(localStorage.getItem(name));
          if (item && item.said && item.said.key) { this.items.push(item); }
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
        if (parts[0] + '/' === PREFIX && parts.length === 4 && parts[2] === this.page.sheet && parts[1] !== String(this.page.user)) { count += 1; }
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

  /* said: {target, result, on, by, note, next_on, based_on}. What was never sent gives way to what is said now. */
  Queue.prototype.add = function (said) {
    var self = this, before = this.latest(said.target), item;
    while (before && (!before.tries || before.fault)) {
      if (this.sending === before) { break; }
      said.based_on = before.said.based_on;
      this.forget(before);
      before = this.latest(said.target);
    }
    said.key = J.newKey();
    item = { said: said, at: Date.now(), turn: this.items.length, tries: 0, after: before ? before.said.key : '' };
    this.items.push(item);
    this.keep(item);
    this.tell();
    window.setTimeout(function () { self.wake(); }, 0);
    return item;
  };

  Queue.prototype.discard = function (target) {
    var self = this;
    this.items.filter(function (item) { return item.said.target === target && item.fault; }).forEach(function (item) { self.forget(item); });
    this.tell();
  };

  Queue.prototype.waiting = function () {
    return this.items.filter(function (item) { return !item.fault; });
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

  Queue.prototype.send = function () {
    var item = this.waiting()[0], self = this;
    if (this.isSending || !item) { return; }
    this.isSending = true;
    this.sending = item;
    item.tries += 1;
    this.keep(item);
    J.post('/visits/results', { sheet: this.page.sheet, source: this.page.source, results: [item.said] }, ANSWER_MS, function (status, answer, text) {
      self.isSending = false;
      self.sending = null;
      self.hear(item, status, answer, text);
      self.tell();
    });
  };

  Queue.prototype.hear = function (item, status, answer, text) {
    var told = null;
    ((answer && answer.results) || []).forEach(function (one) { if (one.key === item.said.key) { told = one; } });
    if (status === 200 && told) {
      this.failures = 0;
      this.settle(item, told);
      this.send();
    } else if (status === 401 || (status === 403 && !answer)) {
      this.needs = 'sign-in';  /* the second: a password that must be changed first */
    } else if (status >= 400 && status < 500 && status !== 408 && status !== 429 && answer) {
      item.fault = answer.error || text;
      this.keep(item);
      this.pass(item, item.said.based_on);
      this.send();
    } else {
      this.later();
    }
  };

  Queue.prototype.settle = function (item, told) {
    this.forget(item);
    this.answers[item.said.target] = { said: item.said, state: told.state, id: told.result_id, message: told.message };
    this.pass(item, told.state === 'accepted' ? told.result_id : item.said.based_on);
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
