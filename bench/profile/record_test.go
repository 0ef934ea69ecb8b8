package profile_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	recorded "github.com/idlebench/idlebench/record/profile"

	pprof "github.com/google/pprof/profile"

	"github.com/idlebench/idlebench/bench/profile"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/record"
)

var cell = record.Cell{
	Workload: "ping_pong", Impl: "bitmap", Park: "cond", Workers: 2,
	Params: []record.Param{{Name: "gap", Value: "50us"}},
}

// contend has one goroutine wait for a lock that another holds. The wait has
// begun, and is seen, before the lock is released.
func contend(held *sync.Mutex) {
	held.Lock()
	done := make(chan struct{})
	go func() {
		defer close(done)
		held.Lock()
		defer held.Unlock()
	}()
	for !waiting() {
		runtime.Gosched()
	}
	held.Unlock()
	<-done
}

// waiting reports whether a goroutine of contend waits for the lock.
func waiting() bool {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	for g := range strings.SplitSeq(string(stacks), "\n\n") {
		if strings.Contains(g, "[sync.Mutex.Lock") && strings.Contains(g, "profile_test.contend.func1") {
			return true
		}
	}
	return false
}

// burn takes CPU time until the profiler must have seen it several times.
func burn() {
	start, err := cpu.ProcessUsage()
	for now := start; err == nil && now.Sub(start).CPU < 100*time.Millisecond; {
		now, err = cpu.ProcessUsage()
	}
}

// save records run into a file and reads that.
func save(t *testing.T, kind recorded.Kind, run func()) *pprof.Profile {
	t.Helper()
	r, err := profile.Record(kind, func() error { run(); return nil })
	if err != nil {
		t.Fatal(err)
	}
	file := recorded.File(t.TempDir(), cell, kind)
	if err := r.Save(file, cell, 7); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p, err := pprof.ParseData(data)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// count returns the number of events whose stack has the function.
func count(p *pprof.Profile, function string) (n int64) {
	for _, s := range p.Sample {
		if slices.ContainsFunc(s.Location, func(l *pprof.Location) bool {
			return slices.ContainsFunc(l.Line, func(l pprof.Line) bool { return strings.HasSuffix(l.Function.Name, function) })
		}) {
			n += s.Value[0]
		}
	}
	return n
}

func TestMutexAndBlock(t *testing.T) {
	for _, test := range []struct {
		kind               recorded.Kind
		unlockers, waiters int64
	}{
		{recorded.Mutex, 1, 0},
		{recorded.Block, 0, 1},
	} {
		t.Run(string(test.kind), func(t *testing.T) {
			var m sync.Mutex
			for range 2 { // the second has only what is its own
				p := save(t, test.kind, func() { contend(&m) })
				if n := count(p, "sync.(*Mutex).Unlock"); n != test.unlockers {
					t.Errorf("%d unlockers in\n%v", n, p)
				}
				if n := count(p, "sync.(*Mutex).Lock"); n != test.waiters {
					t.Errorf("%d waiters in\n%v", n, p)
				}
			}
			p := save(t, test.kind, func() {})
			if count(p, "profile_test.contend") != 0 {
				t.Errorf("what was before is there too:\n%v", p)
			}
			contend(&m) // is not profiled
			p = save(t, test.kind, func() {})
			if count(p, "profile_test.contend") != 0 {
				t.Errorf("what was between is there:\n%v", p)
			}
		})
	}
}

func TestCPU(t *testing.T) {
	if _, err := cpu.ProcessUsage(); err != nil {
		t.Skip(err)
	}
	p := save(t, recorded.CPU, burn)
	if count(p, "profile_test.burn") == 0 {
		t.Errorf("burn is missing in\n%v", p)
	}
}

// A file says whose it is, with samples and without.
func TestMark(t *testing.T) {
	var m sync.Mutex
	for _, kind := range recorded.Kinds() {
		for _, run := range []func(){func() {}, func() { contend(&m); burn() }} {
			before := time.Now()
			p := save(t, kind, run)
			elapsed := time.Since(before)
			mark, ok, err := recorded.ReadMark(p)
			if err != nil || !ok {
				t.Fatal(ok, err)
			}
			if mark.Cell.Name() != cell.Name() || mark.Kind != kind || mark.Ops != 7 {
				t.Errorf("mark %+v", mark)
			}
			if d := time.Duration(p.DurationNanos); d <= 0 || d > elapsed {
				t.Errorf("%s: duration %v of %v", kind, d, elapsed)
			}
			if at := time.Unix(0, p.TimeNanos); at.Before(before.Round(0)) {
				t.Errorf("%s: taken at %v, before %v", kind, at, before)
			}
			for _, s := range p.Sample {
				for key, value := range map[string]string{
					"workload": "ping_pong", "impl": "bitmap", "park": "cond", "workers": "2", "gap": "50us", "kind": string(kind),
				} {
					if !s.HasLabel(key, value) {
						t.Errorf("%s: label %s is %v", kind, key, s.Label[key])
					}
				}
			}
		}
	}
}

func TestErrors(t *testing.T) {
	own := errors.New("own")
	for _, kind := range recorded.Kinds() {
		if _, err := profile.Record(kind, func() error { return own }); err != own {
			t.Errorf("%s: error %v", kind, err)
		}
	}
	if _, err := profile.Record("heap", func() error { t.Error("it ran"); return nil }); err == nil {
		t.Error("heap is recorded")
	}
	if _, err := profile.Record(recorded.CPU, func() error {
		_, err := profile.Record(recorded.CPU, func() error { return nil })
		return err
	}); err == nil {
		t.Error("CPU time is profiled twice at once")
	}
	r, err := profile.Record(recorded.Mutex, func() error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	if err := os.Mkdir(file, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := r.Save(file, cell, 1); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("saved over a folder: %v", err)
	}
	if left, _ := os.ReadDir(folder); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}
