package source

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"github.com/idlebench/idlebench/record"
)

// NotUsed is a part of an input that is not in the model.
type NotUsed struct {
	File string `json:"file"`           // or folder, as it was given
	Line int    `json:"line,omitempty"` // from 1; 0 if it is not of one line
	What string `json:"what"`           // "the line", "the value NaN of ns/op"
	Why  string `json:"why"`            // with the remedy, if there is one

	// More is how many further entries of the file are not listed, because they would
	// say the same.
	More int `json:"more,omitempty"`
}

// String returns it as file:line: what is not used: why.
func (n NotUsed) String() string {
	var b strings.Builder
	b.WriteString(n.File)
	if n.Line > 0 {
		fmt.Fprintf(&b, ":%d", n.Line)
	}
	fmt.Fprintf(&b, ": %s is not used: %s", n.What, n.Why)
	if n.More > 0 {
		fmt.Fprintf(&b, " (and %d more like it)", n.More)
	}
	return b.String()
}

// maxAlike is how many entries of a file may say the same before further ones are only
// counted. A file of 100,000 bad lines has one mistake, not 100,000.
const maxAlike = 10

// skip adds an entry for a part that has nothing in common with others.
func (s *Source) skip(file string, line int, what, why string) {
	s.lose(record.Loss{File: file, Line: line, What: what, Err: errors.New(why)})
}

// skipError adds an entry for an error that may have file and line.
func (s *Source) skipError(file, what string, err error) {
	lost := record.Loss{File: file, Err: err}
	errors.As(err, &lost)
	lost.What = what
	s.lose(lost)
}

// lose adds an entry.
func (s *Source) lose(l record.Loss) {
	n := NotUsed{File: l.File, Line: l.Line, What: excerpt(l.What), Why: excerpt(l.Err.Error())}
	key := likeness{l.File, l.Kind, ""}
	if l.Kind == "" {
		key.why = n.Why
	}
	if s.alike == nil {
		s.alike = map[likeness]alike{}
	}
	a := s.alike[key]
	if a.n >= maxAlike {
		s.NotUsed[a.last].More++
		return
	}
	s.alike[key] = alike{a.n + 1, len(s.NotUsed)}
	s.NotUsed = append(s.NotUsed, n)
}

// A likeness is what entries have in common that are counted together: the kind, or the
// reason if there is none.
type likeness struct {
	file string
	kind record.Kind
	why  string
}

// alike counts entries.
type alike struct {
	n    int
	last int // index in NotUsed
}

// reason says what is wrong with a path, without the path.
func reason(err error) string {
	var at *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "there is no such file or folder: look for a typing error"
	case errors.As(err, &at):
		return cmp.Or(remedy[at.Err], at.Err.Error())
	}
	return err.Error()
}

var remedy = map[error]string{
	syscall.EACCES:   "there is no permission to read it: change its mode, or its owner",
	os.ErrPermission: "there is no permission to read it: change its mode, or its owner",
}

// maxExcerpt is as much as a reader can take in.
const maxExcerpt = 400

// excerpt shortens a text that quotes input, and makes it one valid line.
func excerpt(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, text)
	if r := []rune(text); len(r) > maxExcerpt {
		text = string(r[:maxExcerpt-1]) + "…"
	}
	return text
}
