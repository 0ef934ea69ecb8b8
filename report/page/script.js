"use strict";
// What is here adds to the page on a screen. Nothing of its content needs it.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // Tables are sorted by a click on a header, and by the next the other way.
  for (const th of all(".table th")) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...th.childNodes);
    th.append(button);
    button.addEventListener("click", () => sort(th));
  }

  function sort(th) {
    const up = th.getAttribute("aria-sort") !== "ascending";
    for (const other of th.parentNode.children) other.removeAttribute("aria-sort");
    th.setAttribute("aria-sort", up ? "ascending" : "descending");
    const number = th.classList.contains("num");
    const body = th.closest("table").tBodies[0];
    const keyed = [...body.rows].map((row) => {
      const cell = row.cells[th.cellIndex];
      return { row, key: number ? parseFloat(cell.dataset.v ?? "NaN") : cell.textContent };
    });
    const order = new Intl.Collator("en", { numeric: true });
    keyed.sort((a, b) => {
      if (!number) return order.compare(a.key, b.key) * (up ? 1 : -1);
      // What has no value is last either way.
      if (isNaN(a.key) || isNaN(b.key)) return isNaN(a.key) - isNaN(b.key);
      return a.key === b.key ? 0 : (a.key < b.key) === up ? -1 : 1;
    });
    body.append(...keyed.map((k) => k.row));
  }

  // The filter hides rows and figures that lack one of its words.
  const form = document.getElementById("page-filter");
  const input = document.getElementById("page-words");
  const output = document.getElementById("page-filtered");
  const hint = output.textContent;
  const items = [
    ...all("[data-filter] tbody tr").map((e) => ({ e, text: e.textContent.toLowerCase() })),
    ...all("[data-cell]").map((e) => ({ e, text: e.dataset.cell.toLowerCase() })),
  ];
  function filter() {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const item of items) {
      item.e.hidden = !words.every((w) => item.text.includes(w));
      if (!item.e.hidden) shown++;
    }
    output.textContent = words.length === 0 ? hint : `${shown} of ${items.length} rows and figures`;
  }
  if (items.length > 0) {
    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    input.addEventListener("input", filter);
    if (input.value !== "") filter(); // the browser kept it over a reload
  }

  // What the pointer is over says at once what it is. The title elements go, so that
  // the browser does not say it again.
  const readout = document.getElementById("page-readout");
  const titles = new WeakMap();
  for (const title of all(".picture g > title")) {
    titles.set(title.parentNode, title.textContent);
    title.remove();
  }
  document.addEventListener("pointermove", (event) => {
    const title = titles.get(event.target.closest?.(".picture g"));
    readout.hidden = !title;
    if (!title) return;
    readout.textContent = title;
    const box = readout.getBoundingClientRect();
    const x = Math.max(4, Math.min(event.clientX + 14, innerWidth - box.width - 4));
    const below = event.clientY + 18;
    const y = below + box.height + 4 > innerHeight ? event.clientY - box.height - 12 : below;
    readout.style.translate = `${x}px ${y}px`;
  }, { passive: true });
  document.addEventListener("scroll", () => { readout.hidden = true; }, { passive: true });
})();
