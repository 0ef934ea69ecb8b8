// Finds what is wrong with the layout of the page: text that overlaps, is cut off or
// stands outside of the window, and sections and pictures without size.
(() => {
  "use strict";
  const problems = [];
  const say = (what, node) => {
    if (problems.length < 50) problems.push(`${what}: ${describe(node)}`);
  };
  const describe = (node) => {
    const text = (node.textContent ?? "").trim().replace(/\s+/g, " ").slice(0, 60);
    const place = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[id]");
    return `${JSON.stringify(text)} in #${place?.id ?? ""}`;
  };

  if (document.documentElement.scrollWidth > innerWidth) {
    problems.push(`the page is ${document.documentElement.scrollWidth} pixels wide in a window of ${innerWidth}`);
  }

  // The rectangles of text, without the room that a line has above and below.
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!node.data.trim() || parent.closest("script, title, desc, .unseen, .skip, #page-readout")) continue;
    if (!parent.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const scroller = parent.closest(".scroll, pre, nav");
    for (const r of range.getClientRects()) {
      if (r.width < 1 || r.height < 1) continue;
      if (!scroller && (r.left < -0.5 || r.right > innerWidth + 0.5)) say("outside of the window", node);
      const trim = r.height * 0.2;
      texts.push({ node, left: r.left + 1, right: r.right - 1, top: r.top + trim, bottom: r.bottom - trim, scroller });
    }
  }
  texts.sort((a, b) => a.top - b.top);
  for (let i = 0; i < texts.length; i++) {
    for (let j = i + 1; j < texts.length && texts[j].top < texts[i].bottom; j++) {
      const a = texts[i], b = texts[j];
      // What is scrolled out of sight may be anywhere.
      if (a.node === b.node || a.scroller !== b.scroller) continue;
      if (Math.min(a.right, b.right) > Math.max(a.left, b.left)) say(`overlaps ${describe(a.node)}`, b.node);
    }
  }

  // Text that an element cuts off and that cannot be scrolled to.
  for (const e of document.querySelectorAll("body *")) {
    if (e.closest("svg, .unseen, #page-readout") || !e.checkVisibility()) continue;
    const style = getComputedStyle(e);
    const hides = (v) => v === "hidden" || v === "clip";
    if (hides(style.overflowX) && e.scrollWidth > e.clientWidth + 1 || hides(style.overflowY) && e.scrollHeight > e.clientHeight + 1) say("cut off", e);
  }

  for (const e of document.querySelectorAll("main > section")) {
    const r = e.getBoundingClientRect();
    if (r.width < 300 || r.height < 40) say("a section without size", e);
  }
  for (const f of document.querySelectorAll("figure")) {
    if (!f.checkVisibility()) continue;
    const shown = [...f.querySelectorAll("svg")].filter((s) => s.checkVisibility());
    if (shown.length !== 1) say(`${shown.length} pictures instead of one`, f);
    for (const s of shown) {
      const r = s.getBoundingClientRect();
      if (r.width < 240 || r.height < 40) say("a picture without size", s);
      for (const t of s.querySelectorAll("text")) {
        const q = t.getBoundingClientRect();
        if (q.left < r.left - 1 || q.right > r.right + 1 || q.top < r.top - 2 || q.bottom > r.bottom + 2) say("outside of its picture", t);
      }
    }
  }
  return problems;
})()
