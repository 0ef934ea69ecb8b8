package cpu

import (
	"errors"
	"runtime"
	"testing"
)

func TestAllowed(t *testing.T) {
	s, err := Allowed()
	if err != nil {
		t.Fatal(err)
	}
	if len(s) == 0 {
		t.Fatal("no CPU is allowed")
	}
	// Both are of the time when the process began.
	if len(s) != runtime.NumCPU() {
		t.Errorf("%v are %d CPUs, the runtime counts %d", s, len(s), runtime.NumCPU())
	}
}

func TestWithoutPinning(t *testing.T) {
	if CanPin {
		t.Skip("this system can pin threads")
	}
	if err := PinThread(0); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("PinThread: error %v", err)
	}
	if _, err := Migrations(ThreadID()); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("Migrations: error %v", err)
	}
	restore, err := Confine(Set{0})
	if err != nil {
		t.Fatal(err)
	}
	if err := restore(); err != nil {
		t.Error(err)
	}
	if found, err := Strays(Set{0}); len(found) > 0 || err != nil {
		t.Errorf("Strays: %v, %v", found, err)
	}
	if ThreadID() != 0 || CurrentCPU() != -1 {
		t.Errorf("thread %d on CPU %d", ThreadID(), CurrentCPU())
	}
}
