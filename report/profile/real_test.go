package profile_test

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync"
	"testing"
	"time"

	recording "github.com/idlebench/idlebench/bench/profile"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/record"
	recorded "github.com/idlebench/idlebench/record/profile"
	"github.com/idlebench/idlebench/report/profile"
)

var cell = record.Cell{Workload: "wake", Impl: "bitmap", Park: "cond", Workers: 1}

// holdLock holds a lock until another goroutine waits for it.
func holdLock() {
	var m sync.Mutex
	m.Lock()
	done := make(chan struct{})
	go func() { waitForLock(&m); close(done) }()
	await("[sync.Mutex.Lock", "waitForLock")
	m.Unlock()
	<-done
}

func waitForLock(m *sync.Mutex) {
	m.Lock()
	defer m.Unlock()
}

// parkWorker lets a parker wait for its token.
func parkWorker() {
	p := park.NewCond()
	done := make(chan struct{})
	go func() { p.Park(); close(done) }()
	await("[sync.Cond.Wait", "(*Cond).Park")
	p.Unpark()
	<-done
}

// await waits until a goroutine is in the state and the function.
func await(state, function string) {
	stacks := make([]byte, 1<<20)
	for {
		for g := range strings.SplitSeq(string(stacks[:runtime.Stack(stacks, true)]), "\n\n") {
			if strings.Contains(g, state) && strings.Contains(g, function) {
				return
			}
		}
		runtime.Gosched()
	}
}

// The suite's own profiles, as this version of Go makes them.
func TestRecorded(t *testing.T) {
	for _, test := range []struct {
		kind              profile.Kind
		blames            string
		wait              profile.Wait
		function, through string
	}{
		{profile.Mutex, "unlockers", profile.Lock, "profile_test.holdLock", "sync.(*Mutex).Unlock"},
		{profile.Block, "waiters", profile.Lock, "profile_test.waitForLock", "sync.(*Mutex).Lock"},
		{profile.Block, "waiters", profile.Idle, "park.(*Cond).Park", "sync.(*Cond).Wait"},
	} {
		t.Run(string(test.kind)+" "+string(test.wait), func(t *testing.T) {
			r, err := recording.Record(test.kind, func() error { holdLock(); parkWorker(); return nil })
			if err != nil {
				t.Fatal(err)
			}
			folder := t.TempDir()
			if err := r.Save(recorded.File(folder, cell, test.kind), cell, 1); err != nil {
				t.Fatal(err)
			}
			files, err := record.OpenFiles(folder)
			if err != nil {
				t.Fatal(err)
			}
			all, problems := profile.ReadFolder(folder, files)
			if len(all) != 1 || problems != nil {
				t.Fatal(all, problems)
			}
			p := all[0]
			if p.Kind != test.kind || p.Cell.Name() != cell.Name() || p.Ops != 1 || p.Duration <= 0 || p.Duration > time.Minute {
				t.Errorf("read %+v", p)
			}
			c, err := p.Contention()
			if err != nil {
				t.Fatal(err)
			}
			if c.Blames != test.blames {
				t.Errorf("blames %s", c.Blames)
			}
			for _, s := range c.Sites {
				if s.Wait == test.wait && s.Name == test.function && s.Through == test.through {
					if s.Contentions != 1 || s.Waited <= 0 || s.Waited > p.Duration || s.Line == 0 || !strings.HasSuffix(s.File, ".go") {
						t.Errorf("site %+v", s)
					}
					return
				}
			}
			t.Errorf("the site is missing in %+v", c.Sites)
		})
	}
}

// Profiles as go test and net/http/pprof write them.
func TestForeign(t *testing.T) {
	runtime.SetMutexProfileFraction(1)
	runtime.SetBlockProfileRate(1)
	holdLock()
	runtime.SetMutexProfileFraction(0)
	runtime.SetBlockProfileRate(0)
	for _, kind := range []profile.Kind{profile.Mutex, profile.Block} {
		file := filepath.Join(t.TempDir(), "x.out")
		f, err := os.Create(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := pprof.Lookup(string(kind)).WriteTo(f, 0); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		p, err := profile.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		if p.Kind != kind || p.Cell != nil || p.Duration != 0 || p.Events == 0 {
			t.Errorf("%s: %+v", kind, p)
		}
	}
	var heap bytes.Buffer
	if err := pprof.WriteHeapProfile(&heap); err != nil {
		t.Fatal(err)
	}
	if _, err := profile.Parse("heap.out", heap.Bytes()); err == nil || !strings.Contains(err.Error(), "inuse_space") {
		t.Errorf("heap: %v", err)
	}
	var cpu bytes.Buffer
	if err := pprof.StartCPUProfile(&cpu); err != nil {
		t.Fatal(err)
	}
	pprof.StopCPUProfile()
	if p, err := profile.Parse("x.out", cpu.Bytes()); err != nil || p.Kind != profile.CPU {
		t.Errorf("CPU: %v, %v", p, err)
	}
}
