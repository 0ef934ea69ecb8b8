// Package nearest finds the name that was meant by one that was mistyped.
//
// Names are compared by their Levenshtein distance: how many characters have to be
// inserted, deleted or replaced. A name is near if that is at most a third of its
// length, so that a suggestion is a likely one; for anything else the list of all names
// says more. Of several that are equally near the first one is taken.
package nearest

import (
	"fmt"
	"slices"
	"strings"
)

// To returns the name nearest to a mistyped one, "" if none is near.
func To(typed string, names []string) string {
	best, least := "", len([]rune(typed))/3+1
	for _, name := range names {
		if d := distance(strings.ToLower(typed), strings.ToLower(name)); d < least {
			best, least = name, d
		}
	}
	return best
}

// Hint ends an error about an unknown name: it asks whether the nearest one was meant,
// or says what there is if none is near.
func Hint(typed string, names []string) string {
	if name := To(typed, names); name != "" {
		return fmt.Sprintf("did you mean %s?", name)
	}
	var once []string
	for _, name := range names {
		if !slices.Contains(once, name) {
			once = append(once, name)
		}
	}
	return "there are " + strings.Join(once, ", ")
}

// distance returns the Levenshtein distance. The row has the distances of the part of a
// so far from each beginning of b.
func distance(a, b string) int {
	from, to := []rune(a), []rune(b)
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range from {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range to {
			replaced := diagonal
			if x != y {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(to)]
}
