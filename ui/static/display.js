// Type size and contrast: chosen once in the bar, kept by the browser, the same on every page.
"use strict";

(() => {
  const kept = "zw-display";
  const root = document.documentElement;

  function read() {
    try {
      return JSON.parse(localStorage.getItem(kept)) ?? {};
    } catch {
      return {}; // no storage, or not ours: the standard look
    }
  }

  function show(chosen) {
    for (const name of ["size", "contrast"]) {
      if (chosen[name]) root.dataset[name] = chosen[name];
      else delete root.dataset[name];
    }
    for (const button of document.querySelectorAll("[data-display]")) {
      const pressed = (chosen[button.dataset.display] ?? "") === button.dataset.value;
      button.setAttribute("aria-pressed", String(pressed));
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-display]");
    if (button) {
      const chosen = { ...read(), [button.dataset.display]: button.dataset.value };
      try {
        localStorage.setItem(kept, JSON.stringify(chosen));
      } catch { /* it holds for this page */ }
      show(chosen);
    } else if (!event.target.closest?.(".zw-display")) {
      document.querySelector(".zw-display[open]")?.removeAttribute("open");
    }
  });

  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && document.querySelector(".zw-display[open]");
    if (open) {
      open.removeAttribute("open");
      open.querySelector("summary").focus();
    }
  });

  document.addEventListener("toggle", () => show(read()), true); // the bar of the chat arrives late
  document.addEventListener("DOMContentLoaded", () => show(read()));
  show(read());
})();
