package workload

import (
	"testing"
	"time"

	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/latency"
)

// What a wait burns is the time between looks, but for stretches in which the thread
// was away.
func TestBurnt(t *testing.T) {
	steps := []int64{40, 60, away - 1, away, 2_000_000, 50}
	now, next := int64(0), 0
	g := &Generator{
		Now:   func() int64 { return now },
		Pause: func() { now += steps[next]; next++ },
	}
	g.Spin(func() bool { return next == len(steps) })
	if want := 40 + 60 + away - 1 + 50; g.Burnt() != want {
		t.Errorf("burnt %d ns, want %d", g.Burnt(), want)
	}
	next = 0
	if end := g.SpinUntil(now + 30); end != now || next != 1 {
		t.Errorf("it ended at %d after %d looks, the clock says %d", end, next, now)
	}
}

// Where others get the CPU between two looks, the thread is asked for what it used.
func TestBurntBesideOthers(t *testing.T) {
	g := poolGenerator(nil, 1)
	g.Shares = true
	g.SpinUntil(latency.Now() + int64(time.Millisecond))
	if g.Burnt() <= 0 && cpu.CanPin {
		t.Errorf("burnt %d ns", g.Burnt())
	}
	if g.own().depth != 0 {
		t.Errorf("%d waits have not ended", g.own().depth)
	}
}

// The poller wakes the submitter no earlier than it should, as often as asked.
func TestPollTimer(t *testing.T) {
	timer := newPollTimer()
	for range 20 {
		const pause = int64(50_000)
		start := latency.Now()
		timer.wait(pause)
		if waited := latency.Now() - start; waited < pause {
			t.Errorf("waited for %d ns, want at least %d", waited, pause)
		}
	}
}

func TestHow(t *testing.T) {
	for name, want := range map[string]How{"block": Block, "spin": Spin, "poll": Poll} {
		n, err := submitterParam(Block).Parse(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := (Workload{}).How(Values{"submitter": n}); got != want || got.String() != name {
			t.Errorf("%s is %v", name, got)
		}
	}
	if got := (Workload{}).How(nil); got != Thread || got.Goroutine() {
		t.Errorf("without the parameter it is %v", got)
	}
	if got := (Workload{Quiet: true}).How(nil); got != Poll {
		t.Errorf("where nothing happens it is %v", got)
	}
}

// The usual submitter comes first, also in the full matrix.
func TestSubmitterParam(t *testing.T) {
	p := submitterParam(Poll, Spin)
	if p.Default != "poll" || p.Sweep[0] != "poll" || p.Full[0] != "poll" || len(p.Full) != 3 || len(p.Sweep) != 2 {
		t.Errorf("got %+v", p)
	}
}
