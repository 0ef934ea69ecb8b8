package peer

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/workload"
)

// check tries the fake peer of a mode, and returns what was found.
func check(t *testing.T, mode string, use cpu.Set, only ...string) (right bool, all []Finding) {
	t.Helper()
	if !Supported {
		t.Skip("peers are for Linux")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := Checker{Workloads: workload.All(), Only: only, CPUs: use, Workers: 1, Observe: func(f Finding) { all = append(all, f) }}
	right, err = c.Check(t.Context(), self, mode)
	if err != nil {
		t.Fatal(err)
	}
	return right, all
}

func usable(t *testing.T) cpu.Set {
	t.Helper()
	use, err := cpu.Allowed()
	if err != nil {
		t.Fatal(err)
	}
	return use[:min(2, len(use))]
}

func TestHonestPeer(t *testing.T) {
	right, all := check(t, "honest", usable(t))
	if !right {
		for _, f := range all {
			t.Errorf("%s: %s: %v", f.What, f.Note, f.Err)
		}
	}
	var what []string
	for _, f := range all {
		what = append(what, f.What)
	}
	if got, want := strings.Join(what, "; "), "says hello; exits when its input ends; says no to a workload that nobody has; wake; poisson; poisson, stopped while tasks are due"; got != want {
		t.Errorf("it tried: %s\nwant: %s", got, want)
	}
}

// Each unfair or broken peer is caught at the point that it breaks, and nowhere else before.
func TestUnfairPeers(t *testing.T) {
	for _, test := range []struct {
		mode  string
		only  string
		what  string // how the first finding that is wrong begins
		point Point
		say   string
	}{
		{"old", "", "says hello", Greeting, "protocol=0: want 1"},
		{"nameless", "", "says hello", Greeting, "without build"},
		{"chatty", "", "exits when its input ends", Protocol, "welcome"},
		{"agreeable", "", "says no to a workload that nobody has", Protocol, "answered"},
		{"less-work", "wake", "wake", Work, "tasks"},
		{"less-work", "poisson", "poisson", Work, "tasks"},
		{"no-service", "poisson", "poisson", CPUTime, "keep workers busy"},
		{"fewer-samples", "wake", "wake", Samples, "samples"},
		{"fewer-samples", "poisson", "poisson", Samples, "samples"},
		{"more-operations", "wake", "wake", Time, "operations"},
		{"more-operations", "poisson", "poisson", Work, "arrived"},
		{"short-time", "wake", "wake", Time, "asked for"},
		{"long-time", "wake", "wake", Time, "passed"},
		{"hidden-time", "wake", "wake", Time, "passed"},
		{"free", "wake", "wake", CPUTime, "waited"},
		{"closed-loop", "poisson", "poisson", OpenLoop, "samples do not begin when tasks are due"}, // in any of its runs
		{"hides-lag", "poisson", "poisson, stopped while tasks are due", OpenLoop, "samples do not begin when tasks are due"},
		{"late-schedule", "poisson", "poisson, stopped while tasks are due", OpenLoop, "samples do not begin when tasks are due"},
		{"dies", "wake", "wake", Ended, "exit status 7 (it printed \"out of cheese\")"},
		{"garbage", "wake", "wake", Protocol, "ops=many"},
		{"talks", "wake", "wake", Protocol, "again"},
		{"bad-end", "wake", "wake", Ended, "exit status 3"},
		{"floods-line", "wake", "wake", Output, "longer than"},
		{"floods-lines", "wake", "wake", Protocol, "ops="},
		{"floods-stderr", "wake", "wake", Output, "standard error"},
	} {
		t.Run(test.mode+" "+test.only, func(t *testing.T) {
			t.Parallel()
			var only []string
			if test.only != "" {
				only = []string{test.only}
			}
			right, all := check(t, test.mode, usable(t), only...)
			if right {
				for _, f := range all {
					t.Logf("%s: %s", f.What, f.Note)
				}
				t.Fatal("everything was found right")
			}
			for _, f := range all {
				if f.Err == nil {
					continue
				}
				var fault *Fault
				if !strings.HasPrefix(f.What, test.what) || !errors.As(f.Err, &fault) || fault.Point != test.point || !strings.Contains(f.Err.Error(), test.say) {
					t.Errorf("%s: %v\nwant %s: %s: … %s", f.What, f.Err, test.what, test.point, test.say)
				}
				return
			}
		})
	}
}

// A peer that says that its workers are pinned has to pin them, and none may leave the cell's
// CPUs.
func TestMisplacedPeers(t *testing.T) {
	use := usable(t)
	if len(use) < 2 {
		t.Skip("one CPU: there are no others to run on")
	}
	for mode, on := range map[string]cpu.Set{"claims-held": use, "other-cpus": use[:1]} {
		_, all := check(t, mode, on, "wake")
		var fault *Fault
		if last := all[len(all)-1]; !errors.As(last.Err, &fault) || fault.Point != Affinity {
			t.Errorf("%s: %+v", mode, last)
		}
	}
}

// What a peer claims without having it is found; what it refuses is no fault.
func TestClaims(t *testing.T) {
	_, all := check(t, "unknown-workload", usable(t), "coffee")
	if last := all[len(all)-1]; last.What != "coffee" || last.Err == nil {
		t.Errorf("unknown workload: %+v", last)
	}
	right, all := check(t, "picky", usable(t), "poisson")
	if last := all[len(all)-1]; !right || last.What != "poisson" || last.Note != "it says no: load must be 1" {
		t.Errorf("refused parameters: %v, %+v", right, last)
	}
	right, all = check(t, "honest", usable(t), "skynet")
	if last := all[len(all)-1]; !right || last.What != "skynet" || !strings.Contains(last.Note, "does not have") {
		t.Errorf("a workload that it does not have: %v, %+v", right, last)
	}
}

// What a peer started does not outlive it, however it ends.
func TestChildrenEnd(t *testing.T) {
	for _, kill := range []bool{true, false} {
		l, err := request(t, "forks", "wake").Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		child, err := strconv.Atoi(l.process.said())
		if err != nil {
			t.Fatal(err)
		}
		if kill {
			l.Kill()
		} else if _, err := l.Slice(t.Context(), 0, time.Millisecond); err != nil {
			t.Fatal(err)
		} else if _, err := l.End(t.Context()); err != nil {
			t.Fatal(err)
		}
		for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
			stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", child))
			if err != nil || strings.Contains(string(stat), ") Z ") {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("the child of a peer is there after a minute (killed: %v)", kill)
			}
		}
	}
}

