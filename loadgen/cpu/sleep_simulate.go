//go:build simulate

package cpu

import (
	"time"

	"github.com/idlebench/idlebench/simulate"
)

// Sleep blocks the calling thread for at least d.
func Sleep(d time.Duration) { simulate.Sleep(simulate.FromDuration(d)) }
