package variant_test

import (
	"testing"
	"time"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/bitmap"
	"github.com/idlebench/idlebench/impls/channels"
	"github.com/idlebench/idlebench/impls/idletest"
	"github.com/idlebench/idlebench/impls/mutexonly"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/impls/variant"
)

var originals = []impls.Implementation{bitmap.Implementation, mutexonly.Implementation, channels.Implementation}

// A late implementation keeps every invariant that the original keeps.
func TestInvariants(t *testing.T) {
	if err := idletest.Brief(variant.Late(bitmap.Implementation, 5*time.Microsecond), park.Kinds()[0].New); err != nil {
		t.Fatal(err)
	}
}

func TestParse(t *testing.T) {
	for name, original := range map[string]string{
		"bitmap-again":                  "bitmap",
		"mutexonly-again":               "mutexonly",
		"bitmap-late-1300ns":            "bitmap",
		"channels-late-1ns":             "channels",
		"bitmap-late-1.5us":             "bitmap",
		"bitmap-late-100ms":             "bitmap",
		"bitmap":                        "",
		"again":                         "",
		"-again":                        "",
		"nobody-again":                  "",
		"nobody-late-1us":               "",
		"bitmap-late-":                  "",
		"bitmap-late-0s":                "",
		"bitmap-late--1us":              "",
		"bitmap-late-1s":                "",
		"bitmap-late-5":                 "",
		"bitmap-late-1us-late-1us":      "",
		"bitmap-late-1us-again":         "",
		"bitmap-late-9223372036854775s": "",
	} {
		i, ok := variant.Parse(originals, name)
		if ok != (original != "") {
			t.Errorf("%s: got %q, %v", name, i.Name, ok)
			continue
		}
		if ok && i.Name != name {
			t.Errorf("%s: its name is %s", name, i.Name)
		}
		if ok && i.New == nil {
			t.Errorf("%s has no New", name)
		}
	}
}

// What is made by a name is found by it again.
func TestNames(t *testing.T) {
	late := variant.Late(bitmap.Implementation, 1300*time.Nanosecond)
	if late.Name != "bitmap-late-1300ns" {
		t.Errorf("its name is %s", late.Name)
	}
	if original, d, ok := variant.Delay(late.Name); original != "bitmap" || d != 1300 || !ok {
		t.Errorf("%s is %v of %s, %v", late.Name, d, original, ok)
	}
	if _, _, ok := variant.Delay("bitmap-again"); ok {
		t.Error("bitmap-again has a delay")
	}
}

// A spy is an idle manager that counts notifications from outside.
type spy struct {
	impls.Idle
	remote, mult int
}

func (s *spy) NotifyRemote()    { s.remote++ }
func (s *spy) NotifyMult(n int) { s.mult += n }

// The delay comes before the original's notification, which it does not replace.
func TestDelay(t *testing.T) {
	if prim.Simulated {
		t.Skip("no time passes outside of a simulation: package loadgen/simulated tests the delay in one")
	}
	const delay = 2 * time.Millisecond
	s := new(spy)
	i := variant.Late(impls.Implementation{Name: "spy", New: func(impls.Config) impls.Idle { return s }}, delay)
	idle := i.New(impls.Config{})
	if _, ok := idle.(impls.Snapshotter); ok {
		t.Error("it has a Snapshot that the original lacks")
	}
	start := time.Now()
	idle.NotifyRemote()
	idle.NotifyMult(3)
	if took := time.Since(start); took < 2*delay {
		t.Errorf("two notifications took %v, want at least %v", took, 2*delay)
	}
	if s.remote != 1 || s.mult != 3 {
		t.Errorf("the original was told of %d and %d tasks, want 1 and 3", s.remote, s.mult)
	}
}

// A manager with snapshots keeps them.
func TestSnapshot(t *testing.T) {
	idle := variant.Late(bitmap.Implementation, time.Nanosecond).New(idletest.NoWork(1))
	s, ok := idle.(impls.Snapshotter)
	if !ok {
		t.Fatal("the Snapshot is gone")
	}
	var snapshot impls.Snapshot
	snapshot.Resize(1)
	s.Snapshot(&snapshot)
	if !snapshot.IsIdle(0) {
		t.Error("the only core is not available")
	}
}
