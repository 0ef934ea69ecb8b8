package cpu

import (
	"errors"
	"runtime"
	"testing"
	"time"
)

func TestUsageSub(t *testing.T) {
	later := Usage{CPU: 10, User: 7, System: 3, Voluntary: 20, Involuntary: 5}
	earlier := Usage{CPU: 1, User: 2, System: 3, Voluntary: 4, Involuntary: 5}
	if got, want := later.Sub(earlier), (Usage{CPU: 9, User: 5, System: 0, Voluntary: 16, Involuntary: 0}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// TestUsage works until the clocks have moved: they are of the thread, so no
// other load can delay that forever, and of whole nanoseconds.
func TestUsage(t *testing.T) {
	for _, test := range []struct {
		name string
		read func() (Usage, error)
	}{
		{"thread", ThreadUsage},
		{"process", ProcessUsage},
	} {
		t.Run(test.name, func(t *testing.T) {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			first, err := test.read()
			if errors.Is(err, errors.ErrUnsupported) {
				if first != (Usage{}) {
					t.Errorf("unsupported, yet %+v", first)
				}
				t.Skip(err)
			}
			if err != nil {
				t.Fatal(err)
			}
			for last := first; last.Sub(first).CPU < 5*time.Millisecond; {
				u, err := test.read()
				if err != nil {
					t.Fatal(err)
				}
				d := u.Sub(last)
				if d.CPU < 0 || d.User < 0 || d.System < 0 || d.Voluntary < 0 || d.Involuntary < 0 {
					t.Fatalf("usage has shrunk from %+v to %+v", last, u)
				}
				last = u
			}
		})
	}
}
