package mine

import (
	"os"
	"testing"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/verify"
)

// blind says that there is no work.
type blind struct{}

func (blind) Injected() int      { return 0 }
func (blind) Stealable(int) bool { return false }

// TestBlind fails where it runs, which is if BROKEN is set: it shows that the
// explorer finds a lost wake-up, here of a manager that never looks before it
// sleeps.
func TestBlind(t *testing.T) {
	if os.Getenv("BROKEN") == "" {
		t.Skip("fails on purpose, with BROKEN=1 and -tags explore")
	}
	broken := Implementation
	broken.New = func(c impls.Config) impls.Idle {
		c.Queues = blind{}
		return newIdle(c)
	}
	verify.Explore(t, broken, options)
}
