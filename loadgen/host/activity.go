//go:build !simulate

package host

// searching notes that the calling worker begins or ends to search, for a simulation.
func searching(bool) {}
