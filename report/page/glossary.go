package page

import (
	"cmp"
	"html/template"
	"regexp"
	"slices"
	"strings"
)

// A glossary marks terms in text. A mark is a button that opens the explanation, which
// browsers do without a script. There is one explanation of each term in the page,
// however many buttons open it.
type glossary struct {
	terms  []Term
	find   *regexp.Regexp // all forms of all terms; nil if there are none
	form   map[string]int // the index of the term, by the form in lower case
	marked map[int]bool   // in this section
	used   map[int]bool   // in the page
}

func newGlossary(terms []Term) glossary {
	g := glossary{terms: terms, form: map[string]int{}, marked: map[int]bool{}, used: map[int]bool{}}
	var forms []string
	for i, t := range terms {
		for _, form := range append([]string{t.Word}, t.Also...) {
			g.form[strings.ToLower(form)] = i
			forms = append(forms, regexp.QuoteMeta(form))
		}
	}
	if len(forms) == 0 {
		return g
	}
	// The longest first: of "letter value" and "letter values" the text has one.
	slices.SortFunc(forms, func(a, b string) int { return cmp.Or(len(b)-len(a), cmp.Compare(a, b)) })
	g.find = regexp.MustCompile(`(?i)` + strings.Join(forms, "|"))
	return g
}

// begin begins a section, in which every term is marked once more, or none if it has the
// explanations itself.
func (g *glossary) begin(explains bool) string {
	for i := range g.terms {
		g.marked[i] = explains
	}
	return ""
}

// prose is text for the page, with the terms marked that the section did not have yet.
func (g *glossary) prose(text any) template.HTML {
	var s string
	switch t := text.(type) {
	case string:
		s = visible(t)
	case Text:
		s = visible(string(t))
	}
	if g.find == nil {
		return template.HTML(template.HTMLEscapeString(s))
	}
	var out strings.Builder
	done := 0
	for _, at := range g.find.FindAllStringIndex(s, -1) {
		form := s[at[0]:at[1]]
		i, known := g.form[strings.ToLower(form)]
		if !known || g.marked[i] || partOfName(s, at[0], at[1]) {
			continue
		}
		g.marked[i], g.used[i] = true, true
		out.WriteString(template.HTMLEscapeString(s[done:at[0]]))
		out.WriteString(`<button type="button" class="term" popovertarget="` + termID(g.terms[i]) + `">` + template.HTMLEscapeString(form) + `</button>`)
		done = at[1]
	}
	out.WriteString(template.HTMLEscapeString(s[done:]))
	return template.HTML(out.String())
}

// partOfName reports whether what is between from and to is not a word by itself, but
// part of a longer one, or of a name such as a path or a flag.
func partOfName(s string, from, to int) bool {
	const joins = "-_/.=:"
	letter := func(c byte) bool {
		return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
	}
	if from > 0 && (letter(s[from-1]) || strings.IndexByte(joins, s[from-1]) >= 0) {
		return true
	}
	if to == len(s) {
		return false
	}
	if letter(s[to]) {
		return true
	}
	// Punctuation that ends a sentence is followed by a space, or by nothing.
	return strings.IndexByte(joins, s[to]) >= 0 && to+1 < len(s) && letter(s[to+1])
}

// termID is the ID of a term's explanation.
func termID(t Term) string {
	return ownIDs + "term-" + strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			return c
		}
		return '-'
	}, strings.ToLower(t.Word))
}

// An explanation is a term of the page with its ID.
type explanation struct {
	ID string
	Term
}

// explained returns the terms that were marked.
func (g *glossary) explained() (all []explanation) {
	for i, t := range g.terms {
		if g.used[i] {
			all = append(all, explanation{termID(t), t})
		}
	}
	return all
}
