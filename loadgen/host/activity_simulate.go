//go:build simulate

package host

import "github.com/idlebench/idlebench/simulate"

// searching notes that the calling worker begins or ends to search.
func searching(begins bool) {
	if begins {
		simulate.Doing(simulate.Searching)
	} else {
		simulate.Doing(simulate.Running)
	}
}
