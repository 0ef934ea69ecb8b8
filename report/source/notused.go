package source

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strconv"
	"strings"
	"syscall"
)

// NotUsed is a part of an input that is not in the model.
type NotUsed struct {
	File string `json:"file"`           // or folder, as it was given
	Line int    `json:"line,omitempty"` // from 1; 0 if it is not of one line
	What string `json:"what"`           // "the line", "the value NaN of ns/op"
	Why  string `json:"why"`            // with the remedy, if there is one

	// More is how many others of the file, behind this one, are not listed, since
	// there is the same to say of them.
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

// maxAlike is how many entries of a file say the same before they are counted
// only. A file of 100,000 bad lines has one mistake, not so many.
const maxAlike = 10

// skip adds an entry.
func (s *Source) skip(file string, line int, what, why string) {
	n := NotUsed{File: file, Line: line, What: excerpt(what), Why: excerpt(why)}
	key := [2]string{file, kind(n)}
	if s.alike == nil {
		s.alike = map[[2]string]alike{}
	}
	a := s.alike[key]
	if a.n >= maxAlike {
		s.NotUsed[a.last].More++
		return
	}
	s.alike[key] = alike{a.n + 1, len(s.NotUsed)}
	s.NotUsed = append(s.NotUsed, n)
}

// alike counts entries that say the same of a file.
type alike struct {
	n    int
	last int // index in NotUsed
}

// kind is what an entry has in common with those that say the same: all but the
// numbers and names in it.
func kind(n NotUsed) string {
	return particular.ReplaceAllString(n.Why, "")
}

var particular = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|[0-9]+`)

// placed is an error that begins with the place.
var placed = regexp.MustCompile(`(?s)^(.+?):([0-9]+): (.*)$`)

// skipError adds an entry for an error that may begin with file and line.
func (s *Source) skipError(file, what string, err error) {
	line, why := 0, err.Error()
	if m := placed.FindStringSubmatch(why); m != nil {
		if n, err := strconv.Atoi(m[2]); err == nil {
			file, line, why = m[1], n, m[3]
		}
	}
	s.skip(file, line, what, why)
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
