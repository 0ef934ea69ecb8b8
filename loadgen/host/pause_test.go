package host

import (
	"math"
	"runtime"
	"testing"
	"time"

	"github.com/idlebench/idlebench/loadgen/cpu"
)

// A worker that spins lets time pass and keeps its CPU; one that sleeps gives it up.
func TestPause(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	const d = 3 * time.Microsecond
	for _, test := range []struct {
		pause  Pause
		lasts  time.Duration // at least
		sleeps bool
	}{{PauseSpin, d, false}, {PauseSleep, d, true}, {PauseNone, 0, false}} {
		w := &worker{s: &Scheduler{options: Options{Pause: test.pause}}}
		// What else makes the thread wait, such as Go's scheduler, does so in few
		// of many pauses.
		least := int64(math.MaxInt64)
		for range 20 {
			before, err := cpu.ThreadUsage()
			if err != nil || runtime.GOOS != "linux" {
				t.Skip("it needs the number of switches of a thread")
			}
			start := time.Now()
			w.pause(d)
			took := time.Since(start)
			after, err := cpu.ThreadUsage()
			if err != nil {
				t.Fatal(err)
			}
			if took < test.lasts {
				t.Errorf("pause %d lasted %v, want at least %v", test.pause, took, test.lasts)
			}
			least = min(least, after.Voluntary-before.Voluntary)
		}
		if sleeps := least > 0; sleeps != test.sleeps {
			t.Errorf("pause %d: each gave up the CPU %d times or more, want sleeps: %v", test.pause, least, test.sleeps)
		}
	}
}
