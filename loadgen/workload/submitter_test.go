package workload

import (
	"testing"
	"time"

	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/latency"
)

// What a wait burns is the time between looks, and of a long step as much as was CPU time
// of the thread: all of an interrupt, nothing of what another thread or the hypervisor had.
func TestBurnt(t *testing.T) {
	type step struct{ ns, used int64 }
	steps := []step{{40, 40}, {60, 60}, {away - 1, 0}, {away, away}, {7_000, 900}, {2_000_000, 0}, {9_000, 9_000}, {50, 50}}
	now, next, used := int64(0), 0, usage{thread: 7, ns: 3}
	g := &Generator{
		Now: func() int64 { return now },
		Pause: func() {
			now += steps[next].ns
			used.ns += steps[next].used
			next++
		},
		used: func() usage { return used },
	}
	g.Spin(func() bool { return next == len(steps) })
	// The third step was too short to ask, and the fourth makes up for it.
	if want := 40 + 60 + away + int64(900+9_000+50); g.Burnt() != want {
		t.Errorf("burnt %d ns, want %d", g.Burnt(), want)
	}

	// A short wait does not ask: what is not known is not taken for burnt.
	burnt := g.Burnt()
	steps, next = []step{{9_000, 9_000}, {9_000, 9_000}}, 0
	if end := g.SpinUntil(now + longWait - 5_000); end != now || next != 2 {
		t.Errorf("it ended at %d after %d looks, the clock says %d", end, next, now)
	}
	if g.Burnt() != burnt {
		t.Errorf("a short wait has burnt %d ns", g.Burnt()-burnt)
	}
	steps, next = []step{{9_000, 9_000}, {20_000, 20_000}}, 0
	g.SpinUntil(now + longWait + 1)
	if got := g.Burnt() - burnt; got != 29_000 {
		t.Errorf("a long wait has burnt %d ns", got)
	}
}

// A goroutine that waits may be moved to another thread, whose CPU time is not its own.
func TestBurntOnAnotherThread(t *testing.T) {
	now, looks, used := int64(0), 0, usage{thread: 1, ns: 9_000_000}
	g := &Generator{
		Now: func() int64 { return now },
		Pause: func() {
			looks++
			now += 100
			used.ns += 100
			if looks == 10 { // it is moved to a young thread, and later back
				now += 50_000
				used = usage{thread: 2, ns: 5_000}
			}
			if looks == 20 {
				now += 50_000
				used = usage{thread: 1, ns: 8_000_000} // has run others meanwhile, or less than was counted
			}
			if looks == 30 {
				now += 50_000
				used.ns -= 3_000 // the kernel takes off what it had counted
			}
		},
		used: func() usage { return used },
	}
	before := g.Burnt()
	g.Spin(func() bool {
		if b := g.Burnt(); b < 0 || b > now {
			t.Errorf("after %d looks it has burnt %d of %d ns", looks, b, now)
		}
		return looks == 40
	})
	// 9 looks each before the steps to other threads; 10 looks to the last, of which the
	// kernel takes off all; and 10 to the end.
	if got := g.Burnt() - before; got != 9*100+9*100+10*100 {
		t.Errorf("burnt %d ns", got)
	}
}

// A submission is recorded when the submitter waits next, or is asked.
func TestSubmissionsAreTimed(t *testing.T) {
	p := &clockPool{onSubmit: func(int) {}}
	g := p.generator()
	for range 3 {
		if err := g.Submit(g.Now(), nopTask{}); err != nil {
			t.Fatal(err)
		}
	}
	err := g.Beside(3, func(i int, s *Submitter) error {
		if i == 0 {
			return nil // the clock is for one thread only
		}
		s.pending = int64(i)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := recorded(g.Submissions()...); got[1] != 3+1 && got[2] != 1 {
		t.Errorf("got %v", got)
	}
	sum, _ := latency.Merge(g.Submissions())
	if n := sum.TotalCount(); n != 5 {
		t.Errorf("%d submissions, want 5", n)
	}
}

type nopTask struct{}

func (nopTask) Run(host.Worker) {}

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
	if got := (Workload{MostlyIdle: true}).How(nil); got != Poll {
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
