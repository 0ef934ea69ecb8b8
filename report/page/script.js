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

  // What the pointer is over says at once what it is. The title elements go, so that
  // the browser does not say it again.
  const readout = document.getElementById("page-readout");
  const titles = new WeakMap();
  for (const title of all(".picture g > title")) {
    titles.set(title.parentNode, title.textContent);
    title.remove();
  }

  // The filter hides rows and figures that lack one of its words. Parts of a picture
  // that are rows are dimmed instead, and the picture goes with the last of them.
  const form = document.getElementById("page-filter");
  const input = document.getElementById("page-words");
  const output = document.getElementById("page-filtered");
  const hint = output.textContent;
  const heading = new Map(); // of the part of a section that an element stands in
  for (const section of all("section")) {
    let at = "";
    for (const e of all("h3, .table, figure", section)) {
      if (e.matches("section > h3")) at = e.textContent;
      heading.set(e, at);
    }
  }
  const item = (e, text) => ({ e, text: text.toLowerCase() });
  const items = [
    // What a row is about may be in its column, the caption, or the heading above.
    ...all("[data-filter] tbody tr").map((e) => {
      const table = e.closest(".table");
      return item(e, [e.textContent, e.closest("table").tHead.textContent, table.querySelector(".caption").textContent, heading.get(table)].join(" "));
    }),
    ...all("[data-cell]:not([data-rows])").map((e) => item(e, e.dataset.cell)),
  ];
  const parts = all("[data-rows]").map((e) => ({
    e,
    rows: all(".picture g", e).filter((g) => titles.has(g)).map((g) => item(g, [titles.get(g), e.querySelector("h3").textContent, heading.get(e)].join(" "))),
  })).filter((part) => part.rows.length > 0);
  // What holds items only goes with the last of them: tables, details, and all that
  // stands under a heading. Inner ones are before those around them.
  const kept = [...items, ...parts];
  const holders = [
    ...all("[data-filter]").map((e) => [e]),
    ...all("details.more").map((e) => [e]),
    ...all("section > h3").map((h) => {
      const group = [h];
      for (let e = h.nextElementSibling; e && !e.matches("h3, .top"); e = e.nextElementSibling) group.push(e);
      return group;
    }),
  ].map((group) => ({ group, items: kept.filter((i) => group.some((e) => e.contains(i.e))) }))
    .filter((holder) => holder.items.length > 0);
  // Sums are of what is shown: the counts of rows by tone, and how many rows and
  // figures a table or what is folded has.
  const sums = [
    ...all("[data-tally] [data-tone]").map((e) => {
      const rows = all("tbody tr", document.getElementById(e.parentNode.dataset.tally));
      const of = e.dataset.tone ? rows.filter((r) => r.querySelector("." + e.dataset.tone)) : rows;
      const whole = e.textContent;
      return (on) => { e.textContent = on ? of.filter((r) => !r.hidden).length : whole; };
    }),
    ...[...all("[data-filter] > .caption"), ...all("details.more > summary")].map((e) => {
      const mine = items.filter((i) => e.parentNode.contains(i.e));
      const count = document.createElement("span");
      e.append(count);
      return (on) => { count.textContent = on && mine.length > 0 ? ` (${mine.filter((i) => !i.e.hidden).length} of ${mine.length} shown)` : ""; };
    }),
  ];
  function filter() {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const has = (i) => words.every((w) => i.text.includes(w));
    let shown = 0;
    for (const i of items) {
      i.e.hidden = !has(i);
      if (!i.e.hidden) shown++;
    }
    for (const { e, rows } of parts) {
      for (const row of rows) row.e.classList.toggle("dim", !has(row));
      e.hidden = !rows.some(has);
    }
    for (const { group, items } of holders) {
      const empty = items.every((i) => i.e.hidden);
      for (const e of group) {
        if (empty || !("cell" in e.dataset || "filter" in e.dataset || e.matches("details.more")) || group.length === 1) e.hidden = empty;
      }
    }
    for (const sum of sums) sum(words.length > 0);
    const unfiltered = document.getElementById("page-unfiltered");
    if (unfiltered) unfiltered.hidden = words.length === 0;
    output.textContent = words.length === 0 ? hint : `${shown} of ${items.length} rows and figures`;
  }
  if (items.length > 0) {
    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    input.addEventListener("input", filter);
    if (input.value !== "") filter(); // the browser kept it over a reload
  }

  // A link to what is folded unfolds it, in browsers that do not do so themselves.
  function unfold() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    let closed = false;
    for (let d = target?.closest("details:not([open])"); d; d = d.parentNode.closest("details:not([open])")) d.open = closed = true;
    if (closed) target.scrollIntoView();
  }
  addEventListener("hashchange", unfold);
  unfold();

  // Graphs of calls: a frame that is chosen becomes as wide as the graph, and with it
  // what calls it; what it calls grows along. A search marks frames by their names, and
  // says which share of the whole they are.
  for (const figure of all("figure")) {
    const graphs = all("svg", figure).map(graph).filter((g) => g.frames.length > 0);
    if (graphs.length > 0) explore(figure, graphs);
  }

  // A graph is a picture with its frames. A frame has the name in its title, as many
  // characters as its attribute says, and is a rectangle, perhaps with a text.
  function graph(svg) {
    const frames = all("[data-frame]:has(path)", svg).map((g) => {
      const path = g.querySelector("path"), text = g.querySelector("text"), title = titles.get(g);
      // M x y h width v height and back, from any corner.
      const d = path.getAttribute("d");
      const [, x, y] = d.match(/^M(-?[\d.]+)[ ,]?(-?[\d.]+)/).map(Number);
      const drawn = Math.abs(parseFloat(d.match(/h(-?[\d.]+)/)?.[1] ?? "0")), height = parseFloat(d.match(/v(-?[\d.]+)/)?.[1] ?? "0");
      const width = drawn + (drawn < 2 ? 0.2 : 1); // with the gap to the next
      return {
        g, path, text, title, d, x0: x, x1: x + width, y0: Math.min(y, y + height), y1: Math.max(y, y + height), written: text?.cloneNode(true),
        name: [...title].slice(0, +g.dataset.frame).join(""), change: title.match(/\(([^()]*)\)$/)?.[1],
      };
    });
    const root = frames.find((f) => f.text && f.y0 === Math.min(...frames.map((f) => f.y0)));
    return { svg, frames: root ? frames : [], root };
  }

  function explore(figure, graphs) {
    const bar = document.createElement("div"), label = document.createElement("label"), find = document.createElement("input");
    const whole = document.createElement("button"), said = document.createElement("output");
    bar.className = "explore";
    find.type = "search";
    find.spellcheck = false;
    label.append("Find a function ", find);
    whole.type = "button";
    whole.textContent = "Whole graph";
    bar.append(label, whole);
    // What is said is below: nothing may move under the pointer when it changes.
    figure.querySelector(".picture").prepend(bar);
    figure.querySelector(".picture").append(said);
    const help = said.textContent = "Choose a frame to zoom in on it.";

    for (const { svg, frames, root } of graphs) {
      svg.setAttribute("role", "group");
      for (const f of frames) {
        // Not a button: the name of one has to begin with its text, and this is cut.
        f.g.setAttribute("role", "img");
        f.g.setAttribute("aria-roledescription", "frame to zoom in on");
        f.g.setAttribute("aria-label", f.title);
        f.g.setAttribute("tabindex", f === root ? "0" : "-1");
        f.g.addEventListener("click", () => zoom(f));
        f.g.addEventListener("keydown", (event) => {
          const to = { ArrowUp: () => around(f, -1), ArrowDown: () => around(f, 1), ArrowLeft: () => next(f, -1), ArrowRight: () => next(f, 1) }[event.key];
          if (to) focus(to());
          else if (event.key === "Enter" || event.key === " ") zoom(f);
          else if (event.key === "Escape") zoom(root);
          else return;
          event.preventDefault();
        });
        f.g.addEventListener("focus", () => { said.textContent = f.title; });
      }
      const shown = () => frames.filter((f) => !f.g.hasAttribute("hidden"));
      const middle = (f) => (f.x0 + f.x1) / 2;
      // The caller of a frame, or the first that it calls.
      function around(f, step) {
        const row = shown().filter((o) => step < 0 ? Math.abs(o.y1 - f.y0) < 3 : Math.abs(o.y0 - f.y1) < 3);
        return step < 0 ? row.find((o) => o.x0 <= middle(f) && middle(f) <= o.x1) : row.find((o) => f.x0 <= middle(o) && middle(o) <= f.x1);
      }
      function next(f, step) {
        const row = shown().filter((o) => o.y0 === f.y0).sort((a, b) => a.x0 - b.x0);
        return row[row.indexOf(f) + step];
      }
      function focus(f) {
        if (!f) return;
        for (const o of frames) o.g.setAttribute("tabindex", o === f ? "0" : "-1");
        f.g.focus();
      }
      function zoom(to) {
        const scale = (root.x1 - root.x0) / Math.max(to.x1 - to.x0, 0.1);
        for (const f of frames) {
          const x0 = Math.max(root.x0, root.x0 + (f.x0 - to.x0) * scale), x1 = Math.min(root.x1, root.x0 + (f.x1 - to.x0) * scale);
          // Places are to a tenth of a pixel, and neighbours may seem to overlap by that.
          f.g.toggleAttribute("hidden", Math.min(f.x1, to.x1) - Math.max(f.x0, to.x0) < 0.15);
          f.path.setAttribute("d", to === root ? f.d : `M${x0} ${f.y0}H${x1 - (x1 - x0 < 3 ? 0.2 : 1)}V${f.y1}H${x0}z`);
          write(f, to === root, x0, x1);
        }
        focus(to);
        said.textContent = to === root ? help : to.title;
      }
      // The name as long as there is room for it: with the path of its package, without, cut.
      function write(f, original, x0, x1) {
        f.text?.remove();
        f.text = null;
        if (original ? !f.written : x1 - x0 < 30) return;
        f.text = (original ? f.written : root.written).cloneNode(true);
        f.g.append(f.text);
        if (original) return;
        f.text.removeAttribute("textLength");
        f.text.setAttribute("x", x0 + 4);
        f.text.setAttribute("y", +root.written.getAttribute("y") + f.y0 - root.y0);
        const change = f.change ? f.change + " " : "";
        const short = f.name.replace(/^[^[]*\//, "");
        const fits = (text) => { f.text.textContent = text; return f.text.getComputedTextLength() <= x1 - x0 - 8; };
        if (fits(change + f.name) || fits(change + short)) return;
        const cut = [...(change + short)];
        while (cut.length > 4 && !fits(cut.join("") + "…")) cut.splice(Math.min(-1, -Math.ceil(cut.length / 20)));
        if (cut.length <= 4) f.text.remove();
      }
      whole.addEventListener("click", () => zoom(root));
    }

    find.addEventListener("input", () => {
      const word = find.value.trim().toLowerCase();
      for (const { svg, frames, root } of graphs) {
        const hits = frames.filter((f) => word && f.name.toLowerCase().includes(word));
        for (const f of frames) {
          f.g.classList.toggle("hit", hits.includes(f));
          f.g.classList.toggle("miss", word !== "" && !hits.includes(f));
        }
        if (!svg.checkVisibility()) continue;
        // A frame below another that was found is in its share already.
        const outer = hits.filter((f) => !hits.some((o) => o.y0 < f.y0 && o.x0 <= f.x0 + 0.5 && f.x1 <= o.x1 + 0.5));
        const share = outer.reduce((sum, f) => sum + f.x1 - f.x0, 0) / (root.x1 - root.x0);
        said.textContent = word ? `${hits.length} of ${frames.length} frames, ${+(100 * share).toPrecision(2)} % of the whole` : help;
      }
    });
  }

  // The series that the pointer is over, or whose name in the legend it is over, stands out: the
  // others fade. Titles of what is drawn of a series begin with its name.
  let faded = [], over = "";
  function emphasise(svg, title) {
    const of = (text, name) => text === name || text.startsWith(name + ":") || text.startsWith(name + ",");
    const names = svg ? all("[data-series]", svg).map((g) => titles.get(g)).sort((a, b) => b.length - a.length) : [];
    const name = names.length > 1 ? names.find((n) => of(title, n)) : undefined;
    const now = name ? svg.closest("figure").id + " " + name : "";
    if (now === over) return;
    over = now;
    for (const g of faded) g.classList.remove("faint");
    faded = name ? all("g", svg).filter((g) => titles.has(g) && !of(titles.get(g), name)) : [];
    for (const g of faded) g.classList.add("faint");
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
    emphasise(title && g.ownerSVGElement, title);
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
