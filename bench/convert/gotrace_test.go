package convert

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/exp/trace"

	"github.com/idlebench/idlebench/loadgen/recording"
)

// text is a recording as a file.
func text(t testing.TB, r *recording.Recording) string {
	t.Helper()
	var b bytes.Buffer
	if err := r.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A trace of a known program, made once, gives the same recording as ever, and nothing of
// the program's names is in it.
func TestExampleTrace(t *testing.T) {
	if *retrace {
		traced(t, exampleTrace, example)
	}
	data, err := os.ReadFile(exampleTrace)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(data, []byte("convert.example.func1")) {
		t.Fatal("the trace lacks the name that must not be in the recording")
	}
	r, err := GoTrace("x", bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	got := text(t, r)
	if strings.Contains(got, "example") || strings.Contains(got, "func") || strings.Contains(got, "/") {
		t.Error("there are names in it")
	}
	golden(t, "example.load", got)
}

// A trace made just now by this version of Go is read.
func TestTraceOfThisGo(t *testing.T) {
	file := filepath.Join(t.TempDir(), "trace")
	traced(t, file, example)
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := GoTrace("x", f)
	if err != nil {
		t.Fatal(err)
	}
	// The goroutines that the example starts, and the wakes of five sleeps.
	if n := len(r.Tasks); n < 20 || r.Duration < 10*time.Millisecond {
		t.Errorf("%d tasks in %v", n, r.Duration)
	}
}

// An event is a change of a goroutine's state, at a time, by another goroutine or itself.
type event struct {
	at       trace.Time
	by, id   trace.GoID
	from, to trace.GoState
}

// Every way in which a goroutine becomes runnable, runs and stops.
func TestCollector(t *testing.T) {
	const (
		absent, unknown = trace.GoNotExist, trace.GoUndetermined
		runnable        = trace.GoRunnable
		running         = trace.GoRunning
		waiting         = trace.GoWaiting
		call            = trace.GoSyscall
		outside         = trace.NoGoroutine
	)
	for _, test := range []struct {
		name   string
		events []event
		want   []task
	}{
		{"was running before the trace", []event{
			{100, 1, 1, unknown, running}, {150, 1, 2, absent, runnable}, {200, 1, 1, running, waiting}, {210, outside, 2, runnable, running}, {250, 2, 2, running, absent},
		}, []task{{at: 150, service: 40, parent: none}}},
		{"starts another", []event{
			{100, outside, 1, absent, runnable}, {120, outside, 1, runnable, running}, {150, 1, 2, absent, runnable},
			{160, 1, 1, running, absent}, {170, outside, 2, runnable, running}, {200, 2, 2, running, absent},
		}, []task{{at: 100, service: 40, parent: none}, {at: 150, service: 30, parent: 0, after: 30}}},
		{"wakes another", []event{
			{90, 2, 2, unknown, waiting}, {100, outside, 1, absent, runnable}, {120, outside, 1, runnable, running}, {125, 1, 2, waiting, runnable},
			{130, 1, 1, running, waiting}, {170, outside, 2, runnable, running}, {200, 2, 2, running, waiting},
		}, []task{{at: 100, service: 10, parent: none}, {at: 125, service: 30, parent: 0, after: 5}}},
		{"a timer wakes", []event{
			{90, 2, 2, unknown, waiting}, {100, outside, 2, waiting, runnable}, {170, outside, 2, runnable, running}, {200, 2, 2, running, waiting},
		}, []task{{at: 100, service: 30, parent: none}}},
		{"is preempted, and goes on", []event{
			{100, outside, 1, absent, runnable}, {110, outside, 1, runnable, running}, {150, 1, 1, running, runnable}, {180, outside, 1, runnable, running}, {190, 1, 1, running, absent},
		}, []task{{at: 100, service: 40, parent: none}, {at: 150, service: 10, parent: none}}},
		{"a short system call", []event{
			{100, outside, 1, absent, runnable}, {110, outside, 1, runnable, running}, {120, 1, 1, running, call}, {125, 1, 1, call, running}, {150, 1, 1, running, absent},
		}, []task{{at: 100, service: 40, parent: none}}},
		{"a system call that blocks", []event{
			{100, outside, 1, absent, runnable}, {110, outside, 1, runnable, running}, {120, 1, 1, running, call}, {500, 1, 1, call, runnable}, {520, outside, 1, runnable, running}, {550, 1, 1, running, absent},
		}, []task{{at: 100, service: 10, parent: none}, {at: 500, service: 30, parent: none}}},
		{"the trace ends", []event{
			{100, outside, 1, absent, runnable}, {110, outside, 1, runnable, running}, {120, 1, 2, absent, runnable}, {130, 1, 3, absent, waiting},
		}, []task{{at: 100, service: 20, parent: none}}},
		{"states are said again", []event{
			{100, outside, 1, absent, runnable}, {110, outside, 1, runnable, running}, {120, outside, 1, running, running}, {150, 1, 1, running, absent},
		}, []task{{at: 100, service: 40, parent: none}}},
	} {
		c := collector{goroutines: make(map[trace.GoID]*goroutine)}
		for _, e := range test.events {
			made, err := trace.MakeEvent(trace.EventConfig[trace.StateTransition]{
				Kind: trace.EventStateTransition, Time: e.at, Goroutine: e.by, Proc: 0, Thread: 0,
				Details: trace.MakeGoStateTransition(e.id, e.from, e.to),
			})
			if err != nil {
				t.Fatalf("%s: %v: %v", test.name, e, err)
			}
			if err := c.event(made); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(test.want, c.finish(), cmp.AllowUnexported(task{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// Whatever is cut or changed in a trace is an error, or another recording, and no panic.
func TestDamagedTraces(t *testing.T) {
	data, err := os.ReadFile(exampleTrace)
	if err != nil {
		t.Fatal(err)
	}
	failed := 0
	for n := 0; n < len(data); n += 97 {
		if _, err := GoTrace("x.trace", bytes.NewReader(data[:n])); err != nil {
			failed++
			if !strings.HasPrefix(err.Error(), "x.trace:") {
				t.Errorf("cut at %d: %v", n, err)
			}
		}
		changed := bytes.Clone(data)
		changed[n] ^= 0x55
		if _, err := GoTrace("x.trace", bytes.NewReader(changed)); err != nil && !strings.HasPrefix(err.Error(), "x.trace:") {
			t.Errorf("changed at %d: %v", n, err)
		}
	}
	if failed == 0 {
		t.Error("none that was cut is an error")
	}
	for _, c := range []struct{ text, want string }{
		{"", "empty"},
		{"arrival_ns,service_ns\n", "not an execution trace"},
		{"go 1.19 trace\x00\x00\x00", "Go 1.22 or later"},
		{"go 1.99 trace\x00\x00\x00", "version"},
		{"go 1.26 trace\x00\x00\x00", "trace"},
	} {
		if _, err := GoTrace("x", strings.NewReader(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v", c.text, err)
		}
	}
}

func FuzzGoTrace(f *testing.F) {
	data, err := os.ReadFile(exampleTrace)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add(data[:16])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := GoTrace("x", bytes.NewReader(data))
		if (r == nil) == (err == nil) {
			t.Errorf("%v, %v", r, err)
		}
	})
}
