package cli

import (
	"fmt"
	"io"
	"os"
	"strconv"

	"golang.org/x/term"

	"github.com/idlebench/idlebench/internal/phrase"
)

// Widths of text that goes to a person.
const (
	usualWidth = 80 // of a terminal that does not say, and of a file
	leastWidth = 40 // below which folded text is harder to read than what the terminal folds
	mostWidth  = 100
)

// width returns the length of lines for a writer: COLUMNS, or the size of the terminal,
// or 80. Longer lines than 100 are harder to read, however wide the terminal is.
func (a app) width(w io.Writer) int {
	width := usualWidth
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		width = n
	} else if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil && n > 0 {
			width = n
		}
	}
	return max(leastWidth, min(width, mostWidth))
}

// note tells the user something on stderr, in lines of its width.
func (a app) note(format string, args ...any) {
	fmt.Fprint(a.stderr, hang(fmt.Sprintf(format, args...), "", "  ", a.width(a.stderr)))
}

// fold breaks text into indented lines of at most width characters. A word that is longer
// gets a line of its own.
func fold(text, indent string, width int) string { return hang(text, indent, indent, width) }

// hang is fold with another indent, or the beginning, of the first line.
func hang(text, first, indent string, width int) string {
	if text == "" {
		return ""
	}
	return phrase.Fold(text, first, indent, width)
}
