package sections

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/page/browser"
	"github.com/idlebench/idlebench/report/source/sourcetest"
)

// TestWalk is the way of a reader who has the page and nothing else: what the result is
// and whether to trust it, what the words mean, what it is based on, only the cells of
// interest, who waits, how to measure that again. Everything is done as a reader does it,
// by looking at what is in sight, by clicks and by keys.
func TestWalk(t *testing.T) {
	tab := browser.Tab(t)
	made(t, 12)
	var html bytes.Buffer
	if err := HTML(&html, report(t, "*", "run")); err != nil {
		t.Fatal(err)
	}
	write(t, "page.html", html.String())
	name, err := filepath.Abs("page.html")
	if err != nil {
		t.Fatal(err)
	}
	url := "file://" + filepath.ToSlash(name)
	do := func(actions ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(tab, actions...); err != nil {
			t.Fatal(err)
		}
	}
	says := func(expression string) string {
		t.Helper()
		v, err := chromedp.Run(tab, chromedp.Evaluate[any](expression))
		if err != nil {
			t.Fatalf("%s: %v", expression, err)
		}
		return fmt.Sprint(v)
	}
	click := func(selector string) {
		t.Helper()
		says(fmt.Sprintf(`document.querySelector(%q).scrollIntoView({ block: "center" })`, selector))
		do(chromedp.Click(chromedp.CSS(selector)))
	}
	inSight := func(selector string) bool {
		return says(fmt.Sprintf(`(() => {
			const e = document.querySelector(%q), r = e?.getBoundingClientRect();
			return !!e && e.checkVisibility() && r.bottom > 0 && r.top < innerHeight;
		})()`, selector)) == "true"
	}

	for _, screen := range []struct{ width, height int64 }{{1280, 800}, {400, 800}} {
		t.Run(fmt.Sprint(screen.width), func(t *testing.T) {
			do(browser.Look(screen.width, screen.height, false), chromedp.Navigate("about:blank"), chromedp.Navigate(url))

			// On the first screen are the three sentences: the parker, the manager, trust.
			if got := says(`(() => { const all = [...document.querySelectorAll("header .statements li")]; return all.length + " " + all.every((e) => e.getBoundingClientRect().bottom <= innerHeight); })()`); got != "3 true" {
				t.Errorf("sentences, and whether all are on the first screen: %s", got)
			}
			first := says(`document.querySelector("header .statements").textContent`)
			for _, want := range []string{"is the best parker of bitmap", "with an error rate of 5 %", "Trust these results with reservations"} {
				if !strings.Contains(first, want) {
					t.Errorf("the first screen does not say %q: %s", want, first)
				}
			}

			// A word is explained where it stands.
			click(`header .term[popovertarget="page-term-parker"]`)
			if got := says(`[...document.querySelectorAll("[popover]:popover-open")].map((e) => e.textContent).join()`); !strings.HasPrefix(got, "parker: How a worker sleeps") {
				t.Errorf("of a parker it says %q", got)
			}
			click("h1")

			// The sentence leads to its table, a row to its figure, and the figure back.
			click(`header .statements li:first-child > a`)
			if table := says(`location.hash`); table != "#parkers-answers" || !inSight("#parkers-answers") {
				t.Errorf("the first sentence leads to %s", table)
			}
			click(`#parkers-answers td a`)
			figure := says(`location.hash`)
			if !inSight(figure) {
				t.Errorf("the figure %s of a verdict is not in sight", figure)
			}
			click(figure + ` figcaption a[href^="#verdict"]`)
			if cell := says(`location.hash`); !inSight(cell) {
				t.Errorf("the verdict %s of a figure is not in sight", cell)
			}

			// What is undecided is folded, and can be unfolded.
			if inSight("#unresolved") || says(`document.getElementById("unresolved").checkVisibility()`) == "true" {
				t.Error("rows without a significant difference are open")
			}
			click(`#verdicts details:has(#unresolved) > summary`)
			if says(`document.getElementById("unresolved").checkVisibility()`) != "true" {
				t.Error("rows without a significant difference do not unfold")
			}

			// A table that is wider than the screen scrolls, and the page does not.
			if got := says(`document.documentElement.scrollWidth <= innerWidth`); got != "true" {
				t.Error("the page is wider than the screen")
			}
			if got := says(`[...document.querySelectorAll("table")].filter((e) => e.checkVisibility() && e.getBoundingClientRect().width > e.parentNode.clientWidth + 1).every((e) => getComputedStyle(e.parentNode).overflowX === "auto" && e.parentNode.tabIndex === 0)`); got != "true" {
				t.Error("a table that is too wide does not scroll")
			}

			// Only poisson: tables, figures and sums follow.
			all := says(`document.querySelector('[data-tally="judged"]').textContent`)
			click("#page-words")
			do(chromedp.SendKeys(chromedp.CSS("#page-words"), "poisson"))
			if got := says(`document.querySelector('[data-tally="judged"]').textContent`); got == all || !strings.Contains(got, " in all,") {
				t.Errorf("with a filter the sum is %q, and was %q", got, all)
			}
			if got := says(`[...document.querySelectorAll("#answers tbody tr, [data-cell]:not([data-rows])")].filter((e) => !e.hidden && !/poisson/i.test(e.textContent + e.dataset.cell)).length`); got != "0" {
				t.Errorf("%s rows and figures are shown that are not of poisson", got)
			}
			if !inSight("#page-unfiltered") {
				says(`document.querySelector("header").scrollIntoView()`)
				if !inSight("#page-unfiltered") {
					t.Error("it does not say that the sentences are about everything")
				}
			}
			says(`(() => { const i = document.getElementById("page-words"); i.value = ""; i.dispatchEvent(new Event("input")) })()`)

			// Who waits: a graph of calls is searched, and zoomed in on.
			says(`(() => { location.hash = "#mutex-icicle" })()`)
			if says(`document.getElementById("mutex-icicle").checkVisibility()`) != "true" {
				t.Fatal("a link to a folded figure does not unfold it")
			}
			do(chromedp.SendKeys(chromedp.CSS("#mutex-icicle .explore input"), "notifyremote"))
			if got := says(`document.querySelector("#mutex-icicle output").textContent`); !strings.HasPrefix(got, "1 of ") || !strings.HasSuffix(got, " % of the whole") {
				t.Errorf("the search says %q", got)
			}
			picture := map[int64]string{1280: ".wide", 400: ".narrow"}[screen.width]
			click("#mutex-icicle " + picture + " .hit")
			if got := says(`document.querySelector("#mutex-icicle ` + picture + ` .hit text").textContent`); !strings.Contains(got, "bitmap.(*Idle).NotifyRemote") {
				t.Errorf("the frame that was zoomed in on has the name %q", got)
			}

			// The commands fetch what they need, in the version that measured, and have the
			// flags of the run; the page says where the project is.
			commands := says(`document.getElementById("method").innerText.replace(/\s+/g, " ")`)
			for _, want := range []string{"go run github.com/idlebench/idlebench/bench@0123456789ab run -count 12 -seed 7", "go run github.com/idlebench/idlebench/report@"} {
				if !strings.Contains(commands, want) {
					t.Errorf("the commands lack %q: %s", want, commands)
				}
			}
			if got := says(`document.querySelector("footer a").href`); got != home {
				t.Errorf("the address of the project is %q", got)
			}
		})
	}
}

