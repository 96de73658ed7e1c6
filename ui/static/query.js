/* 图谱查询: Ctrl+Enter asks; a query too long for an address goes by POST. */
"use strict";
(() => {
  const form = document.getElementById("query-form");
  const area = document.getElementById("query");
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  form.addEventListener("submit", () => {
    form.method = encodeURIComponent(area.value).length > 6000 ? "post" : "get";
  });
})();
