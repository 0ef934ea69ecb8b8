// Package label makes names safe to read. They come from users' files, and appear in
// tables, messages, pages and figures.
package label

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Runes is how many characters of a name are shown.
const Runes = 200

// Safe returns a name in displayable form:
//
//   - control characters, and those that change the direction of text or are invisible,
//     become the visible �, since they make a name look like another
//   - spaces and line breaks become one space
//   - of combining marks on one letter, two remain
//   - after 200 characters it is cut, with an ellipsis
//   - right-to-left text is isolated, so that the text after it stays in place
//   - an empty name becomes (unnamed)
//
// Markup remains as it is: code that writes markup has to escape it.
func Safe(name string) string {
	var b strings.Builder
	n, marks, space := 0, 0, false
	for _, r := range name {
		if unicode.IsSpace(r) {
			space = n > 0
			continue
		}
		if n >= Runes {
			b.WriteRune('…')
			break
		}
		if unicode.In(r, unicode.Mn, unicode.Me) {
			if marks++; marks > 2 || n == 0 {
				continue
			}
		} else {
			marks = 0
		}
		if space {
			b.WriteByte(' ')
			n++
			space = false
		}
		if r == utf8.RuneError || !unicode.IsGraphic(r) || !InXML(r) {
			r = '\uFFFD'
		}
		b.WriteRune(r)
		n++
	}
	if n == 0 {
		return "(unnamed)"
	}
	return Isolate(b.String())
}

// Marks of the bidirectional algorithm: text between them does not affect its
// surroundings.
const (
	firstStrongIsolate    = '\u2068'
	popDirectionalIsolate = '\u2069'
)

// Isolate puts text with right-to-left letters between marks.
func Isolate(s string) string {
	if !strings.ContainsFunc(s, rightToLeft) {
		return s
	}
	return string(firstStrongIsolate) + s + string(popDirectionalIsolate)
}

// WithoutIsolates removes the marks that Safe puts around right-to-left text.
func WithoutIsolates(s string) string {
	return strings.Map(func(r rune) rune {
		if r == firstStrongIsolate || r == popDirectionalIsolate {
			return -1
		}
		return r
	}, s)
}

// rightToLeft reports whether r is in one of the blocks that Unicode reserves for
// right-to-left scripts.
func rightToLeft(r rune) bool {
	return r >= 0x0590 && r <= 0x08FF || r >= 0xFB1D && r <= 0xFDFF || r >= 0xFE70 && r <= 0xFEFF ||
		r >= 0x10800 && r <= 0x10FFF || r >= 0x1E800 && r <= 0x1EFFF
}

// InXML reports whether r is a character of XML 1.0.
func InXML(r rune) bool {
	switch {
	case r < 0x20:
		return r == '\t' || r == '\n' || r == '\r'
	case r == 0xFFFE || r == 0xFFFF:
		return false
	}
	return true
}