// The first sheet on paper is not half empty, whether or not something is significant:
// a figure that does not fit on what is left of it must not stand before everything else.
func TestFirstSheet(t *testing.T) {
	tab := browser.Tab(t)
	made(t, 12)
	if err := errors.Join(
		sourcetest.Record("two-rounds", 2, nil),
		sourcetest.RecordCells("submitted", sourcetest.Submitted(), 12, nil),
		sourcetest.RecordCells("open", manyGaps(), 12, func(l *record.Launch) error {
			for i := range l.Metrics {
				l.Metrics[i].Value = 100 * (1 + float64((l.Round*7+len(l.Cell.Impl)*5)%12)) // nothing is significant
			}
			return nil
		}),
	); err != nil {
		t.Fatal(err)
	}
	for _, input := range []string{"run", "two-rounds", "submitted", "open"} {
		var html bytes.Buffer
		if err := HTML(&html, report(t, "*", input)); err != nil {
			t.Fatal(err)
		}
		write(t, "page.html", html.String())
		name, err := filepath.Abs("page.html")
		if err != nil {
			t.Fatal(err)
		}
		filled, err := browser.Sheets(tab, "file://"+filepath.ToSlash(name))
		if err != nil {
			t.Fatal(err)
		}
		if len(filled) < 2 || filled[0] < 2./3 {
			t.Errorf("%s: the first of %d sheets is filled to %.0f %%", input, len(filled), 100*filled[0])
		}
		if i := slices.Index(filled, 0); i >= 0 {
			t.Errorf("%s: sheet %d is empty", input, i+1)
		}
	}
}

// manyGaps are so many cells that a plot of all comparisons fills a sheet.
func manyGaps() (cells []record.Cell) {
	for gap := range 30 {
		for _, impl := range []string{"bitmap", "mutexonly"} {
			cells = append(cells, record.Cell{Workload: "wake", Impl: impl, Park: "futex", Workers: 1, Params: []record.Param{{Name: "gap", Value: fmt.Sprintf("%dus", gap+1)}}})
		}
	}
	return cells
}
