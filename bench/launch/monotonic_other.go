//go:build !linux

package launch

// monotonic is for launches with a victim, which only Linux has.
func monotonic() int64 { return 0 }
