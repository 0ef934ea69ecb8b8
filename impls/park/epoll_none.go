//go:build simulate && !explore

package park

// Others returns the kinds that are measured only if they are named. None of them can be
// simulated.
func Others() []Kind { return nil }
