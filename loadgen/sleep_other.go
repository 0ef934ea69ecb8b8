//go:build !linux

package loadgen

import "time"

func sleep(d time.Duration) { time.Sleep(d) }
