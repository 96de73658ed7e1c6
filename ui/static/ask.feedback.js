// 有用 or 没用 below an answer: sent at once, changed by pressing the other, told with reasons where wanted.
"use strict";

(() => {
  async function send(form, useful, why, told) {
    const thanks = form.querySelector(".zw-thanks");
    const body = {
      useful, why,
      question: form.dataset.question,
      cited: JSON.parse(form.dataset.cited),
      status: form.dataset.status,
      instead_of: form.dataset.sent ?? null,
    };
    thanks.textContent = "";
    try {
      const reply = await fetch("/api/v1/feedback", {
        method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
      });
      if (!reply.ok) throw new Error(reply.status === 429 ? "提交得太快，请过一会儿再试。" : "没有记下来，请稍后再试。");
      form.dataset.sent = (await reply.json()).id;
      for (const button of form.querySelectorAll("[data-useful]")) {
        button.setAttribute("aria-pressed", String((button.dataset.useful === "yes") === useful));
      }
      thanks.textContent = told;
    } catch (error) {
      thanks.textContent = error instanceof TypeError ? "连不上服务，没有记下来。" : error.message;
    }
  }

  function open(form, shown) {
    form.querySelector("fieldset").hidden = !shown;
    form.querySelector("[data-useful=no]").setAttribute("aria-expanded", String(shown));
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(".zw-opinion [data-useful]");
    if (!button) return;
    const form = button.closest("form");
    const useful = button.dataset.useful === "yes";
    open(form, !useful);
    if (button.getAttribute("aria-pressed") === "true") return; // said already
    send(form, useful, "", useful ? "谢谢，已记下。" : "谢谢，已记下。愿意的话请说说哪里不好。");
    if (!useful) form.querySelector("fieldset input").focus({ preventScroll: true });
  });

  document.addEventListener("submit", (event) => {
    const form = event.target.closest?.(".zw-opinion");
    if (!form) return;
    event.preventDefault();
    const reason = form.querySelector("input:checked")?.value ?? "";
    const words = form.querySelector("textarea").value.trim();
    send(form, false, [reason, words].filter(Boolean).join("："), "谢谢，您的意见已转给管理员。");
    open(form, false);
    form.querySelector("[data-useful=no]").focus({ preventScroll: true });
  });
})();
