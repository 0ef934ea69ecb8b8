package label

import "path/filepath"

// Apart returns short names for paths: the last element, or all of a path that shares it
// with another one.
func Apart(paths ...string) []string {
	count := map[string]int{}
	for _, p := range paths {
		count[filepath.Base(p)]++
	}
	names := make([]string, len(paths))
	for i, p := range paths {
		if names[i] = filepath.Base(p); count[names[i]] > 1 {
			names[i] = p
		}
	}
	return names
}
