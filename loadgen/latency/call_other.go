//go:build !linux || simulate

package latency

// NowCall is Now.
func NowCall() int64 { return Now() }
