package page_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"html"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/plot"
)

var update = flag.Bool("update", false, "write the golden files")

// What a golden file leaves out, since it has tests of its own.
var (
	styles   = regexp.MustCompile(`(?s)<style>.*?</style>`)
	scripts  = regexp.MustCompile(`(?s)<script>.*?</script>`)
	pictures = regexp.MustCompile(`(?s)<svg.*?</svg>`)
	hashes   = regexp.MustCompile(`sha256-[A-Za-z0-9/=&#;+]*`)
	links    = regexp.MustCompile(`data:text/csv[^"]*`)
)

func TestGolden(t *testing.T) {
	got := string(render(t, document()))
	for _, cut := range []struct {
		re *regexp.Regexp
		by string
	}{{styles, "<style>…</style>"}, {scripts, "<script>…</script>"}, {pictures, "<svg>…</svg>"}, {hashes, "sha256-…"}, {links, "data:…"}} {
		got = cut.re.ReplaceAllString(got, cut.by)
	}
	name := filepath.Join("testdata", "page.html")
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("-want +got; go test -update writes it:\n%s", diff)
	}
}

// TestPolicy: the policy allows what is in the page, and nothing else is.
func TestPolicy(t *testing.T) {
	text := string(render(t, document()))
	policy := html.UnescapeString(regexp.MustCompile(`Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(text)[1])
	if !strings.HasPrefix(policy, "default-src 'none'; ") {
		t.Errorf("the policy is %s", policy)
	}
	for _, part := range []struct{ directive, element string }{{"style-src", "style"}, {"script-src", "script"}} {
		all := regexp.MustCompile(`(?s)<`+part.element+`>(.*?)</`+part.element+`>`).FindAllStringSubmatch(text, -1)
		if len(all) != 1 {
			t.Fatalf("%d elements %s, want 1", len(all), part.element)
		}
		sum := sha256.Sum256([]byte(all[0][1]))
		if want := part.directive + " 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "';"; !strings.Contains(policy, want) {
			t.Errorf("the policy lacks %s: %s", want, policy)
		}
	}
	for _, what := range []string{" style=", " onclick=", "http:", "https:", "url(", "@import"} {
		for _, place := range regexp.MustCompile(`.{0,40}`+regexp.QuoteMeta(what)+`.{0,40}`).FindAllString(text, -1) {
			// Links lead away from the page only when the reader wants that.
			if !strings.Contains(place, "http://www.w3.org/2000/svg") && !strings.Contains(place, `<a href="https://`) && !strings.Contains(place, `>https://example.org`) {
				t.Errorf("%q in the page: %s", what, place)
			}
		}
	}
}

