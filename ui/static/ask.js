// The conversation in the browser. The server renders one answer card at a time into #zw-inbox; this script
// moves it to the end of the conversation, and keeps the conversation in this window (sessionStorage), so that
// it is there again after a reload or on the way back from a document. The server keeps nothing of it.
"use strict";

(() => {
  const talk = "zw-talk", where = "zw-place";
  const patience = 20000; // milliseconds until the reader is told that nothing came back
  const longest = 500; // characters of a question in the address
  const most = 30; // turns that are kept over a reload
  const turns = element("section", { id: "zw-turns", ariaLabel: "问答" });
  const live = element("div", { className: "zw-unseen", role: "status", ariaLive: "polite" });
  const waiting = element("div", { className: "zw-wait" });
  let earlier = []; // questions, oldest first
  let pending = ""; // the question that is being answered
  let leaving = false; // whether Gradio has taken it up
  let lost = false; // whether the question on its way came to nothing
  let timer = 0, watch = 0;

  const one = (selector) => document.querySelector(selector);
  const box = () => one("#zw-box textarea, #zw-box input");
  const place = () => one("#zw-place");

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
        sessionStorage.setItem(talk, JSON.stringify(told));
        return;
      } catch { /* too large: keep fewer */ }
    }
  }

  function restore() {
    const told = kept(talk);
    if (!told?.cards?.length && !told?.pending) return;
    turns.innerHTML = told.cards.join(""); // cards of our server, kept by this page
    earlier = told.earlier ?? [];
    for (const gone of turns.querySelectorAll(".zw-thanks")) gone.textContent = "";
    if (told.cards.length) begun(true);
    if (told.pending) fill(told.pending);
    requestAnimationFrame(() => scrollTo({ top: told.scroll ?? 0, behavior: "instant" }));
  }

  function begun(yes) {
    document.body.classList.toggle("zw-begun", yes);
    const clear = one("[data-clear]");
    if (clear) clear.hidden = !yes;
  }

  function clear() {
    turns.replaceChildren();
    earlier = [];
    pending = "";
    keep();
    begun(false);
    live.textContent = "对话已清空";
    box().focus();
  }

  // ---- asking

  function fill(question) {
    const field = box();
    field.value = question;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    return field;
  }

  function send(question) {
    fill(question).focus({ preventScroll: true });
    setTimeout(() => {
      wait();
      one("#zw-send")?.click();
    }, 0);
  }

  // A page that is still being built does not hear the first press: it is pressed again, for ten seconds.
  function press(left) {
    if (leaving || !pending || !left) return;
    one("#zw-send")?.click();
    setTimeout(press, 300, left - 1);
  }

  // Gradio calls this as a question leaves (see ask.py).
  window.zhengwen = {
    sent: (typed) => {
      leaving = true;
      return JSON.stringify({ question: typed || pending, place: place()?.value ?? "", earlier: earlier.slice(-6) });
    },
  };

  function wait() {
    const question = box().value.trim();
    if (!question || (question === pending && !lost)) return; // it is on its way
    lost = false;
    pending = question;
    leaving = false;
    setTimeout(press, 300, 30);
    waiting.replaceChildren(
      element("p", { className: "zw-q", textContent: question }),
      element("p", { className: "zw-pending", textContent: "正在查找…" }),
    );
    turns.append(waiting);
    waiting.scrollIntoView({ block: "nearest" });
    clearTimeout(timer);
    timer = setTimeout(() => failed("没有收到回答，请检查网络。"), patience);
  }

  function take(inbox) {
    const card = inbox.querySelector(".zw-turn");
    if (!card) return;
    clearTimeout(timer);
    waiting.remove();
    turns.append(card);
    if (card.querySelector(".zw-a:not([data-status=failed])")) earlier.push(pending);
    if (box().value.trim() === pending) fill("");
    pending = "";
    begun(true);
    live.textContent = card.querySelector(".zw-plain, .zw-a").textContent;
    if (matchMedia("(pointer: coarse)").matches) box().blur(); // the keyboard of a telephone goes away
    card.scrollIntoView({ block: "start" });
    keep();
  }

  // ---- the service cannot be reached

  function failed(message) {
    if (!pending) return;
    clearTimeout(timer);
    lost = true;
    keep();
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
        told.firstChild.textContent = live.textContent = "服务已恢复，您的问题已保留。";
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

  // Gradio gives up for good once a connection broke, so the page is loaded anew and asks the one question.
  async function retry() {
    if (!(await alive())) return failed("还是连不上服务，请稍后再试。");
    keep();
    location.replace("/?" + new URLSearchParams({ q: pending }));
  }

  const fetched = window.fetch;
  window.fetch = async (...given) => {
    const asked = String(given[0]?.url ?? given[0]).includes("/run/predict");
    try {
      const reply = await fetched(...given);
      if (asked && reply.status === 429) failed("问得太快了，请过一会儿再问。");
      else if (asked && !reply.ok) failed("服务没有答成。");
      return reply;
    } catch (error) {
      if (asked) failed("连不上服务。");
      throw error;
    }
  };

  // ---- the place

  function choose(name) {
    const list = place();
    if (!list) return;
    list.value = [...list.options].some((option) => option.value === name) ? name : "";
    if (document.body.classList.contains("zw-begun")) one("[data-clear]").hidden = false;
  }

  async function chosen() {
    const name = place().value;
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
      const reply = await fetched("/api/v1/examples?" + new URLSearchParams({ jurisdiction: name }));
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
    const inbox = one("#zw-inbox"), composer = one("#zw-composer");
    if (!box() || !inbox || !composer || !place()) return false;
    composer.before(turns);
    document.body.append(live);
    restore();
    const address = new URLSearchParams(location.search);
    if (address.has("place")) {
      choose(address.get("place"));
      chosen();
    } else {
      choose(remembered());
      if (place().value) examples(place().value);
    }
    new MutationObserver(() => take(inbox)).observe(inbox, { childList: true, subtree: true });
    new MutationObserver(() => choose(remembered())).observe(one("#zw-where"), { childList: true, subtree: true });
    const asked = (address.get("q") ?? "").trim();
    if (location.search) history.replaceState(null, "", location.pathname); // a reload does not ask again
    if (asked && asked.length <= longest) send(asked);
    else if (asked) fill(asked.slice(0, longest));
    else if (matchMedia("(pointer: fine)").matches) box().focus({ preventScroll: true });
    return true;
  }

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest?.(selector);
    if (at("[data-ask]")) send(at("[data-ask]").dataset.ask);
    if (at("[data-copy]") && at("[data-copy]").textContent !== "已复制") copy(at("[data-copy]"));
    if (at("[data-print]")) printed(at(".zw-turn"));
    if (at("[data-where]")) place().focus();
    if (at("[data-clear]")) clear();
    if (at("#zw-send")) wait();
  }, true);

  document.addEventListener("change", (event) => {
    if (event.target === place()) chosen();
  }, true);

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target === box()) wait();
  }, true);

  addEventListener("pagehide", () => { if (turns.isConnected) keep(); });

  // Gradio builds the page by script, some time after it is loaded.
  const builder = new MutationObserver(() => begin() && builder.disconnect());
  builder.observe(document.documentElement, { childList: true, subtree: true });
})();
