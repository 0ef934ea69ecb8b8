package annotate

import (
	"bytes"
	"cmp"
	"go/token"
	"slices"
)

// An edit puts text in place of what is from one offset to another. Those at the same
// offset are in the order in which they were made: what opens around an expression is
// made before the edits within, and what closes after them.
type edit struct {
	from, to int
	text     string
}

func (a *annotator) edit(from, to token.Pos, text string) {
	a.edits = append(a.edits, edit{a.file.Offset(from), a.file.Offset(to), text})
}

func (a *annotator) insert(at token.Pos, text string) { a.edit(at, at, text) }

func (a *annotator) apply(source []byte) []byte {
	slices.SortStableFunc(a.edits, func(x, y edit) int { return cmp.Compare(x.from, y.from) })
	var b bytes.Buffer
	at := 0
	for _, e := range a.edits {
		b.Write(source[at:e.from])
		b.WriteString(e.text)
		at = e.to
	}
	b.Write(source[at:])
	return b.Bytes()
}
