// Chips fill the box and send; a new answer is scrolled to and told to screen readers.
"use strict";

(() => {
  const box = () => document.querySelector("#zw-box textarea, #zw-box input");
  const live = Object.assign(document.createElement("div"), { className: "zw-unseen" });
  live.setAttribute("role", "status");
  live.setAttribute("aria-live", "polite");
  let seen = 0;

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
      const last = turns[turns.length - 1];
      live.textContent = last.querySelector(".zw-plain, .zw-a")?.textContent ?? "";
      last.scrollIntoView({ block: "start" });
    }
    seen = turns.length;
  }

  document.addEventListener("click", (event) => {
    const chip = event.target.closest?.("[data-ask]");
    if (chip) send(chip.dataset.ask);
  });

  addEventListener("DOMContentLoaded", () => {
    document.body.append(live);
    new MutationObserver(told).observe(document.body, { childList: true, subtree: true });
  });
})();
