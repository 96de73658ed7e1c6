// The conversation in the browser. The server renders one answer card at a time into #zw-inbox; this
// script moves it to the end of the conversation, so that what the reader opened above stays open.
"use strict";

(() => {
  const patience = 20000; // milliseconds until the reader is told that nothing came back
  const turns = element("section", { id: "zw-turns", ariaLabel: "问答" });
  const live = element("div", { className: "zw-unseen", role: "status", ariaLive: "polite" });
  const waiting = element("p", { className: "zw-pending" });
  let timer = 0;

  function element(tag, properties) {
    return Object.assign(document.createElement(tag), properties);
  }

  function box() {
    return document.querySelector("#zw-box textarea, #zw-box input");
  }

  function send(question) {
    const field = box();
    field.value = question;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus({ preventScroll: true });
    setTimeout(() => document.querySelector("#zw-send").click(), 0);
  }

  function wait() {
    if (!box().value.trim()) return;
    waiting.textContent = "正在查找…";
    turns.append(waiting);
    waiting.scrollIntoView({ block: "nearest" });
    clearTimeout(timer);
    timer = setTimeout(() => {
      waiting.textContent = live.textContent = "没有收到回答，请检查网络后再问一次。";
    }, patience);
  }

  function take(inbox) {
    const card = inbox.querySelector(".zw-turn");
    if (!card) return;
    clearTimeout(timer);
    waiting.remove();
    turns.append(card);
    document.querySelector("#zw-log").classList.add("zw-begun");
    live.textContent = card.querySelector(".zw-plain, .zw-a").textContent;
    card.scrollIntoView({ block: "start" });
  }

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

  function begin() {
    const inbox = document.querySelector("#zw-inbox");
    if (!box() || !inbox) return false;
    inbox.before(turns);
    document.body.append(live);
    new MutationObserver(() => take(inbox)).observe(inbox, { childList: true, subtree: true });
    if (matchMedia("(pointer: fine)").matches) box().focus({ preventScroll: true });
    return true;
  }

  document.addEventListener("click", (event) => {
    const chip = event.target.closest?.("[data-ask]");
    if (chip) send(chip.dataset.ask);
    const copied = event.target.closest?.("[data-copy]");
    if (copied && copied.textContent !== "已复制") copy(copied);
    if (event.target.closest?.("#zw-send")) wait();
  }, true);

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target === box()) wait();
  }, true);

  // Gradio builds the page by script, some time after it is loaded.
  const builder = new MutationObserver(() => begin() && builder.disconnect());
  builder.observe(document.documentElement, { childList: true, subtree: true });
})();
