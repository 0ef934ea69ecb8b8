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
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
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
		const shown = `[...document.querySelectorAll("[data-filter] tbody tr, [data-cell]")].filter((e) => e.checkVisibility()).length`
		if n := eval[int](t, b, shown); n != 8 {
			t.Fatalf("%d rows and figures, want 8", n)
		}
		b.do(t, chromedp.SendKeys(chromedp.CSS("#page-words"), "PINGPONG cond"))
		if n := eval[int](t, b, shown); n != 2 {
			t.Errorf("%d rows and figures have both words, want 2", n)
		}
		if said := eval[string](t, b, `document.getElementById("page-filtered").textContent`); said != "2 of 8 rows and figures" {
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

	t.Run("sort", func(t *testing.T) {
		b.do(t, chromedp.Navigate(url))
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
		b.do(t, chromedp.Navigate(file(t, bytes.ReplaceAll(render(t, document()), []byte("</desc>"), named))))
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
		if got := eval[string](t, b, `[document.querySelectorAll("button").length, document.getElementById("page-filter").checkVisibility(), document.querySelectorAll("td").length > 15, document.querySelectorAll("a[download]").length].join()`); got != "0,false,true,4" {
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
