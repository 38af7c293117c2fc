/* Scales the one design to the screen and fetches the figures every minute; only texts that changed are touched. */
"use strict";
(() => {
  const WIDTH = 1920, HEIGHT = 1080, EVERY_MS = 60000, PATIENCE_MS = 20000;
  const stage = document.getElementById("stage");
  const said = document.getElementById("said");

  function fit() {
    const scale = Math.min(innerWidth / WIDTH, innerHeight / HEIGHT);
    const left = (innerWidth - WIDTH * scale) / 2, top = (innerHeight - HEIGHT * scale) / 2;
    stage.style.transform = `translate(${left}px, ${top}px) scale(${scale})`;
  }

  function write(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }

  function number(value) {
    return value === null ? "略" : value.toLocaleString("zh-CN", { maximumFractionDigits: 1 });
  }

  function outOf(one) {
    if (one.denominator === null) return "";
    const inside = one.unit === "%" && one.numerator !== null ? `，其中 ${number(one.numerator)} 人` : "";
    return `${one.of} ${number(one.denominator)} 人${inside}`;
  }

  function show(board) {
    write(document.querySelector("#time time"), board.local_time);
    for (const one of board.kpis) {
      const card = document.querySelector(`[data-key="${CSS.escape(one.key)}"]`);
      if (!card) continue;
      write(card.querySelector(".value b"), number(one.value));
      write(card.querySelector(".of"), outOf(one));
      write(card.querySelector(".definition"), one.definition);
    }
    write(said, "");
  }

  function close() {
    for (const text of document.querySelectorAll(".value b, .of")) write(text, "");
    write(said, "这块大屏已停用或到期，请联系系统管理员");
  }

  async function refresh() {
    try {
      const answer = await fetch("/display/kpis.json", {
        cache: "no-store", headers: { accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE_MS),
      });
      if (answer.status === 401 || answer.status === 403) close();
      else if (answer.ok) show(await answer.json());
      else write(said, "暂时取不到数字，稍后再试");
    } catch {
      write(said, "连不上服务器，数字为上次取得的");
    }
  }

  fit();
  addEventListener("resize", fit);
  setInterval(refresh, EVERY_MS);
})();
