"use strict";
/* Words marked in the clause go into the field; a guess at their kind from whether they hold a figure. */
(() => {
  const clause = document.getElementById("clause");
  const words = document.getElementById("words");
  const kind = document.getElementById("missed");
  const role = document.getElementById("role");
  if (!clause) return;
  const fit = () => {
    for (const group of role.querySelectorAll("optgroup")) group.hidden = group.disabled = group.dataset.kind !== kind.value;
    if (role.selectedOptions[0]?.parentElement.disabled) role.value = "";
    document.querySelector("[name=recipient]").closest("label").hidden = kind.value !== "quantity";
  };
  kind.addEventListener("change", fit);
  document.addEventListener("selectionchange", () => {
    const chosen = getSelection();
    const text = chosen.toString().replace(/\s+/g, "");
    if (!text || text.length > 200 || !clause.contains(chosen.anchorNode) || !clause.contains(chosen.focusNode)) return;
    words.value = text;
    kind.value = /[0-9０-９%％〇一二三四五六七八九十百千万亿]+(元|%|％|户|家|人|年|月|日|天|万|亿|个)/.test(text) ? "quantity" : "duty";
    fit();
  });
  fit();
})();
