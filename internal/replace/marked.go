package replace

import (
	"fmt"
	"strings"
)

// Marked replaces the text of a page between the lines "<!-- NAME:begin -->" and
// "<!-- NAME:end -->". The marks stay. It is an error if they are not there.
func Marked(page, name, text string) (string, error) {
	begin, end := "<!-- "+name+":begin -->\n", "<!-- "+name+":end -->\n"
	before, rest, ok := strings.Cut(page, begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		return "", fmt.Errorf("the page has no lines %q and %q, in this order, between which the text belongs", strings.TrimSpace(begin), strings.TrimSpace(end))
	}
	return before + begin + text + end + after, nil
}