// decode reads the CSV of a link.
func decode(t *testing.T, link string) [][]string {
	t.Helper()
	body, ok := strings.CutPrefix(link, "data:text/csv;charset=utf-8,")
	if !ok {
		t.Fatalf("the link begins with %.40q", link)
	}
	text, err := url.PathUnescape(body)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// table returns a document with one table of n rows.
func table(n int, name string) page.Document {
	tab := page.Table{ID: "t", Caption: "T", Columns: []page.Column{{Title: name}, {Title: "v", Number: true}}}
	for i := range n {
		tab.Rows = append(tab.Rows, []page.Cell{{Text: name}, {Text: fmt.Sprint(i), Value: float64(i)}})
	}
	return page.Document{Title: "T", Sections: []page.Section{{ID: "s", Title: "S", Blocks: []page.Block{tab}}}}
}

func TestCSV(t *testing.T) {
	for _, name := range []string{"plain", `a,b "c" <d> & 'e' #f %41 g\h` + "\nsecond line", "µs שלום 東京", strings.Repeat("x", 10_000)} {
		text := string(render(t, table(2, name)))
		// The link is made of what needs no escaping.
		rows := decode(t, links.FindString(text))
		if diff := cmp.Diff([][]string{{name, "v"}, {name, "0"}, {name, "1"}}, rows); diff != "" {
			t.Error(diff)
		}
	}
}

// TestBudget: however much there is, the page stays small and says what it lacks.
func TestBudget(t *testing.T) {
	text := string(render(t, table(100_000, strings.Repeat("n", 100))))
	if len(text) > 3<<20 {
		t.Errorf("100,000 rows are %d bytes", len(text))
	}
	if n := strings.Count(text, "<tr>"); n != 2001 {
		t.Errorf("%d rows with the header, want 2001", n)
	}
	for _, want := range []string{"98000 more rows are in the CSV only.", "has one row of "} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	rows := decode(t, links.FindString(text))
	var every int
	fmt.Sscanf(text[strings.Index(text, "has one row of "):], "has one row of %d", &every)
	if every < 2 || len(rows)-1 != (100_000+every-1)/every {
		t.Errorf("%d rows in the CSV, which is said to have one of %d", len(rows)-1, every)
	}

	d := document()
	d.Sections[0].Blocks = append(d.Sections[0].Blocks, page.Output{Name: "out", Text: strings.Repeat(strings.Repeat("o", 99)+"\n", 20_000)})
	text = string(render(t, d))
	if len(text) > 2<<20 || !strings.Contains(text, "more lines, which would make this file too large") {
		t.Errorf("two megabytes of output make a page of %d bytes", len(text))
	}
}

// TestFigureData: the data of a figure are in the page, thinned, and all in the CSV.
func TestFigureData(t *testing.T) {
	var launches []plot.Launch
	for i := range 500 {
		launches = append(launches, plot.Launch{Name: "a", Value: float64(i + 1)})
	}
	f := plot.Launches(plot.Caption{ID: "f", Title: "F"}, plot.Quantity{Name: "q", Unit: "ns"}, launches...)
	text := string(render(t, page.Document{Title: "T", Sections: []page.Section{{ID: "s", Title: "S", Blocks: []page.Block{page.Figure{Figure: f, How: "Look. Closely."}}}}}))
	for _, want := range []string{"40 of 500 rows, at equal distances.", "Look. Closely.", f.Desc} {
		if !strings.Contains(text, html.EscapeString(want)) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if n := strings.Count(text, "<svg"); n != 2 {
		t.Errorf("%d pictures, want a wide and a narrow one", n)
	}
	if rows := decode(t, links.FindString(text)); len(rows) != 501 {
		t.Errorf("%d rows in the CSV, want 501", len(rows))
	}
}

func TestErrors(t *testing.T) {
	section := func(id string, blocks ...page.Block) page.Document {
		return page.Document{Title: "T", Sections: []page.Section{{ID: id, Title: "S", Blocks: blocks}}}
	}
	empty := page.Table{ID: "t", Columns: []page.Column{{Title: "a"}}}
	short := empty
	short.Rows = [][]page.Cell{{}}
	for _, test := range []struct {
		name string
		doc  page.Document
		want string
	}{
		{"the same ID twice", section("t", empty), `two parts have the ID "t"`},
		{"in details", section("s", empty, page.Details{Blocks: []page.Block{empty}}), `two parts have the ID "t"`},
		{"an ID of the page's own", section("page-filter"), `ID "page-filter": want`},
		{"no ID", section(""), `ID "": want letters, digits and hyphens`},
		{"markup as ID", section("<b>"), `ID "<b>": want letters`},
		{"a row that is too short", section("s", short), "table t: row 0 has 0 cells for 1 columns"},
		{"no picture", section("s", page.Figure{}), "a figure without a picture"},
	} {
		if err := page.Render(&bytes.Buffer{}, test.doc); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
	if err := page.Render(broken{}, section("s")); !errors.Is(err, errBroken) {
		t.Errorf("a writer that fails: %v", err)
	}
}

var errBroken = errors.New("disk full")

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errBroken }
