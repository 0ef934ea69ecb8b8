package host_test

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/bitmap"
	"github.com/idlebench/idlebench/impls/mutexonly"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/loadgen/host"
)

func TestOptionsAsText(t *testing.T) {
	if !prim.HasFutex {
		t.Skip("the set tokio differs from system to system")
	}
	for _, test := range []struct {
		text string
		want host.Options
		name string // what the options call themselves
	}{
		{"default", host.Options{}, "default"},
		{"tokio", host.Tokio(), "tokio"},
		{"pause.sleep", host.Options{Pause: host.PauseSleep}, "pause.sleep"},
		{"pause.spin", host.Options{}, "default"},
		{"default+lock.futex+pause.none", host.Options{Pause: host.PauseNone, Lock: impls.FutexMutex}, "pause.none+lock.futex"},
		{"ticks.queue", host.Options{Ticks: host.TicksQueue}, "ticks.queue"},
		{"interval.tuned", host.Options{Interval: host.IntervalTuned}, "interval.tuned"},
		{"maintenance.locked", host.Options{Maintenance: host.MaintenanceLocked}, "maintenance.locked"},
		{"submit.each", host.Options{Submission: host.SubmitEach}, "submit.each"},
		{"slot.stealable", host.Options{Slot: host.SlotStealable}, "slot.stealable"},
		{"spare.12", host.Options{Spare: 12}, "spare.12"},
		{"tokio+slot.private", host.Tokio(), "tokio"},
		{"pause.sleep+ticks.queue+interval.tuned+maintenance.locked+submit.each+lock.futex+spare.1", host.Tokio(), "tokio"},
		{"tokio+spare.0+lock.go", host.Options{Pause: host.PauseSleep, Ticks: host.TicksQueue, Interval: host.IntervalTuned, Maintenance: host.MaintenanceLocked, Submission: host.SubmitEach},
			"pause.sleep+ticks.queue+interval.tuned+maintenance.locked+submit.each"},
	} {
		got, err := host.ParseOptions(test.text)
		if err != nil || got != test.want {
			t.Errorf("%s: %+v, %v; want %+v", test.text, got, err, test.want)
		}
		if got.String() != test.name {
			t.Errorf("%s calls itself %s, want %s", test.text, got, test.name)
		}
		if again, err := host.ParseOptions(got.String()); err != nil || again != got {
			t.Errorf("%s became %+v, %v", got, again, err)
		}
	}
	for text, want := range map[string]string{
		"":                  "want default, tokio, or <name>.<value> with a name of pause, ticks,",
		"pause":             "pause is one of spin, sleep, none",
		"pause.long":        "pause is one of spin, sleep, none",
		"lock.futex+tokio":  `"tokio"`,
		"spare.65":          "spare is one of 0 to 64",
		"pause.sleep,none":  "pause is one of",
		"tokio+nonesuch.on": `"nonesuch.on"`,
	} {
		if o, err := host.ParseOptions(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %+v, %v; want %q", text, o, err, want)
		}
	}
	if got := len(host.OptionTexts()); got != 8 {
		t.Errorf("%d options are listed", got)
	}
}

func TestStartRefusesOptions(t *testing.T) {
	c := plain()
	c.Cores, c.Workers = 1, 1
	for _, spare := range []int{-1, host.MaxSpare + 1} {
		c.Options.Spare = spare
		if _, err := host.Start(c); err == nil {
			t.Errorf("%d spare workers", spare)
		}
	}
}

func TestSpareWorkers(t *testing.T) {
	c := plain()
	c.Options.Spare = 3
	var started atomic.Int32
	c.OnStart = func(int) error { started.Add(1); return nil }
	s := start(t, c, 2, 2)
	closeNow(t, s)
	if got := started.Load(); got != 5 {
		t.Errorf("%d workers for 2 and 3 spare ones", got)
	}
}

// A chain of tasks that spawn each other alternates between the slot, three times,
// and the run queue.
func TestTicks(t *testing.T) {
	const rounds = 40
	for ticks, want := range map[host.Ticks]uint64{host.TicksAll: 4 * rounds, host.TicksQueue: rounds} {
		c := plain()
		c.Options.Ticks = ticks
		s := start(t, c, 1, 1)
		chain := new(chainTask)
		chain.left.Store(61 * 4 * rounds)
		s.Submit(chain)
		closeNow(t, s)
		// The worker asked for a task a few times before, and once after.
		if got := s.Counters().Maintenances; got < want || got > want+1 {
			t.Errorf("ticks %v: %d maintenances, want %d", ticks, got, want)
		}
	}
}

