// The conversation in the browser. The server gives one answer card at a time; this script puts it at the end of
// the conversation, and keeps the conversation in this window (sessionStorage), so that it is there again after a
// reload or on the way back from a document. The server keeps nothing of it.
"use strict";

(() => {
  const room = "zw-talk", where = "zw-place";
  const patience = 20000; // milliseconds until the reader is told that nothing came back
  const soon = 400; // milliseconds within which an answer needs no word that it is being looked for
  const longest = 500; // characters of a question in the address
  const most = 30; // turns that are kept over a reload
  const one = (selector) => document.querySelector(selector);
  const chat = one(".zw-chat"), turns = one("#zw-turns"), live = one("#zw-live");
  const form = one("#zw-composer"), box = one("#zw-question"), place = one("#zw-place");
  const waiting = element("div", { className: "zw-wait" });
  let earlier = []; // questions, oldest first
  let pending = ""; // the question asked last, until it is answered
  let talks = 0; // how often the conversation was begun anew
  let lost = false; // whether the question on its way came to nothing
  let watch = 0;

  function element(tag, properties, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }

  // ---- what is kept in this window

  function kept(name, storage = sessionStorage) {
    try {
      return JSON.parse(storage.getItem(name));
    } catch {
      return null; // no storage, or not ours
    }
  }

  function keep() {
    const cards = [...turns.querySelectorAll(".zw-turn")].map((card) => card.outerHTML);
    for (let last = most; last > 0; last = Math.floor(last / 2)) {
      try {
        const told = { cards: cards.slice(-last), earlier: earlier.slice(-6), scroll: scrollY, pending };
        sessionStorage.setItem(room, JSON.stringify(told));
        return;
      } catch { /* too large: keep fewer */ }
    }
  }

  function restore() {
    const told = kept(room);
    if (!told?.cards?.length && !told?.pending) return;
    turns.innerHTML = told.cards.join(""); // cards of our server, kept by this page
    earlier = told.earlier ?? [];
    for (const gone of turns.querySelectorAll(".zw-thanks")) gone.textContent = "";
    if (told.cards.length) begun(true);
    if (told.pending) box.value = told.pending;
    requestAnimationFrame(() => scrollTo({ top: told.scroll ?? 0, behavior: "instant" }));
  }

  function begun(yes) {
    chat.classList.toggle("zw-begun", yes);
    one("[data-clear]").hidden = !yes;
  }

  function clear() {
    talks += 1;
    turns.replaceChildren();
    earlier = [];
    pending = "";
    keep();
    begun(false);
    live.textContent = "对话已清空";
    box.focus();
  }

  // ---- asking

  async function ask(typed) {
    const question = typed.trim();
    if (!question || (question === pending && !lost)) return; // it is on its way
    lost = false;
    pending = question;
    clearInterval(watch);
    const talk = talks, slow = setTimeout(wait, waiting.isConnected ? 0 : soon);
    let card = "", message = "";
    try {
      const reply = await fetch("/ask/card", {
        method: "POST", headers: { "content-type": "application/json" }, signal: AbortSignal.timeout(patience),
        body: JSON.stringify({ question, place: place.value, earlier: earlier.slice(-6) }),
      });
      if (reply.ok) card = await reply.text();
      else message = reply.status === 429 ? "问得太快了，请过一会儿再问。" : "服务没有答成。";
    } catch (error) {
      message = error.name === "TimeoutError" ? "没有收到回答，请检查网络。" : "连不上服务。";
    }
    clearTimeout(slow);
    if (talk !== talks) return; // the conversation was cleared
    if (card) take(card, question);
    else if (question === pending) failed(message);
  }

  function wait() {
    waiting.replaceChildren(
      element("p", { className: "zw-q", textContent: pending }),
      element("p", { className: "zw-pending", textContent: "正在查找…" }),
    );
    turns.append(waiting);
    waiting.scrollIntoView({ block: "nearest" });
  }

  function take(html, question) {
    if (question === pending) {
      waiting.remove();
      pending = "";
    }
    if (box.value.trim() === question) box.value = "";
    turns.insertAdjacentHTML("beforeend", html);
    const card = turns.lastElementChild;
    if (card.querySelector(".zw-a:not([data-status=failed])")) earlier.push(question);
    begun(true);
    live.textContent = card.querySelector(".zw-plain, .zw-a").textContent;
    if (matchMedia("(pointer: coarse)").matches) box.blur(); // the keyboard of a telephone goes away
    card.scrollIntoView({ block: "start" }); // last: what is above is laid out once
  }

  function send(question) {
    box.value = question;
    box.focus({ preventScroll: true });
    ask(question);
  }

  // ---- the service cannot be reached

  function failed(message) {
    if (!pending) return;
    lost = true;
    const again = element("button", { type: "button", className: "zw-copy", textContent: "再问一次" });
    again.addEventListener("click", retry);
    const told = element("p", { className: "zw-pending zw-lost" }, `${message}您的问题已保留。`, again);
    waiting.replaceChildren(element("p", { className: "zw-q", textContent: pending }), told);
    turns.append(waiting);
    waiting.scrollIntoView({ block: "nearest" });
    live.textContent = `${message}您的问题已保留。`;
    clearInterval(watch);
    let looks = 0;
    watch = setInterval(async () => {
      if (++looks > 100 || !pending) return clearInterval(watch);
      if (await alive()) {
        clearInterval(watch);
        if (lost) told.firstChild.textContent = live.textContent = "服务已恢复，您的问题已保留。";
      }
    }, 3000);
  }

  async function alive() {
    try {
      return (await fetch("/healthz", { cache: "no-store" })).ok;
    } catch {
      return false;
    }
  }

  async function retry() {
    if (await alive()) ask(pending);
    else failed("还是连不上服务，请稍后再试。");
  }

  // ---- the place

  function choose(name) {
    place.value = [...place.options].some((option) => option.value === name) ? name : "";
  }

  async function chosen() {
    const name = place.value;
    for (const storage of [sessionStorage, localStorage]) {
      try {
        storage.setItem(where, JSON.stringify(name));
      } catch { /* it holds for this page */ }
    }
    live.textContent = name ? `按${name}回答` : "按全部地区回答";
    await examples(name);
  }

  async function examples(name) {
    const list = one("#zw-log .zw-chips ul");
    if (!list) return;
    try {
      const reply = await fetch("/api/v1/examples?" + new URLSearchParams({ jurisdiction: name }));
      const questions = reply.ok ? await reply.json() : [];
      if (!questions.length) return;
      list.replaceChildren(...questions.map((question) => {
        const chip = element("button", { type: "button", className: "zw-chip", textContent: question });
        chip.dataset.ask = question;
        return element("li", {}, chip);
      }));
    } catch { /* the examples of all places stay */ }
  }

  const remembered = () => kept(where) ?? kept(where, localStorage) ?? "";

  // ---- copying and printing

  // Without a secure connection the browser keeps its clipboard to itself; the old way still works there.
  async function copy(button) {
    const text = button.dataset.copy;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const field = element("textarea", { value: text, className: "zw-unseen" });
      button.after(field);
      field.select();
      document.execCommand("copy");
      field.remove();
      button.focus({ preventScroll: true });
    }
    const label = button.textContent;
    button.textContent = live.textContent = "已复制";
    setTimeout(() => { button.textContent = label; }, 2000);
  }

  function printed(card) {
    card.classList.add("zw-printed");
    document.body.classList.add("zw-printing");
    window.print();
    document.body.classList.remove("zw-printing");
    card.classList.remove("zw-printed");
  }

  let closed = []; // what was folded away before printing
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll(".zw-basis details:not([open]), .zw-plain details:not([open])")];
    for (const part of closed) part.open = true;
  });
  addEventListener("afterprint", () => { for (const part of closed) part.open = false; });

  // ---- the beginning

  function begin() {
    restore();
    const address = new URLSearchParams(location.search);
    if (address.has("place")) {
      choose(address.get("place"));
      chosen();
    } else {
      choose(remembered());
      if (place.value) examples(place.value);
    }
    const asked = (address.get("q") ?? "").trim();
    if (location.search) history.replaceState(null, "", location.pathname); // a reload does not ask again
    if (asked && asked.length <= longest) send(asked);
    else if (asked) box.value = asked.slice(0, longest);
    else if (matchMedia("(pointer: fine)").matches) box.focus({ preventScroll: true });
  }

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest?.(selector);
    if (at("[data-ask]")) send(at("[data-ask]").dataset.ask);
    if (at("[data-copy]") && at("[data-copy]").textContent !== "已复制") copy(at("[data-copy]"));
    if (at("[data-print]")) printed(at(".zw-turn"));
    if (at("[data-where]")) place.focus();
    if (at("[data-clear]")) clear();
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(box.value);
  });

  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });

  place.addEventListener("change", chosen);

  // A telephone may end a hidden page without another word; one that is left by a link says pagehide.
  addEventListener("pagehide", keep);
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep(); });

  begin();
})();
