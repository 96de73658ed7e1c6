// 文件: which marks are shown is kept by the browser; the contents follow the reader; addresses are copied.
"use strict";

(() => {
  const kept = "zw-marks";
  const page = document.querySelector(".zw-docpage");
  const said = document.querySelector("#said");
  const boxes = [...document.querySelectorAll("[data-kept]")];

  function read() {
    try {
      return JSON.parse(localStorage.getItem(kept)) ?? {};
    } catch {
      return {}; // no storage, or not ours: all marks are shown
    }
  }

  function reach(box) { // a mark that is not shown takes no focus
    for (const mark of page.querySelectorAll(`mark.zw-${box.dataset.kept}`)) mark.tabIndex = box.checked ? 0 : -1;
  }

  const before = read();
  for (const box of boxes) {
    if (box.dataset.kept in before) box.checked = before[box.dataset.kept];
    if (!box.checked) reach(box);
    box.addEventListener("change", () => {
      reach(box);
      try {
        localStorage.setItem(kept, JSON.stringify({ ...read(), [box.dataset.kept]: box.checked }));
      } catch { /* it holds for this page */ }
    });
  }

  async function copy(link) {
    const text = link.href;
    try {
      await navigator.clipboard.writeText(text);
    } catch { // a page that did not come over HTTPS has no clipboard
      const field = Object.assign(document.createElement("textarea"), { value: text, className: "zw-unseen" });
      link.after(field);
      field.select();
      document.execCommand("copy");
      field.remove();
      link.focus({ preventScroll: true });
    }
    said.textContent = "已复制链接";
    link.textContent = "已复制";
    setTimeout(() => { link.innerHTML = "<span>复制</span>链接"; said.textContent = ""; }, 2000);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".zw-link");
    if (link) copy(link); // the address in the bar becomes the clause's, too
    if (event.target.closest?.(".zw-toc a") && !wide.matches) toc.open = false;
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") page.classList.add("zw-quiet-marks");
  });
  for (const name of ["pointerover", "focusin"]) {
    page.addEventListener(name, (event) => {
      if (event.target.closest?.(".zw-mark")) page.classList.remove("zw-quiet-marks");
    });
  }

  const toc = document.querySelector(".zw-toc details");
  const wide = matchMedia("(min-width: 64rem)");
  if (!toc) return;
  const unfold = () => { toc.open = wide.matches; };
  unfold();
  wide.addEventListener("change", unfold);

  // The current place: the last clause whose beginning has passed the upper third of the window.
  const links = new Map([...toc.querySelectorAll("a")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
  const places = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  let current = null;
  let waiting = false;

  function follow() {
    waiting = false;
    let low = 0;
    let high = places.length;
    while (low < high) { // places stand in the order of the page
      const middle = (low + high) >> 1;
      if (places[middle].getBoundingClientRect().top < innerHeight / 3) low = middle + 1;
      else high = middle;
    }
    const link = links.get(places[Math.max(low - 1, 0)]?.id);
    if (link === current || !link) return;
    current?.removeAttribute("aria-current");
    current = link;
    link.setAttribute("aria-current", "location");
    if (wide.matches) {
      const box = document.querySelector(".zw-toc");
      const top = link.getBoundingClientRect().top - box.getBoundingClientRect().top;
      if (top < 40 || top > box.clientHeight - 60) box.scrollTop += top - box.clientHeight / 3;
    }
  }

  document.addEventListener("scroll", () => {
    if (!waiting) requestAnimationFrame(follow);
    waiting = true;
  }, { passive: true });
  follow();
})();
