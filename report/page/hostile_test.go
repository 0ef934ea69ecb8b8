package page_test

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/plot"
)

// hostile are names that files of others may have.
var hostile = []string{
	`<script>alert(1)</script>`,
	`"><img src=x onerror=alert(1)>`,
	`' onmouseover='alert(1)`,
	`</title></svg></style></table><h1>`,
	`<!-- `, `]]>`, `&lt;b&gt; &#60; &amp`, `{{.}} {{template "page"}}`, `javascript:alert(1)`, "`${1}`",
	"שלום \u202Etxt.exe\u202C \u2066left open",
	"a\u0000b\u0007c\u001b[31mred\u200b\ufeff\u00ad",
	"\xff\xfe\xed\xa0\x80", "Z̸̡̢̛̗̘̙̜̝̞̟̠a", "", " ", "\n\r\t\u2028\u2029",
	strings.Repeat("long", 2500),
	strings.Repeat("/", 10_000),
	strings.Repeat("漢", 10_000),
}

// naming returns a document in which a name stands wherever one can.
func naming(name string) page.Document {
	caption := func(id string) plot.Caption { return plot.Caption{ID: id, Title: name} }
	q := plot.Quantity{Name: name, Unit: name}
	t := page.Table{ID: "t", Caption: name, Filter: true,
		Columns: []page.Column{{Title: name}, {Title: name, Code: true}, {Title: name, Number: true}},
		Rows:    [][]page.Cell{{{Text: name, Tone: page.Worse}, {Text: name, Page: "x" + name}, {Text: "x" + name, Value: math.Inf(1)}}},
	}
	return page.Document{
		Title: name, Lead: "x" + name, Facts: page.Facts{{Name: name, Value: name, About: "x" + name}},
		Sections: []page.Section{{ID: "s", Title: name, Lead: "x" + name, Blocks: []page.Block{
			page.Heading(name), page.Text(name), page.List{name}, page.Statements{{Text: name, Link: page.Link{Text: name, ID: "t"}}}, page.Note{Kind: page.Warning, Text: name}, page.Missing{What: name, How: []string{"x" + name}},
			t,
			page.Figure{Figure: plot.ECDF(caption("f1"), q, plot.Sample{Name: name, Values: []float64{1, 2, 3}}), How: name, Cell: "x" + name},
			page.Figure{Figure: plot.Icicle(caption("f2"), q, plot.Stack{Frames: []plot.Frame{{Func: name}}, Value: 1}), How: name},
			page.Commands{About: "x" + name, Lines: []string{name}},
			page.Output{Name: name, Text: strings.ReplaceAll(name, "\n", " ")},
			page.Details{Summary: name, Blocks: []page.Block{page.Text(name)}},
		}}},
	}
}

var (
	tags = regexp.MustCompile(`<[!/]?[a-zA-Z-]+`)
	// The pictures are those of package plot, which wraps names into as many lines as
	// they need. Lines may be broken after slashes, and in commands after words.
	variable = regexp.MustCompile(`^<(wbr|/?span|/?text|path|/?g)$`)
)

// structure returns the elements of a page in their order.
func structure(html []byte) []string {
	var all []string
	for _, tag := range tags.FindAllString(string(html), -1) {
		if !variable.MatchString(tag) {
			all = append(all, tag)
		}
	}
	return all
}

// checkNaming verifies that no name changes what elements there are, and that
// nothing is in the page that reorders text or cannot be seen.
func checkNaming(t *testing.T, name string) {
	t.Helper()
	html := render(t, naming(name))
	if got, want := structure(html), structure(render(t, naming("bitmap"))); !slices.Equal(got, want) {
		t.Errorf("%.40q changes the elements of the page: %d instead of %d", name, len(got), len(want))
	}
	if !utf8.Valid(html) {
		t.Errorf("%.40q: the page is not UTF-8", name)
	}
	shown := links.ReplaceAllString(string(html), "")
	if i := strings.IndexFunc(shown, func(r rune) bool {
		return r < ' ' && r != '\n' || r == 0x7f || r >= 0x202a && r <= 0x202e || r == 0x2066 || r == 0x2067 || r == 0x200b || r == 0xfeff
	}); i >= 0 {
		t.Errorf("%.40q: %q is in the page", name, shown[max(0, i-20):min(len(shown), i+20)])
	}
	if len(html) > 2<<20 {
		t.Errorf("%.40q makes a page of %d bytes", name, len(html))
	}
}

func TestHostile(t *testing.T) {
	for _, name := range hostile {
		checkNaming(t, name)
	}
}

func FuzzRender(f *testing.F) {
	for _, name := range hostile {
		f.Add(name)
	}
	f.Fuzz(checkNaming)
}

// A link to another page cannot run anything.
func TestHostilePage(t *testing.T) {
	link := func(to string) string {
		table := page.Table{ID: "t", Columns: []page.Column{{Title: "machine"}}, Rows: [][]page.Cell{{{Text: "m", Page: to}}}}
		return string(render(t, page.Document{Title: "x", Sections: []page.Section{{ID: "s", Title: "s", Blocks: []page.Block{table}}}}))
	}
	if html := link("javascript:alert(1)"); strings.Contains(html, `href="javascript:`) {
		t.Error("a link runs a script")
	}
	if html := link("../m-job/report.html"); !strings.Contains(html, `<a href="../m-job/report.html">m</a>`) {
		t.Error("a page is not linked")
	}
}
