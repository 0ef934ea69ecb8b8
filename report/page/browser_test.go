package page_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/page/browser"
)

// A tab is one in which the pages of a test are looked at.
type tab struct {
	context.Context
	watch *browser.Watch
}

// open starts the browser, or skips the test if none is installed.
func open(t *testing.T) tab {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute) // on a busy machine
	t.Cleanup(cancel)
	ctx, stop, err := browser.Start(ctx)
	if errors.Is(err, browser.ErrNone) {
		browser.Skip(t)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	watch, err := browser.NewWatch(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return tab{ctx, watch}
}

// do runs actions, and eval an expression, or the test fails.
func (b tab) do(t *testing.T, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(b, actions...); err != nil {
		t.Fatal(err)
	}
}

func eval[T any](t *testing.T, b tab, expression string) T {
	t.Helper()
	v, err := chromedp.Run(b, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// file writes a page, and returns its URL.
func file(t *testing.T, html []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(name, html, 0o666); err != nil {
		t.Fatal(err)
	}
	return "file://" + filepath.ToSlash(name)
}

func render(t testing.TB, d page.Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := page.Render(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestBrowser(t *testing.T) {
	b := open(t)
	url := file(t, render(t, document()))
	axe, hasAxe := browser.Axe(t)

	// What the other subtests find nothing of is found where it is.
	t.Run("defects", func(t *testing.T) {
		bad := file(t, []byte(`<!DOCTYPE html><body style="margin:0"><main><section></section></main>
<p style="position:absolute;top:0">one text</p><p style="position:absolute;top:0">another one</p>
<div style="width:40px;overflow:hidden;white-space:nowrap">more than there is room for</div>
<img src="http://127.0.0.1:9/x.png"><script>console.log("x"); nothing()</script></body>`))
		b.do(t, browser.Look(1280, 900, false), chromedp.Navigate(bad))
		problems, err := browser.Inspect(b)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"overlaps", "cut off", "a section without size"} {
			if !slices.ContainsFunc(problems, func(p string) bool { return strings.Contains(p, want) }) {
				t.Errorf("%q is not among %q", want, problems)
			}
		}
		seen := b.watch.Take()
		for _, want := range []string{"a request: http", "the console", "an exception"} {
			if !slices.ContainsFunc(seen, func(p string) bool { return strings.Contains(p, want) }) {
				t.Errorf("%q is not among %q", want, seen)
			}
		}
	})

	for _, form := range []struct {
		width int64
		dark  bool
	}{{1280, false}, {1280, true}, {800, false}, {400, false}} {
		t.Run(fmt.Sprintf("%d,dark=%v", form.width, form.dark), func(t *testing.T) {
			b.do(t, browser.Look(form.width, 900, form.dark), chromedp.Navigate(url))
			problems, err := browser.Inspect(b)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range append(problems, b.watch.Take()...) {
				t.Error(p)
			}
			sum := eval[int](t, b, `getComputedStyle(document.body).backgroundColor.match(/\d+/g).reduce((a, b) => a + +b, 0)`)
			if dark := sum < 3*128; dark != form.dark {
				t.Errorf("the page is dark: %v, want %v", dark, form.dark)
			}
			wide := eval[bool](t, b, `document.querySelector("figure .wide").checkVisibility()`)
			if wide != (form.width > 700) {
				t.Errorf("the wide picture is shown: %v", wide)
			}
			if form.width == 800 || !hasAxe {
				return
			}
			eval[chromedp.Void](t, b, axe)
			violations := eval[[]string](t, b, `axe.run(document).then((r) => r.violations.flatMap((v) => v.nodes.map((n) => v.id + ": " + n.html.slice(0, 150) + ": " + n.failureSummary)))`)
			for _, v := range violations {
				t.Error(v)
			}
		})
	}

	t.Run("filter", func(t *testing.T) {
		b.do(t, browser.Look(1280, 900, false), chromedp.Navigate(url))
		const shown = `[...document.querySelectorAll("[data-filter] tbody tr, [data-cell]:not([data-rows])")].filter((e) => e.checkVisibility()).length`
		if n := eval[int](t, b, shown); n != 8 {
			t.Fatalf("%d rows and figures, want 8", n)
		}
		b.do(t, chromedp.SendKeys(chromedp.CSS("#page-words"), "PINGPONG cond"))
		if n := eval[int](t, b, shown); n != 2 {
			t.Errorf("%d rows and figures have both words, want 2", n)
		}
		if said := eval[string](t, b, `document.getElementById("page-filtered").textContent`); said != "2 of 9 rows and figures" {
			t.Errorf("the page says %q", said)
		}
		eval[chromedp.Void](t, b, `(() => { const i = document.getElementById("page-words"); i.value = ""; i.dispatchEvent(new Event("input")) })()`)
		if n := eval[int](t, b, shown); n != 8 {
			t.Errorf("%d rows and figures without words, want 8", n)
		}

		// A heading goes with the last figure below it, and comes back.
		const headings = `[...document.querySelectorAll("section > h3")].filter((e) => e.checkVisibility()).map((e) => e.textContent).join()`
		const table = `document.getElementById("verdicts-table").checkVisibility()`
		for _, test := range []struct {
			words, headings string
			table           bool
		}{{"poisson", "At several loads", false}, {"pingpong", "In run order", true}, {"nowhere", "", false}, {"", "In run order,At several loads", true}} {
			eval[chromedp.Void](t, b, fmt.Sprintf(`(() => { const i = document.getElementById("page-words"); i.value = %q; i.dispatchEvent(new Event("input")) })()`, test.words))
			if got := eval[string](t, b, headings); got != test.headings {
				t.Errorf("%q shows the headings %q, want %q", test.words, got, test.headings)
			}
			if got := eval[bool](t, b, table); got != test.table {
				t.Errorf("%q shows the table: %v", test.words, got)
			}
		}
	})

	// Sums are of what the filter shows, and the rows of a picture that lack a word are
	// dimmed.
	t.Run("filter sums", func(t *testing.T) {
		b.do(t, browser.Look(1280, 900, false), chromedp.Navigate(url))
		const all = "Compared with bitmap, of 5 comparisons: 1 better, 2 worse. The error rate is 5 %."
		for _, test := range []struct {
			words, tally, caption, details string
			dim                            int // rows of the forest plot
			forest                         bool
		}{
			{"", all, "Ratios to bitmap", "Calls of the waits", 0, true},
			{"wake", "Compared with bitmap, of 2 comparisons: 1 better, 1 worse. The error rate is 5 %.", "Ratios to bitmap (2 of 5 shown)", "Calls of the waits (1 of 1 shown)", 1, true},
			{"wake futex", "Compared with bitmap, of 1 comparisons: 1 better, 0 worse. The error rate is 5 %.", "Ratios to bitmap (1 of 5 shown)", "Calls of the waits (1 of 1 shown)", 1, true},
			{"yieldmany", "Compared with bitmap, of 1 comparisons: 0 better, 1 worse. The error rate is 5 %.", "Ratios to bitmap (1 of 5 shown)", "Calls of the waits (0 of 1 shown)", 2, false},
			{"", all, "Ratios to bitmap", "Calls of the waits", 0, true},
		} {
			eval[chromedp.Void](t, b, fmt.Sprintf(`(() => { const i = document.getElementById("page-words"); i.value = %q; i.dispatchEvent(new Event("input")) })()`, test.words))
			got := eval[[]string](t, b, `[document.querySelector("[data-tally]").textContent, document.getElementById("verdicts-table.caption").textContent, document.querySelector("#calls summary").textContent,
				document.querySelectorAll("#forest .wide .dim").length.toString(), document.getElementById("forest").checkVisibility().toString(), document.getElementById("page-unfiltered").checkVisibility().toString()]`)
			want := []string{test.tally, test.caption, test.details, fmt.Sprint(test.dim), fmt.Sprint(test.forest), fmt.Sprint(test.words != "")}
			if !slices.Equal(got, want) {
				t.Errorf("with the filter %q: %q, want %q", test.words, got, want)
			}
		}
	})

	// Words are explained where they stand, once in each section, by the pointer as by
	// the keyboard, and without the script.
	t.Run("terms", func(t *testing.T) {
		for _, script := range []bool{true, false} {
			if _, err := chromedp.Call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !script}); err != nil {
				t.Fatal(err)
			}
			b.do(t, browser.Look(1280, 900, false), chromedp.Navigate(url))
			const term = `#calls .term[popovertarget="page-term-cell"]`
			const open = `[...document.querySelectorAll("[popover]:popover-open")].map((e) => e.textContent).join()`
			b.do(t, chromedp.Click(chromedp.CSS(term)))
			if _, err := chromedp.Call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: false}); err != nil {
				t.Fatal(err)
			}
			if got, want := eval[string](t, b, open), "cell: What is measured as one: a workload & its parameters."; got != want {
				t.Errorf("script %v: a click says %q, want %q", script, got, want)
			}
			if near := eval[float64](t, b, fmt.Sprintf(`(() => {
				const a = document.querySelector(%q).getBoundingClientRect(), p = document.querySelector("[popover]:popover-open").getBoundingClientRect();
				return Math.min(Math.abs(p.top - a.bottom), Math.abs(a.top - p.bottom));
			})()`, term)); near > 20 {
				t.Errorf("the explanation is %g pixels from the word", near)
			}
			b.do(t, chromedp.KeyEvent(kb.Escape))
			if got := eval[string](t, b, open); got != "" {
				t.Errorf("script %v: after Escape it still says %q", script, got)
			}
			b.do(t, chromedp.Focus(chromedp.CSS(term)), chromedp.KeyEvent("\r"))
			if got := eval[string](t, b, open); !strings.HasPrefix(got, "cell: ") {
				t.Errorf("script %v: Enter says %q", script, got)
			}
		}
		if n := eval[int](t, b, `document.querySelectorAll("#calls .term").length`); n != 2 { // cell and rounds, and not all cells
			t.Errorf("%d words are marked in a section, want 2", n)
		}
	})

	// The contents, with the filter, fit on a screen as low as laptops have.
	t.Run("contents", func(t *testing.T) {
		b.do(t, browser.Look(1280, 720, false), chromedp.Navigate(url))
		if got := eval[string](t, b, `(() => { const n = document.querySelector("nav"), r = n.getBoundingClientRect(); return (r.bottom <= innerHeight) + " " + (n.scrollHeight <= n.clientHeight + 1) + " " + document.getElementById("page-words").checkVisibility(); })()`); got != "true true true" {
			t.Errorf("the contents end on the screen, need no scrolling, have the filter: %s", got)
		}
		if got := eval[[]string](t, b, `[...document.querySelectorAll("#latency .inside a")].map((a) => a.textContent + " " + (document.querySelector(a.getAttribute("href").replace(".", "\\.")).textContent === a.textContent))`); !slices.Equal(got, []string{"In run order true", "At several loads true"}) {
			t.Errorf("in the section are %q", got)
		}
	})

	// Where a table is wider than the screen it scrolls, and the page does not; the first
	// column stays in sight.
	t.Run("scroll", func(t *testing.T) {
		d := document()
		wide := d.Sections[0].Blocks[2].(page.Table)
		for range 6 {
			wide.Columns = append(wide.Columns, page.Column{Title: "another"})
			for i := range wide.Rows {
				wide.Rows[i] = append(wide.Rows[i], page.Cell{Text: "some more words"})
			}
		}
		d.Sections[0].Blocks[2] = wide
		b.do(t, browser.Look(400, 900, false), chromedp.Navigate(file(t, render(t, d))))
		got := eval[string](t, b, `(() => {
			const s = document.querySelector("#verdicts-table .scroll"), first = s.querySelector("td"), last = s.querySelector("tr td:last-child");
			const wider = s.scrollWidth > s.clientWidth + 100, hidden = last.getBoundingClientRect().left > innerWidth;
			s.scrollLeft = s.scrollWidth;
			const r = first.getBoundingClientRect(), l = last.getBoundingClientRect();
			return [wider, hidden, r.left >= 0 && r.right < innerWidth / 2, l.right <= innerWidth, document.documentElement.scrollWidth <= innerWidth, s.tabIndex].join();
		})()`)
		if got != "true,true,true,true,true,0" {
			t.Errorf("the table is wider, its end out of sight, after scrolling the first column in sight, and the last, the page as wide as the screen, by the keyboard: %s", got)
		}
	})

	// A link to what is folded unfolds it.
	t.Run("unfold", func(t *testing.T) {
		b.do(t, chromedp.Navigate(url), chromedp.Navigate(url+"#icicle"))
		if !eval[bool](t, b, `document.getElementById("icicle").checkVisibility()`) {
			t.Error("a link to a folded figure does not show it")
		}
	})

	t.Run("calls", func(t *testing.T) {
		for _, width := range []int64{1280, 400} {
			// On a fresh page, which must not only change its hash.
			b.do(t, browser.Look(width, 900, false), chromedp.Navigate("about:blank"), chromedp.Navigate(url+"#icicle"))
			picture := map[int64]string{1280: ".wide", 400: ".narrow"}[width]
			frames := fmt.Sprintf(`(() => {
				const all = [...document.querySelectorAll("#icicle %s [data-frame]")];
				return all.filter((g) => !g.hasAttribute("hidden")).map((g) => (g.querySelector("text")?.textContent ?? "-") + " " + Math.round(g.querySelector("path").getBoundingClientRect().width));
			})()`, picture)
			frame := func(name string) string {
				return fmt.Sprintf("#icicle %s [aria-label^=%q]", picture, name)
			}
			const said = `document.querySelector("#icicle output").textContent`
			before := eval[[]string](t, b, frames)
			if len(before) != 8 {
				t.Fatalf("%d frames: %q", len(before), before)
			}
			// The frame of Park is narrow, and has no text until one zooms in.
			b.do(t, chromedp.Click(chromedp.CSS(frame("github.com/idlebench/idlebench/impls/park.(*Futex).Park: 60 "))))
			zoomed := eval[[]string](t, b, frames)
			whole := strings.Fields(before[0])[1]
			want := []string{"all " + whole, "main.main " + whole, "host.Run " + whole, "github.com/idlebench/idlebench/impls/park.(*Futex).Park " + whole, "park.futex " + whole}
			if !slices.Equal(zoomed, want) {
				t.Errorf("at %d, zoomed in: %q, want %q", width, zoomed, want)
			}
			if got := eval[string](t, b, said); !strings.HasPrefix(got, "github.com/idlebench/idlebench/impls/park.(*Futex).Park: 60") {
				t.Errorf("of the frame it says %q", got)
			}
			// By the keyboard: to the caller, what it calls first, and out.
			for _, step := range []struct{ key, at string }{{kb.ArrowUp, "host.Run: "}, {kb.ArrowUp, "main.main: "}, {kb.ArrowDown, "host.Run: "}, {kb.ArrowDown, "github.com/idlebench/idlebench/impls/park.(*Futex).Park: "}} {
				b.do(t, chromedp.KeyEvent(step.key))
				if at := eval[string](t, b, `document.activeElement.ariaLabel`); !strings.HasPrefix(at, step.at) {
					t.Errorf("a key leads to %q, want %q", at, step.at)
				}
			}
			b.do(t, chromedp.KeyEvent(kb.Escape))
			if got := eval[[]string](t, b, frames); !slices.Equal(got, before) {
				t.Errorf("after Escape: %q, want %q", got, before)
			}
			b.do(t, chromedp.Click(chromedp.CSS(frame("host.Wait"))), chromedp.Click(chromedp.CSS("#icicle .explore button")))
			if got := eval[[]string](t, b, frames); !slices.Equal(got, before) {
				t.Errorf("the whole graph: %q, want %q", got, before)
			}
			b.do(t, chromedp.SendKeys(chromedp.CSS("#icicle .explore input"), "FUTEX).park"))
			if got, want := eval[string](t, b, said), "2 of 8 frames, 10 % of the whole"; got != want {
				t.Errorf("the search says %q, want %q", got, want)
			}
			if n := eval[int](t, b, fmt.Sprintf(`document.querySelectorAll("#icicle %s .hit").length`, picture)); n != 2 {
				t.Errorf("%d frames are marked, want 2", n)
			}
		}
	})

	t.Run("sort", func(t *testing.T) {
		b.do(t, browser.Look(1280, 900, false), chromedp.Navigate(url))
		const ratios = `[...document.querySelectorAll("#verdicts-table tbody tr")].map((r) => r.cells[2].textContent)`
		const button = "#verdicts-table th:nth-child(3) button"
		for _, want := range [][]string{{"0.91", "1.00", "1.25", "10.5", "–"}, {"10.5", "1.25", "1.00", "0.91", "–"}} {
			b.do(t, chromedp.Click(chromedp.CSS(button)))
			if got := eval[[]string](t, b, ratios); !slices.Equal(got, want) {
				t.Errorf("sorted: %q, want %q", got, want)
			}
		}
		if sort := eval[string](t, b, `document.querySelector("#verdicts-table th:nth-child(3)").ariaSort`); sort != "descending" {
			t.Errorf("aria-sort is %q", sort)
		}
		// With the keyboard, by name.
		b.do(t, chromedp.Focus(chromedp.CSS("#verdicts-table th:nth-child(1) button")), chromedp.KeyEvent("\r"))
		if first := eval[string](t, b, `document.querySelector("#verdicts-table tbody td").textContent`); !strings.HasPrefix(first, "PingPong/park=chan") {
			t.Errorf("the first by name is %q", first)
		}
	})

	t.Run("keyboard", func(t *testing.T) {
		b.do(t, chromedp.Navigate(url), chromedp.KeyEvent("\t"))
		got := eval[string](t, b, `(() => { const e = document.activeElement, r = e.getBoundingClientRect(); return e.className + " " + (r.top >= 0) })()`)
		if got != "skip true" {
			t.Errorf("the first stop is %q, want the skip link, in sight", got)
		}
	})

	t.Run("pointer", func(t *testing.T) {
		// A group as plot.Canvas makes them of what has a name.
		named := []byte("</desc>\n<g><title>a name</title><rect width=\"9\" height=\"9\"/></g>")
		b.do(t, browser.Look(1280, 900, false), chromedp.Navigate(file(t, bytes.ReplaceAll(render(t, document()), []byte("</desc>"), named))))
		over := func(selector string) string {
			return eval[string](t, b, fmt.Sprintf(`(() => {
				document.querySelector(%q).dispatchEvent(new PointerEvent("pointermove", { bubbles: true, clientX: 1270, clientY: 890 }));
				const e = document.getElementById("page-readout"), r = e.getBoundingClientRect();
				if (!e.checkVisibility()) return "";
				return r.right <= innerWidth && r.bottom <= innerHeight ? e.textContent : "out of sight";
			})()`, selector))
		}
		if said := over(".wide g > rect"); said != "a name" {
			t.Errorf("over what has a name the page says %q", said)
		}
		// A cell of a heat map says which, and its share.
		said := eval[string](t, b, `(() => {
			const cell = document.querySelector(".wide g[data-grid] path");
			cell.scrollIntoView();
			const at = cell.getBoundingClientRect();
			cell.dispatchEvent(new PointerEvent("pointermove", { bubbles: true, clientX: at.left + 1, clientY: at.bottom - 1 }));
			return document.getElementById("page-readout").textContent;
		})()`)
		if !strings.HasPrefix(said, "bitmap, round 1: 50 % from ") {
			t.Errorf("over a cell of a heat map the page says %q", said)
		}
		if said := over("h1"); said != "" {
			t.Errorf("over the title the page says %q", said)
		}
		// Over a name in a legend the others fade, in this figure only, until the pointer leaves it.
		faint := func(selector string) string {
			over(selector)
			return eval[string](t, b, `(() => {
				const names = (root) => [...new Set([...root.querySelectorAll("g.faint")].map((g) => g.querySelector("text")?.textContent).filter(Boolean))].join();
				const lines = [...document.querySelectorAll("#spectrum .wide g:not([data-series]):not(.faint) > path.l")].length;
				return names(document) + " " + lines;
			})()`)
		}
		if got := faint("#spectrum .wide [data-series] text"); got != "mutexonly,channels 1" {
			t.Errorf("over the name of a series: faint names and lines that stand out are %q", got)
		}
		if got := faint("h1"); got != " 3" {
			t.Errorf("elsewhere: %q", got)
		}
	})

	t.Run("without script", func(t *testing.T) {
		disable := func(off bool) {
			if _, err := chromedp.Call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: off}); err != nil {
				t.Fatal(err)
			}
		}
		disable(true)
		b.do(t, chromedp.Navigate(url))
		disable(false)
		if got := eval[string](t, b, `[document.querySelectorAll("button:not(.term)").length, document.getElementById("page-filter").checkVisibility(), document.querySelectorAll("td").length > 15, document.querySelectorAll("a[download]").length].join()`); got != "0,false,true,7" {
			t.Errorf("buttons, filter, cells, downloads: %s", got)
		}
	})

	// The layout holds, and nothing runs, whatever the names are.
	t.Run("hostile", func(t *testing.T) {
		b.do(t, browser.Look(400, 900, false))
		for _, name := range hostile {
			b.do(t, chromedp.Navigate(file(t, render(t, naming(name)))))
			problems, err := browser.Inspect(b)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range append(problems, b.watch.Take()...) {
				t.Errorf("%.40q: %s", name, p)
			}
		}
	})

	t.Run("print", func(t *testing.T) {
		b.do(t, browser.Look(1280, 900, true), chromedp.Navigate(url))
		pdf, err := chromedp.Run(b, chromedp.PrintToPDF())
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(pdf, []byte("%PDF-")) || len(pdf) < 10_000 {
			t.Errorf("%d bytes that begin with %.8q", len(pdf), pdf)
		}
		if _, err := chromedp.Call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Media:    "print",
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}},
		}); err != nil {
			t.Fatal(err)
		}
		got := eval[string](t, b, `[document.querySelector("nav").checkVisibility(), document.querySelector(".wide").checkVisibility(), getComputedStyle(document.querySelector("h1")).color].join()`)
		if got != "false,true,rgb(23, 25, 30)" {
			t.Errorf("navigation, wide picture, colour of text on paper: %s", got)
		}
		// What is closed is printed with what is in it, or not at all.
		closed := eval[[]string](t, b, `[...document.querySelectorAll("details")].filter((d) => d.checkVisibility()).map((d) =>
			d.querySelector("summary").textContent + " " + d.querySelector(":scope > :last-child").checkVisibility({ contentVisibilityAuto: true }) + " " + (d.querySelector(":scope > :last-child").getBoundingClientRect().height > 0))`)
		if want := []string{"Configuration true true"}; !slices.Equal(closed, want) {
			t.Errorf("on paper the details are %q, want %q", closed, want)
		}

		// Letter paper is the lower of the two common ones: 979 pixels within the
		// margins. A figure that is higher would be torn.
		b.do(t, chromedp.EmulateViewport(720, 979))
		if high := eval[float64](t, b, `(() => {
			const svg = document.querySelector(".wide svg");
			svg.setAttribute("height", 2400);
			svg.setAttribute("viewBox", "0 0 640 2400");
			return Math.max(...[...document.querySelectorAll("figure")].map(f => f.getBoundingClientRect().height));
		})()`); high > 979 {
			t.Errorf("on paper a figure of the height of three is %g pixels high, and a sheet 979", high)
		}
	})
}
