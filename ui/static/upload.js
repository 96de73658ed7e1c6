"use strict";
/* Upload: drag and drop, sizes told before sending, progress, and the line kept up to date. Without it the form works as it is. */
(() => {
  const form = document.querySelector(".zw-upload");
  const input = form.querySelector("#files");
  const drop = form.querySelector(".zw-drop");
  const chosen = form.querySelector(".zw-chosen");
  const sending = form.querySelector(".zw-sending");
  const bar = sending.querySelector("progress");
  const told = sending.querySelector("span");
  const button = form.querySelector("button");
  const line = document.getElementById("line");
  const limit = Number(form.dataset.limit);
  const room = limit - 20000; // what the form itself takes

  // The browser's own button speaks the browser's language; the label does its work.
  input.classList.add("zw-unseen");
  drop.classList.add("zw-scripted");

  const size = (bytes) => bytes >= 1e6 ? (bytes / 1e6).toFixed(1) + " MB" : Math.ceil(bytes / 1e3) + " KB";
  const fault = (file) => file.size > room ? "太大，不会上传" : file.size === 0 ? "是空的，不会上传" : "";

  function list() {
    const seen = new Set();
    chosen.replaceChildren(...[...input.files].map((file) => {
      const row = document.createElement("li");
      const name = document.createElement("span");
      const note = document.createElement("span");
      const wrong = fault(file) || (seen.has(file.name) ? "同名的已有一份" : "");
      seen.add(file.name);
      name.textContent = file.name;
      note.textContent = size(file.size) + (wrong ? "，" + wrong : "");
      if (wrong) note.className = "zw-bad";
      row.append(name, note);
      return row;
    }));
  }

  input.addEventListener("change", list);
  for (const type of ["dragenter", "dragover"]) drop.addEventListener(type, (event) => { event.preventDefault(); drop.classList.add("zw-over"); });
  for (const type of ["dragleave", "drop"]) drop.addEventListener(type, () => drop.classList.remove("zw-over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) { input.files = event.dataTransfer.files; list(); }
  });
  for (const type of ["dragover", "drop"]) window.addEventListener(type, (event) => event.preventDefault());

  // Files that are too much for one request go in several; each is a batch of its own.
  function portions(files) {
    const found = [];
    let weight = Infinity;
    for (const file of files) {
      if (weight + file.size > room) { found.push([]); weight = 0; }
      found[found.length - 1].push(file);
      weight += file.size;
    }
    return found;
  }

  function send(files, address, before, all) {
    const data = new FormData();
    data.append("csrf", form.elements.csrf.value);
    if (form.elements.preview.checked) data.append("preview", "1");
    if (address) data.append("address", address);
    for (const file of files) data.append("files", file, file.name);
    return new Promise((done, failed) => {
      const request = new XMLHttpRequest();
      request.open("POST", form.action || location.pathname);
      request.upload.addEventListener("progress", (event) => {
        bar.value = all ? Math.min(1, (before + event.loaded) / all) : 0;
        told.textContent = "已上传 " + size(before + event.loaded);
      });
      request.addEventListener("load", () => request.status < 400 ? done() : failed(new Error(reason(request))));
      request.addEventListener("error", () => failed(new Error("网络断了，请重试；选好的文件还在")));
      request.send(data);
    });
  }

  function reason(request) {
    try { const row = JSON.parse(request.responseText); return row.title + "。" + (row.remedy || row.detail || ""); } catch { /* a page */ }
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    return page.querySelector(".zw-notice")?.textContent.trim() || "没有传成，请重试";
  }

  form.addEventListener("submit", async (event) => {
    const files = [...input.files].filter((file) => !fault(file));
    const address = form.elements.address.value.trim();
    if (!files.length && !address) {
      event.preventDefault();
      sending.hidden = false; bar.hidden = true;
      told.textContent = "请选文件，或写上网址。";
      return;
    }
    if (files.length && address) return; // the server tells
    event.preventDefault();
    sending.hidden = false; bar.hidden = false; button.disabled = true;
    const all = files.reduce((sum, file) => sum + file.size, 0);
    try {
      let before = 0;
      for (const part of files.length ? portions(files) : [[]]) {
        await send(part, address, before, all);
        before += part.reduce((sum, file) => sum + file.size, 0);
      }
      form.reset(); list();
      told.textContent = "已传到服务器，可以关掉这一页。"; bar.hidden = true;
    } catch (error) {
      told.textContent = error.message; bar.hidden = true;
    }
    button.disabled = false;
    refresh();
  });

  let timer = 0;
  async function refresh() {
    clearTimeout(timer);
    let busy = true;
    try {
      const reply = await fetch("/admin/upload/line", { credentials: "same-origin", redirect: "error" });
      if (reply.ok) {
        const text = await reply.text();
        if (text !== line.dataset.last && !line.contains(document.activeElement)) {
          line.innerHTML = text;
          line.dataset.last = text;
        }
        busy = /data-state="(waiting|running)"/.test(text) || text !== line.dataset.last;
      }
    } catch { /* asked again */ }
    if (busy) timer = setTimeout(refresh, 1000);
  }
  if (line.dataset.busy) refresh();
})();