// A notified manager counts how it is notified.
type notified struct {
	impls.Idle
	mu     sync.Mutex
	remote int
	mult   []int
}

func (n *notified) NotifyRemote() {
	n.mu.Lock()
	n.remote++
	n.mu.Unlock()
	n.Idle.NotifyRemote()
}

func (n *notified) NotifyMult(tasks int) {
	n.mu.Lock()
	n.mult = append(n.mult, tasks)
	n.mu.Unlock()
	n.Idle.NotifyMult(tasks)
}

// A snapshotting manager is a notified one that offers a snapshot.
type snapshotting struct {
	*notified
	impls.Snapshotter
}

func TestSubmission(t *testing.T) {
	for _, test := range []struct {
		submission host.Submission
		snapshot   bool
		cores      int
		yield      int    // tasks that yield, and as many that are submitted later
		remote     int    // calls of NotifyRemote
		mult       string // arguments of NotifyMult
	}{
		{host.SubmitBatch, true, 1, 5, 1, "[5]"},
		{host.SubmitEach, true, 1, 5, 6, "[]"}, // the only core is not idle
		{host.SubmitEach, true, 2, 5, 6, "[1]"},
		{host.SubmitEach, true, 4, 5, 6, "[2]"},
		{host.SubmitEach, true, 4, 2, 3, "[1]"}, // one of the two runs next
		{host.SubmitEach, false, 1, 5, 6, "[2]"},
	} {
		t.Run(fmt.Sprintf("%+v", test), func(t *testing.T) {
			var manager *notified
			impl := bitmap.Implementation
			impl.New = func(c impls.Config) impls.Idle {
				idle := bitmap.Implementation.New(c)
				manager = &notified{Idle: idle}
				if test.snapshot {
					return snapshotting{manager, idle.(impls.Snapshotter)}
				}
				return manager
			}
			c := host.Config{Idle: impl, NewParker: park.Kinds()[0].New}
			c.Options.Submission = test.submission
			s := start(t, c, test.cores, test.cores)
			settle(t, s)
			batch := make([]host.Task, test.yield)
			for i := range batch {
				batch[i] = taskFunc(func(host.Worker) {})
			}
			s.Submit(taskFunc(func(w host.Worker) {
				// The worker may have woken another one when it found this task.
				var idle impls.Snapshot
				for idle.Resize(test.cores); ; runtime.Gosched() {
					manager.Idle.(impls.Snapshotter).Snapshot(&idle)
					if idle.Len() == test.cores-1 {
						break
					}
				}
				for _, t := range batch {
					w.Yield(t)
				}
			}))
			settle(t, s)
			if err := s.SubmitAll(batch); err != nil {
				t.Fatal(err)
			}
			closeNow(t, s)
			if got := fmt.Sprint(manager.mult); manager.remote != test.remote || got != test.mult {
				t.Errorf("NotifyRemote was called %d times and NotifyMult with %s, want %d and %s", manager.remote, got, test.remote, test.mult)
			}
		})
	}
}

// A task in the slot of a core whose worker is busy is stolen only if the slot is
// stealable.
func TestSlotIsStolen(t *testing.T) {
	c := host.Config{Idle: mutexonly.Implementation, NewParker: park.Kinds()[0].New}
	c.Options.Slot = host.SlotStealable
	s := start(t, c, 2, 2)
	const times = 200
	var stolen atomic.Int64
	for range times {
		s.Submit(taskFunc(func(w host.Worker) {
			var ran atomic.Bool
			w.Spawn(taskFunc(func(thief host.Worker) {
				if thief.ID() != w.ID() {
					stolen.Add(1)
				}
				ran.Store(true)
			}))
			for !ran.Load() { // forever, in a private slot
			}
		}))
		settle(t, s)
	}
	closeNow(t, s)
	if got := s.Counters().SlotSteals; stolen.Load() != times || got != times {
		t.Errorf("%d of %d tasks ran elsewhere, and %d were stolen from a slot", stolen.Load(), times, got)
	}
}