// Deadlines end what hangs, whatever it hangs in.
func TestDeadlines(t *testing.T) {
	if !Supported {
		t.Skip("peers are for Linux")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var fault *Fault
	if _, err := start(t.Context(), usable(t), 200*time.Millisecond, self, "silent"); !errors.As(err, &fault) || fault.Point != Deadline {
		t.Errorf("a peer that says nothing: %v", err)
	}
	p, err := Start(t.Context(), usable(t), self, "hangs")
	if err != nil {
		t.Fatal(err)
	}
	wake, _ := workload.Find(workload.All(), "wake")
	cell, err := Checker{CPUs: usable(t), Workers: 1}.cell(wake, nil)
	if err == nil {
		err = p.Begin(t.Context(), cell)
	}
	if err != nil {
		t.Fatal(err)
	}
	p.say(runLine(time.Millisecond, nil))
	if _, err := p.hear(t.Context(), 200*time.Millisecond); !errors.As(err, &fault) || fault.Point != Deadline {
		t.Errorf("a peer that hangs: %v", err)
	}
	select {
	case <-p.over:
	default:
		t.Error("a peer that hangs is still there")
	}
	if p, err = Start(t.Context(), usable(t), self, "stays"); err != nil {
		t.Fatal(err)
	}
	_ = p.stdin.Close()
	if _, err := p.hear(t.Context(), 50*time.Millisecond); !errors.As(err, &fault) || fault.Point != Deadline {
		t.Errorf("a peer that does not exit: %v", err)
	}
}
