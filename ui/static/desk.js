// 坐席台: the list follows what is typed, the clause stands beside it, and all of it goes by keys.
// What an operator has looked up is kept in this window alone (sessionStorage) and sent nowhere.
"use strict";

(() => {
  const pause = 40; // milliseconds without a key before the server is asked, while keys come fast
  const slow = 120; // milliseconds after which a key is asked about at once: a word chosen in an input method
  const patience = 8000; // milliseconds until a silent server counts as gone
  const again = 3000; // milliseconds until it is tried again
  const dwell = 500; // milliseconds on a clause before the other places are fetched
  const most = 30; // texts kept of this shift
  const recents = "zw-desk-recent";
  const chosenPlace = "zw-desk-place";
  const $ = (id) => document.getElementById(id);
  const form = $("desk-form"), field = $("desk-q"), place = $("desk-place"), help = $("desk-help");
  const count = $("desk-count"), choices = $("desk-choices"), list = $("desk-list"), sheet = $("desk-sheet");
  const lost = $("desk-lost"), live = $("desk-live"), clear = $("desk-clear");
  const sheets = new Map(); // what was fetched of clauses, by what it was fetched for
  let last = 0; // when the last key came
  let turn = 0; // counts the texts: only the answer to the last one is shown
  let request = null;
  let listed = ""; // the text that the list belongs to
  let selected = -1;
  let shown = ""; // which clause stands beside the list
  let listing = Promise.resolve(); // the list that is on its way
  let showing = Promise.resolve(); // the clause that is on its way
  const timers = {};

  function later(name, wait, action) {
    clearTimeout(timers[name]);
    timers[name] = setTimeout(action, wait);
  }

  function stored(storage, name, value) {
    try {
      if (value === undefined) return JSON.parse(storage.getItem(name));
      storage.setItem(name, JSON.stringify(value));
    } catch { /* no storage: it holds for this page */ }
    return null;
  }

  async function fetched(part, values, signal) {
    const response = await fetch(`/desk/${part}`, { method: "POST", body: new URLSearchParams(values), signal });
    if (response.ok) return response.text();
    const problem = await response.json().catch(() => ({}));
    throw Object.assign(new Error(problem.detail ?? "服务出了错"), { told: problem.remedy ?? "请稍后再试" });
  }

  function parsed(html) {
    const template = document.createElement("template");
    template.innerHTML = html; // made by our own templates, which escape every text
    return template.content;
  }

  // ---- the list ----

  function typed() {
    const now = performance.now();
    look(now - last > slow ? 0 : pause);
    last = now;
  }

  function look(wait) {
    const text = field.value.trim();
    const mine = ++turn;
    request?.abort();
    clearTimeout(timers.look);
    clearTimeout(timers.again);
    if (text) listing = new Promise((done) => { later("look", wait, () => ask(text, mine).then(done)); });
    else showRecent();
  }

  // What is done right after the last key is done with what that key brings, not with what stood there before.
  async function settled() {
    const text = field.value.trim();
    if (text && text !== listed && lost.hidden) {
      look(0);
      await listing;
    }
    await showing;
  }

  async function ask(text, mine) {
    request = new AbortController();
    const { signal } = request;
    const limit = setTimeout(() => mine === turn && gone(text), patience);
    try {
      const html = await fetched("list", { q: text, place: place.value }, signal);
      if (mine === turn) showList(parsed(html), text);
    } catch (error) {
      if (mine === turn && error.name !== "AbortError") gone(text, error);
    } finally {
      clearTimeout(limit);
    }
  }

  function showList(part, text) {
    listed = text;
    lost.hidden = true;
    const told = part.querySelector("#desk-count");
    count.textContent = told.textContent;
    count.className = told.className;
    choices.replaceChildren(...part.querySelector("#desk-choices").children);
    list.setAttribute("aria-label", "条款");
    list.replaceChildren(...part.querySelector("#desk-list").children);
    list.scrollTop = 0;
    clear.hidden = true;
    number();
    choose(list.children.length ? 0 : -1);
    const first = list.querySelector(".desk-name")?.textContent;
    say(`${count.textContent}${first ? `第一条：${first}` : ""}`, 700);
  }

  function gone(text, error) {
    const kept = listed ? `下面还是“${listed}”的结果。` : "";
    lost.textContent = error?.told
      ? `${error.message}。${error.told}。${kept}`
      : `连不上服务器，没有查到“${text}”。${kept}每隔几秒自动再试一次。`;
    lost.hidden = false;
    if (!error?.told) later("again", again, () => look(0));
  }

  function number() {
    [...list.children].forEach((option, index) => {
      option.id = `desk-o-${index + 1}`;
      if (index < 9) option.dataset.number = index + 1;
    });
    field.setAttribute("aria-expanded", String(list.children.length > 0));
  }

  function choose(index) {
    const options = list.children;
    options[selected]?.setAttribute("aria-selected", "false");
    for (const option of list.querySelectorAll('[aria-selected="true"]')) option.setAttribute("aria-selected", "false");
    selected = index;
    const option = options[index];
    if (!option) {
      field.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
    if (!("recent" in option.dataset)) showing = showSheet(option);
  }

  function move(step) {
    const size = list.children.length;
    if (size) choose((Math.max(selected, step > 0 ? -1 : 0) + step + size) % size);
  }

  // ---- the clause ----

  function about(option) {
    return { source: option.dataset.source, locator: option.dataset.locator, q: listed, place: place.value };
  }

  function sheetOf(values) {
    const key = JSON.stringify(values);
    if (!sheets.has(key)) {
      if (sheets.size > 200) sheets.clear();
      const coming = fetched("sheet", values);
      coming.catch(() => sheets.delete(key));
      sheets.set(key, coming);
    }
    return sheets.get(key);
  }

  async function showSheet(option) {
    const values = about(option);
    const key = JSON.stringify(values);
    shown = key;
    clearTimeout(timers.places);
    try {
      const html = await sheetOf(values);
      if (shown !== key) return;
      sheet.replaceChildren(...parsed(html).children);
      sheet.scrollTop = 0;
      sheet.dataset.for = listed;
      later("ahead", 60, () => ahead());
      later("places", dwell, () => places());
    } catch (error) {
      if (shown === key && error.name !== "AbortError") gone(listed, error);
    }
  }

  function ahead() {
    for (const index of [selected + 1, selected + 2]) {
      const option = list.children[index];
      if (option?.dataset.source) sheetOf(about(option)).catch(() => {});
    }
  }

  async function places() {
    const part = sheet.querySelector(".desk-places");
    if (!part || part.dataset.state) return;
    part.dataset.state = "coming";
    const inner = part.querySelector(".desk-places-in");
    try {
      inner.replaceChildren(...parsed(await fetched("places", { topic: part.dataset.topic, own: part.dataset.own })).children);
    } catch {
      delete part.dataset.state;
      inner.textContent = "没有取到，按 Alt+J 再试。";
    }
  }

  // ---- what is done with it ----

  const acts = {
    async ticket() {
      await settled();
      const pre = sheet.querySelector(".desk-ticket pre");
      if (!pre) {
        say("还没有选中的条款", 0);
        return;
      }
      pre.querySelector("[data-now]").textContent = now();
      await copy(pre.textContent);
      remember();
      flash("ticket", "已复制工单文本 ");
    },
    async reading() {
      await settled();
      reach(".desk-reading");
    },
    async places() {
      await settled();
      places();
      reach(".desk-places");
    },
  };

  function reach(name) {
    const part = sheet.querySelector(name);
    if (!part) return;
    remember();
    part.focus({ preventScroll: true });
    part.scrollIntoView({ block: "nearest" });
  }

  function now() {
    const two = (value) => String(value).padStart(2, "0");
    const at = new Date();
    return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
  }

  // Without a secure connection the browser keeps its clipboard to itself; the old way still works there.
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const before = document.activeElement;
      const area = Object.assign(document.createElement("textarea"), { value: text, className: "zw-unseen" });
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      before?.focus({ preventScroll: true });
    }
  }

  function flash(act, told) {
    const words = sheet.querySelector(`[data-act="${act}"]`).firstChild;
    const label = words.nodeValue;
    if (label === told) return;
    words.nodeValue = told;
    say(told, 0);
    setTimeout(() => { words.nodeValue = label; }, 2000);
  }

  function say(text, wait) {
    later("say", wait, () => { live.textContent = text; });
  }

  // ---- this shift ----

  function remember() {
    if (!listed) return;
    const others = (stored(sessionStorage, recents) ?? []).filter((text) => text !== listed);
    stored(sessionStorage, recents, [listed, ...others].slice(0, most));
  }

  function showRecent() {
    const texts = stored(sessionStorage, recents) ?? [];
    lost.hidden = true;
    listed = "";
    choices.replaceChildren();
    count.className = "desk-count";
    count.textContent = texts.length ? `本班查过 ${texts.length} 次` : "";
    list.setAttribute("aria-label", "本班查过的");
    list.replaceChildren(...texts.map((text) => {
      const option = Object.assign(document.createElement("li"), { className: "desk-row", textContent: text });
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.recent = "";
      return option;
    }));
    clear.hidden = !texts.length;
    number();
    choose(-1);
  }

  function take(option) {
    field.value = option.textContent;
    field.focus();
    look(0);
  }

  async function open() {
    const option = list.children[selected] ?? list.children[0];
    if (!field.value.trim()) {
      if (option) take(option);
      return;
    }
    await settled();
    if (!list.children[selected]) return;
    remember();
    sheet.focus({ preventScroll: true });
  }

  function home() {
    field.focus();
    field.select();
  }

  // ---- keys and clicks ----

  const alt = {
    KeyC: acts.ticket,
    KeyL: acts.reading,
    KeyJ: acts.places,
    KeyQ: () => {
      field.value = "";
      field.focus();
      look(0);
    },
  };

  function keyed(event) {
    // While an input method is composing, its keys are its own.
    if (event.isComposing || event.keyCode === 229) return false;
    const { key, code, target } = event;
    const writing = target === field;
    if (key === "F1") {
      if (help.open) help.close();
      else help.showModal();
      return true;
    }
    if (help.open) return false;
    if (event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      const digit = /^Digit([1-9])$/.exec(code);
      if (digit && list.children[digit[1] - 1]) {
        choose(digit[1] - 1);
        return true;
      }
      if (!(code in alt)) return false;
      alt[code]();
      return true;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (key === "Escape") {
      if (document.querySelector(".zw-display[open]")) return false;
      home();
      return true;
    }
    if (writing || target === document.body) {
      if (key === "ArrowDown" || key === "ArrowUp") {
        move(key === "ArrowDown" ? 1 : -1);
        return true;
      }
    }
    if (writing) {
      if (key === "PageDown" || key === "PageUp") {
        sheet.scrollBy({ top: (key === "PageDown" ? 0.8 : -0.8) * sheet.clientHeight });
        return true;
      }
      if (key === "Enter") {
        open();
        return true;
      }
    } else if (!target.closest?.("input, select, textarea")) {
      if (key === "/") {
        home();
        return true;
      }
      if (key === "?" || key === "？") {
        help.showModal();
        return true;
      }
    }
    return false;
  }

  document.addEventListener("keydown", (event) => {
    if (keyed(event)) event.preventDefault();
  });
  field.addEventListener("input", (event) => { if (!event.isComposing) typed(); });
  field.addEventListener("compositionend", typed);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    open();
  });
  place.addEventListener("change", () => {
    stored(localStorage, chosenPlace, place.value);
    look(0);
    field.focus();
  });
  document.addEventListener("click", (event) => {
    const at = (name) => event.target.closest?.(name);
    const option = at("#desk-list > li");
    if (option) {
      if ("recent" in option.dataset) take(option);
      else choose([...list.children].indexOf(option));
    }
    const act = at("[data-act]");
    if (act) acts[act.dataset.act]();
    const where = at("[data-place]");
    if (where) {
      field.value = `${where.dataset.place} ${field.value.trim()}`;
      field.focus();
      look(0);
    }
    if (at("#desk-keys")) help.showModal();
    if (at("#desk-clear")) {
      stored(sessionStorage, recents, []);
      sheets.clear();
      field.focus();
      showRecent();
    }
  });
  addEventListener("online", () => { if (!lost.hidden) look(0); });

  document.documentElement.classList.add("desk-scripted");
  const kept = stored(localStorage, chosenPlace);
  if (kept && !new URLSearchParams(location.search).has("place")) {
    place.value = [...place.options].some((option) => option.value === kept) ? kept : "";
  }
  if (field.value.trim()) look(0);
  else showRecent();
  if (matchMedia("(pointer: fine)").matches) field.focus();
})();
