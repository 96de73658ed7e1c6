// Chips fill the box and send; a new answer is scrolled to and told to screen readers.
"use strict";

(() => {
  const box = () => document.querySelector("#zw-box textarea, #zw-box input");
  const live = Object.assign(document.createElement("div"), { className: "zw-unseen" });
  live.setAttribute("role", "status");
  live.setAttribute("aria-live", "polite");
  const waiting = Object.assign(document.createElement("p"), { className: "zw-pending" });
  const patience = 20000; // milliseconds until the reader is told that nothing came back
  let seen = 0;
  let timer = 0;

  function wait() {
    if (!box()?.value.trim()) return;
    waiting.textContent = "正在查找…";
    document.querySelector("#zw-log")?.append(waiting);
    waiting.scrollIntoView({ block: "nearest" });
    clearTimeout(timer);
    timer = setTimeout(() => {
      waiting.textContent = "没有收到回答，请检查网络后再问一次。";
      live.textContent = waiting.textContent;
    }, patience);
  }

  function send(question) {
    const field = box();
    if (!field) return;
    field.value = question;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus({ preventScroll: true });
    setTimeout(() => document.querySelector("#zw-send")?.click(), 0);
  }

  function told() {
    const turns = document.querySelectorAll("#zw-log .zw-turn");
    if (turns.length > seen) {
      clearTimeout(timer);
      waiting.remove();
      const last = turns[turns.length - 1];
      live.textContent = last.querySelector(".zw-plain, .zw-a")?.textContent ?? "";
      last.scrollIntoView({ block: "start" });
    }
    seen = turns.length;
  }

  document.addEventListener("click", (event) => {
    const chip = event.target.closest?.("[data-ask]");
    if (chip) send(chip.dataset.ask);
    if (event.target.closest?.("#zw-send")) wait();
  }, true);

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target === box()) wait();
  }, true);

  addEventListener("DOMContentLoaded", () => {
    document.body.append(live);
    const ready = setInterval(() => {  // the page is built by script: wait for the box, not for the load
      if (!box()) return;
      clearInterval(ready);
      if (matchMedia("(pointer: fine)").matches) box().focus({ preventScroll: true });
    }, 100);
    new MutationObserver(told).observe(document.body, { childList: true, subtree: true });
  });
})();
