// Package phrase has the small pieces of text that all commands and reports write alike:
// a number with its noun, lines of a width, and words for a shell.
package phrase

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Count writes a number with its noun, which is given in the singular and has a regular
// plural: "1 launch", "2 launches", "2 cells".
func Count(n int, noun string) string {
	switch {
	case n == 1:
		return "1 " + noun
	case strings.HasSuffix(noun, "ch"):
		noun += "e"
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// noBreak marks a space at which no line may break.
const noBreak = "\x00"

// Fold breaks a text into lines of at most width characters, each with a newline. The
// first line and the others have different prefixes, which count. A number and its
// percent sign stay together. A word that is too long for a line has one of its own.
func Fold(text, first, others string, width int) string {
	var b strings.Builder
	b.WriteString(first)
	column := utf8.RuneCountInString(first)
	for i, word := range strings.Fields(strings.ReplaceAll(text, " %", noBreak+"%")) {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case column+1+n > width:
			b.WriteString("\n" + others)
			column = utf8.RuneCountInString(others)
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(strings.ReplaceAll(word, noBreak, " "))
		column += n
	}
	b.WriteByte('\n')
	return b.String()
}

// Shell joins words into a command line that a POSIX shell splits into the same words.
func Shell(words ...string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		if w == "" || strings.ContainsFunc(w, special) {
			w = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
		}
		quoted[i] = w
	}
	return strings.Join(quoted, " ")
}

// special reports whether a character may mean something to a shell.
func special(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-./,=+:@%", r))
}
