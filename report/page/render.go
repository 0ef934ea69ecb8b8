package page

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode"

	"github.com/idlebench/idlebench/report/plot"
)

//go:embed page.tmpl
var markup string

//go:embed style.css
var style string

//go:embed script.js
var script string

// Rows of a table in the page.
const (
	mostRows = 2000
	dataRows = 40 // of a figure's data
)

// Render writes the document as HTML. It fails if two parts have the same ID, if a link
// leads nowhere, if a row is not as long as its header, or if w fails.
func Render(w io.Writer, d Document) error {
	r := renderer{ids: map[string]bool{}, glossary: newGlossary(d.Terms)}
	if err := r.check(d); err != nil {
		return err
	}
	t, err := template.New("page").Funcs(template.FuncMap{
		"show":    r.block,
		"visible": visible,
		"lines":   lines,
		"words":   func(s string) []string { return strings.Split(visible(s), " ") },
		"parts":   func(s string) []string { return strings.SplitAfter(visible(s), "/") },
		"prose":   r.prose,
		"begin":   r.begin,
		"terms":   r.explained,
		"tone":    tone,
		"said":    said,
		"under":   r.under,
		"number":  func(header []Column, i int) bool { return i < len(header) && header[i].Number },
	}).Parse(markup)
	if err != nil {
		return fmt.Errorf("page: %w", err)
	}
	r.templates = t
	css := style + plot.Style()
	var page bytes.Buffer // so that half a page is never written
	err = t.ExecuteTemplate(&page, "page", struct {
		Document
		Policy string
		CSS    template.CSS
		JS     template.JS
	}{d, policy(css, script), template.CSS(css), template.JS(script)})
	if err != nil {
		return fmt.Errorf("page: %w", err)
	}
	_, err = w.Write(page.Bytes())
	return err
}

// policy allows the style sheet and the script by their hashes, and nothing else.
func policy(css, js string) string {
	hash := func(s string) string {
		sum := sha256.Sum256([]byte(s))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return "default-src 'none'; style-src " + hash(css) + "; script-src " + hash(js) +
		"; img-src data:; base-uri 'none'; form-action 'none'"
}

// A renderer renders the blocks of one document.
type renderer struct {
	templates *template.Template
	glossary
	ids      map[string]bool
	links    []string // IDs that links lead to
	figures  int
	tables   int
	headings []heading
	shown    int // headings that were rendered
}

// A heading is one with its place.
type heading struct {
	ID, Title string
	section   string // in whose contents it is; empty inside of details
}

// under returns the headings in a section, if it has several.
func (r *renderer) under(section string) (all []heading) {
	for _, h := range r.headings {
		if h.section == section {
			all = append(all, h)
		}
	}
	if len(all) < 2 {
		return nil
	}
	return all
}

// check looks for mistakes, and counts what shares a budget.
func (r *renderer) check(d Document) error {
	if err := r.checkBlocks("", []Block{d.Headline}); err != nil {
		return err
	}
	for _, s := range d.Sections {
		if err := r.unique(s.ID); err != nil {
			return err
		}
		if err := r.checkBlocks(s.ID, s.Blocks); err != nil {
			return err
		}
	}
	for _, id := range r.links {
		if id != "" && !r.ids[id] {
			return fmt.Errorf("page: a link to %q, which is nowhere", id)
		}
	}
	return nil
}

// checkBlocks checks the blocks of a section, or of details outside sections.
func (r *renderer) checkBlocks(section string, blocks []Block) error {
	for _, b := range blocks {
		switch b := b.(type) {
		case Heading:
			r.headings = append(r.headings, heading{fmt.Sprintf("page.%d", len(r.headings)+1), string(b), section})
		case Figure:
			if b.Figure == nil {
				return fmt.Errorf("page: a figure without a picture")
			}
			r.figures++
			for _, id := range []string{b.ID, fmt.Sprint(b.ID, "-", plot.Wide), fmt.Sprint(b.ID, "-", plot.Narrow)} {
				if err := r.unique(id); err != nil {
					return err
				}
			}
			for _, l := range b.Links {
				r.links = append(r.links, l.ID)
			}
		case Statements:
			for _, s := range b {
				r.links = append(r.links, s.Link.ID)
			}
		case Tally:
			r.links = append(r.links, b.Table)
		case Table:
			r.tables++
			if err := r.unique(b.ID); err != nil {
				return err
			}
			for i, row := range b.Rows {
				if len(row) != len(b.Columns) {
					return fmt.Errorf("page: table %s: row %d has %d cells for %d columns", b.ID, i, len(row), len(b.Columns))
				}
				if i >= mostRows {
					continue // it is in the CSV only
				}
				for _, c := range row {
					if r.links = append(r.links, c.To); c.ID != "" {
						if err := r.unique(c.ID); err != nil {
							return err
						}
					}
				}
			}
		case Details:
			if err := r.checkBlocks("", b.Blocks); err != nil {
				return err
			}
		}
	}
	return nil
}

// ownIDs begin the IDs that every page has. IDs derived from others have a full stop in
// them, which a document's own have not.
const ownIDs = "page-"

// unique refuses an ID that is not one of HTML, a link and a file name at once, or
// that is taken.
func (r *renderer) unique(id string) error {
	if id == "" || strings.HasPrefix(id, ownIDs) || strings.ContainsFunc(id, func(c rune) bool {
		return !(c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || c == '_')
	}) {
		return fmt.Errorf("page: ID %q: want letters, digits and hyphens, and not %q before them", id, ownIDs)
	}
	if r.ids[id] {
		return fmt.Errorf("page: two parts have the ID %q", id)
	}
	r.ids[id] = true
	return nil
}

// block renders a block with the template of its name.
func (r *renderer) block(b Block) (template.HTML, error) {
	var data any = b
	switch b := b.(type) {
	case Heading:
		data = r.headings[r.shown]
		r.shown++
	case Table:
		data = r.table(b)
	case Figure:
		data = r.figure(b)
	}
	var out bytes.Buffer
	err := r.templates.ExecuteTemplate(&out, b.name(), data)
	return template.HTML(out.String()), err
}

// tableView is a table as the template wants it.
type tableView struct {
	Table
	Shown  [][]cellView
	Hidden int // rows that are not shown
	CSV    download
}

type cellView struct {
	Cell
	Order string // what it is sorted by; empty for its text
	Class string
	Code  bool
}

func (r *renderer) table(t Table) tableView {
	v := tableView{Table: t}
	header := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		header[i] = c.Title
	}
	all := make([][]string, len(t.Rows))
	for i, row := range t.Rows {
		texts := make([]string, len(row))
		for j, c := range row {
			texts[j] = strings.Join(append([]string{c.Text}, c.Notes...), "; ")
		}
		all[i] = texts
		if i >= mostRows {
			v.Hidden++
			continue
		}
		cells := make([]cellView, len(row))
		for j, c := range row {
			cells[j] = cellView{Cell: c, Class: class(t.Columns[j], c.Tone), Code: t.Columns[j].Code}
			if t.Columns[j].Number && !math.IsNaN(c.Value) && c.Text != "" {
				cells[j].Order = strconv.FormatFloat(c.Value, 'g', 6, 64)
			}
		}
		v.Shown = append(v.Shown, cells)
	}
	v.CSV = newDownload(t.ID, header, all, tableBudget/max(r.tables, 1))
	return v
}

