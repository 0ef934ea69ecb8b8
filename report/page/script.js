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
    // A column may be what a row is about, such as an implementation.
    ...all("[data-filter] tbody tr").map((e) => ({ e, text: (e.textContent + " " + e.closest("table").tHead.textContent).toLowerCase() })),
    ...all("[data-cell]").map((e) => ({ e, text: e.dataset.cell.toLowerCase() })),
  ];
  // What holds items only goes with the last of them: tables, details, and all that
  // stands under a heading. Inner ones are before those around them.
  const holders = [
    ...all("[data-filter]").map((e) => [e]),
    ...all("details.more").map((e) => [e]),
    ...all("section > h3").map((h) => {
      const group = [h];
      for (let e = h.nextElementSibling; e && !e.matches("h3, .top"); e = e.nextElementSibling) group.push(e);
      return group;
    }),
  ].map((group) => ({ group, items: items.filter((i) => group.some((e) => e.contains(i.e))) }))
    .filter((holder) => holder.items.length > 0);
  function filter() {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const item of items) {
      item.e.hidden = !words.every((w) => item.text.includes(w));
      if (!item.e.hidden) shown++;
    }
    for (const { group, items } of holders) {
      const empty = items.every((i) => i.e.hidden);
      for (const e of group) {
        if (empty || !("cell" in e.dataset || "filter" in e.dataset || e.matches("details.more")) || group.length === 1) e.hidden = empty;
      }
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
  // A grid has something to say of each of its cells, in the attribute that package
  // plot describes at its heat maps.
  const grids = new WeakMap();
  function inGrid(g, event) {
    if (!grids.has(g)) grids.set(g, g.dataset.grid.split("|"));
    const [x0, x1, y0, y1, word, columns, rows, shares] = grids.get(g);
    const edges = columns.split(","), levels = rows.split(","), by = shares.split(";");
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(g.ownerSVGElement.getScreenCTM().inverse());
    const column = Math.floor(((at.x - x0) / (x1 - x0)) * by.length);
    const row = Math.floor(((at.y - y0) / (y1 - y0)) * (levels.length - 1));
    const share = by[column]?.split(",")[row];
    if (!share) return "";
    const last = edges[column + 1] - 1;
    return `, ${word} ${edges[column]}${last > edges[column] ? " to " + last : ""}: ${share} % from ${levels[row]} to ${levels[row + 1]}`;
  }
  document.addEventListener("pointermove", (event) => {
    const g = event.target.closest?.(".picture g");
    let title = titles.get(g);
    if (title && g.dataset.grid) title += inGrid(g, event);
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
