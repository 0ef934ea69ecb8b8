package phrase

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// ASCII writes a text for terminals and tools that show nothing else: signs and lines as
// what looks like them, and any other character by its number, \u00fc. A sign that is as
// wide as its replacement keeps tables in place; others move what follows a little.
func ASCII(text string) string {
	if isASCII(text) {
		return text
	}
	text = strings.ReplaceAll(text, "± ", "+-")
	var b strings.Builder
	for _, r := range text {
		if r < utf8.RuneSelf {
			b.WriteRune(r)
		} else if as, ok := inASCII[r]; ok {
			b.WriteString(as)
		} else {
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// inASCII has the characters that reports are written with.
var inASCII = map[rune]string{
	'−': "-", '–': "-", '—': "-", '×': "x", '…': "...", '†': "*", '‡': "#", '±': "+-",
	'≤': "<=", '≥': ">=", '≈': "~", '→': "->", '·': ".", '∞': "inf", 'µ': "u", 'α': "alpha",
	'│': "|", '¦': "|", '\u00a0': " ", '\ufffd': "?",
	'\u2066': "", '\u2067': "", '\u2068': "", '\u2069': "", // around right-to-left names
	'¹': "^1", '²': "^2", '³': "^3", '⁴': "^4", '⁵': "^5", '⁶': "^6", '⁷': "^7", '⁸': "^8", '⁹': "^9", '⁰': "^0",
	'▁': "1", '▂': "2", '▃': "3", '▄': "4", '▅': "5", '▆': "6", '▇': "7", '█': "8",
}