// class returns the classes of a cell.
func class(c Column, t Tone) string {
	var names []string
	if c.Number {
		names = append(names, "num")
	}
	if c.Code {
		names = append(names, "code")
	}
	if t != Plain {
		names = append(names, string(t))
	}
	return strings.Join(names, " ")
}

// figureView is a figure as the template wants it.
type figureView struct {
	Figure
	Wide, Narrow template.HTML
	Header       []Column
	Rows         [][]string // of the data, all or some
	CSV          download
}

func (r *renderer) figure(f Figure) figureView {
	v := figureView{
		Figure: f,
		Wide:   template.HTML(f.SVG(plot.Wide)),
		Narrow: template.HTML(f.SVG(plot.Narrow)),
		Rows:   spread(f.Table.Rows, dataRows),
		CSV:    newDownload(f.ID, f.Table.Header, f.Table.Rows, figureBudget/max(r.figures, 1)),
	}
	for i, title := range f.Table.Header {
		v.Header = append(v.Header, Column{Title: title, Number: numeric(f.Table.Rows, i)})
	}
	return v
}

// spread returns at most n of the rows, the first and the last among them, at equal
// distances.
func spread(rows [][]string, n int) [][]string {
	if len(rows) <= n {
		return rows
	}
	some := make([][]string, n)
	for i := range some {
		some[i] = rows[i*(len(rows)-1)/(n-1)]
	}
	return some
}

// numeric reports whether all fields of a column are numbers.
func numeric(rows [][]string, column int) bool {
	for _, row := range rows {
		if column >= len(row) {
			return false
		}
		if _, err := strconv.ParseFloat(row[column], 64); err != nil {
			return false
		}
	}
	return len(rows) > 0
}

// mostRunes is how long a text of the page may be.
const mostRunes = 2000

// visible makes text that may come from files of others safe to read: see the package
// documentation. Marks that isolate text, as plot.Label sets them, stay; what they do
// ends with the element at the latest.
func visible(s string) string {
	n := 0
	var b strings.Builder
	for _, c := range s {
		if n++; n > mostRunes {
			b.WriteRune('…')
			break
		}
		switch {
		case unicode.IsSpace(c):
			c = ' '
		case c == '\u2068' || c == '\u2069':
		case !unicode.IsGraphic(c):
			c = unicode.ReplacementChar
		}
		b.WriteRune(c)
	}
	return b.String()
}

// mostOutput is how long the output of a program may be.
const mostOutput = 1 << 20

// lines returns the lines of a program's output, up to the limit.
func lines(text string) []string {
	all := strings.Split(strings.TrimRight(text, "\n"), "\n")
	length := 0
	for i, line := range all {
		if length += len(line) + 1; length > mostOutput {
			return append(all[:i:i], fmt.Sprintf("… and %d more lines, which would make this file too large", len(all)-i))
		}
	}
	return all
}

// tone returns the sign of a tone.
func tone(t Tone) string {
	switch t {
	case Better:
		return "▼"
	case Worse:
		return "▲"
	case Equivalent:
		return "■"
	case Unresolved:
		return "●"
	}
	return ""
}

// said returns a tone as a word, for readers who do not see its sign, unless the text
// of such a cell is that word.
func said(t Tone, text string) string {
	if tone(t) == "" || text == string(t) {
		return ""
	}
	return string(t)
}
