"use strict";
/* Review by keys and mouse. Decisions are saved together: those made while one save is under way go with the next. */
(() => {
  const list = document.querySelector(".zw-facts");
  const cards = [...list.querySelectorAll(".zw-fact")];
  const state = document.getElementById("state");
  const left = document.getElementById("left");
  const words = { accept: "已确认", change: "已改正", reject: "已驳回", withdraw: "" };
  const byId = new Map(cards.map((card) => [card.dataset.id, card]));
  let waiting = [];
  let saving = false;
  let stored = 0;
  const done = []; // what was decided here, the last at the end
  const all = Number(left.dataset.left);
  let open = all;
  let at = -1;

  for (const part of document.querySelectorAll(".zw-keys, .zw-later")) part.hidden = false;
  for (const select of document.querySelectorAll("#filter select")) select.addEventListener("change", () => select.form.requestSubmit());

  const settled = (card) => card.classList.contains("zw-settled");

  function go(index, focus = true) {
    if (at >= 0) cards[at].classList.remove("zw-at");
    at = index;
    if (at < 0 || at >= cards.length) { at = -1; return; }
    cards[at].classList.add("zw-at");
    if (focus) { cards[at].focus({ preventScroll: true }); cards[at].scrollIntoView({ block: "nearest" }); }
  }
  function step(by) {
    for (let i = at + by; i >= 0 && i < cards.length; i += by) if (!settled(cards[i])) { go(i); return true; }
    return false;
  }
  function next() {
    if (step(1)) return;
    const first = cards.findIndex((card) => !settled(card) && !card.classList.contains("zw-skipped"));
    if (first >= 0) { go(first); return; }
    go(-1);
    ended();
  }
  function ended() { // the next page begins behind what was skipped
    if (waiting.length || saving) return;
    if (cards.some((card) => !settled(card) && !card.classList.contains("zw-skipped"))) return;
    if (!cards.length || cards.some((card) => card.dataset.wrong)) return;
    const address = new URL(location.href);
    const skipped = cards.filter((card) => !settled(card)).length;
    const from = Number(address.searchParams.get("skip") || 0);
    if (skipped === cards.length && from + cards.length >= all) { tell("都看过了。"); return; }
    address.searchParams.set("skip", from + skipped);
    for (const name of ["saved", "wrong"]) address.searchParams.delete(name);
    location.assign(address);
  }

  function tell(text) { state.textContent = text; }
  function count() {
    left.textContent = `还有 ${open} 条可疑`;
    tell(saving || waiting.length ? `正在存 ${waiting.length + saving} 条…` : stored ? `都存好了，这次存了 ${stored} 条。` : "");
  }

  function verdict(card, text, wrong) {
    const line = card.querySelector(".zw-verdict");
    line.textContent = text;
    line.classList.toggle("zw-fault", Boolean(wrong));
    if (wrong) card.dataset.wrong = "1"; else delete card.dataset.wrong;
  }
  function settle(card, action) {
    if (!settled(card)) open -= 1;
    card.classList.add("zw-settled");
    verdict(card, words[action]);
    const undo = document.createElement("button");
    undo.type = "button"; undo.className = "zw-button zw-undo"; undo.textContent = "撤回";
    undo.addEventListener("click", () => withdraw(card.dataset.id));
    card.querySelector(".zw-verdict").append(" ", undo);
  }
  function reopen(card) {
    if (settled(card)) open += 1;
    card.classList.remove("zw-settled", "zw-skipped");
    verdict(card, "");
  }

  function put(id, action, fields = {}) {
    const card = byId.get(id);
    waiting.push({ id, action, fields, seen: action === "withdraw" ? 1 : 0 });
    if (action === "withdraw") { if (card) reopen(card); } else { done.push(id); if (card) settle(card, action); else open -= 1; }
    count();
    save();
  }
  function withdraw(id) {
    const index = done.lastIndexOf(id);
    if (index < 0) return;
    done.splice(index, 1);
    const unsent = waiting.findIndex((row) => row.id === id);
    const card = byId.get(id);
    if (unsent >= 0) { // not sent yet: nothing to counter
      waiting.splice(unsent, 1);
      if (card) reopen(card); else open += 1;
      count();
    } else { if (!card) open += 1; put(id, "withdraw"); }
    if (card) go(cards.indexOf(card));
  }

  async function save() {
    if (saving || !waiting.length) return;
    const rows = waiting.splice(0, 200);
    saving = rows.length;
    count();
    let again = 0;
    try {
      const reply = await fetch("/admin/review/decisions", {
        method: "POST", credentials: "same-origin", redirect: "error",
        headers: { "content-type": "application/json", "x-csrf-token": list.dataset.csrf },
        body: JSON.stringify(rows),
      });
      if (reply.ok) {
        for (const row of await reply.json()) {
          if (row.state === "saved") { stored += 1; continue; }
          const card = byId.get(row.id);
          const index = done.lastIndexOf(row.id);
          if (index >= 0) done.splice(index, 1);
          if (card) { reopen(card); verdict(card, row.told, true); }
        }
      } else if (reply.status === 409) {
        const why = await reply.json();
        again = 3000;
        waiting = [...rows, ...waiting];
        tell(`还没有存：${why.what}。稍后自动再存，请不要关这一页。`);
      } else throw new Error(String(reply.status));
    } catch {
      again = 5000;
      waiting = [...rows, ...waiting];
      tell("还没有存：连不上服务器或登录已过期。稍后自动再存；一直不行请重新登录。");
    }
    saving = 0;
    if (again) { setTimeout(save, again); return; }
    count();
    if (waiting.length) save(); else if (at < 0) ended();
  }
  window.addEventListener("beforeunload", (event) => { if (waiting.length || saving) event.preventDefault(); });

  function decide(card, action) {
    if (settled(card)) return;
    if (action === "accept-alike") for (const id of card.dataset.alike.split(" ")) { if (!byId.has(id) || !settled(byId.get(id))) put(id, "accept"); }
    else if (action === "change") {
      const fields = {};
      for (const input of card.querySelectorAll("[name^=new-]")) {
        const name = input.name.slice(4);
        if (input.value.trim() !== card.querySelector(`[name="old-${name}"]`).value.trim()) fields[name] = input.value.trim();
      }
      if (!Object.keys(fields).length) { verdict(card, "没有改动，没有存。", true); return; }
      put(card.dataset.id, "change", fields);
    } else put(card.dataset.id, action);
    at = cards.indexOf(card);
    next();
  }
  function skip(card) { card.classList.add("zw-skipped"); at = cards.indexOf(card); next(); }

  for (const [index, card] of cards.entries()) {
    card.querySelector("form").addEventListener("submit", (event) => { event.preventDefault(); decide(card, event.submitter?.value || "change"); });
    card.querySelector(".zw-later").addEventListener("click", () => skip(card));
    card.addEventListener("focusin", () => { if (at !== index) go(index, false); });
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, .zw-display")) {
      if (event.key === "Escape" && at >= 0) cards[at].focus();
      return;
    }
    const key = event.key.toLowerCase();
    const card = at >= 0 ? cards[at] : null;
    if (key === "j") step(1);
    else if (key === "k") step(-1);
    else if (key === "u") { if (done.length) withdraw(done[done.length - 1]); }
    else if (card && key === "a") decide(card, "accept");
    else if (card && key === "r") decide(card, "reject");
    else if (card && key === "s") skip(card);
    else if (card && key === "c") {
      const form = card.querySelector(".zw-changing");
      form.open = true;
      form.querySelector("select, input:not([type=hidden])").focus();
    } else return;
    event.preventDefault();
  });
  if (cards.length) go(0, false);
})();
