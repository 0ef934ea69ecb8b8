//go:build !linux && !simulate

package cpu

import "time"

// Sleep blocks the calling goroutine for at least d.
func Sleep(d time.Duration) { time.Sleep(d) }
