package page

import "testing"

func TestProse(t *testing.T) {
	const open, end = `<button type="button" class="term" popovertarget="page-term-`, `</button>`
	for in, want := range map[string]string{
		"Two cells, a cell.":      `Two ` + open + `cell">cells` + end + `, a cell.`, // once, in the form that is there
		"Cell: cells":             open + `cell">Cell` + end + `: cells`,
		"a letter value plot":     `a ` + open + `letter-values">letter value` + end + ` plot`,
		"cell/x, -cell=1, x.cell": "cell/x, -cell=1, x.cell", // parts of names
		"excellent, cello":        "excellent, cello",
		"<cell> & letter":         `&lt;` + open + `cell">cell` + end + `&gt; &amp; letter`,
		"éxcell cellé":            "éxcell cellé",
		"":                        "",
	} {
		g := newGlossary([]Term{{Word: "cell", Also: []string{"cells"}}, {Word: "letter values", Also: []string{"letter value"}}})
		if got := string(g.prose(in)); got != want {
			t.Errorf("%q becomes %s, want %s", in, got, want)
		}
	}

	g := newGlossary([]Term{{Word: "cell"}, {Word: "round"}})
	for range 2 {
		g.begin(false)
		if got, want := string(g.prose(Text("a cell")))+string(g.prose("a cell")), `a `+open+`cell">cell`+end+`a cell`; got != want {
			t.Errorf("in a section: %s, want %s", got, want)
		}
	}
	g.begin(true)
	if got := string(g.prose("a round")); got != "a round" {
		t.Errorf("where it is explained: %s", got)
	}
	if all := g.explained(); len(all) != 1 || all[0].ID != "page-term-cell" {
		t.Errorf("explained are %+v", all)
	}
}
