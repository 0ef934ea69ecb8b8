package explore

import (
	"strings"
	"testing"
)

// A replay says where a schedule does not fit, and has all steps in any case.
func TestDeviation(t *testing.T) {
	program := func() {
		var m Mutex
		n := 0
		Go(func() { m.Lock(); n++; m.Unlock() })
		m.Lock()
		Choose(2)
		m.Unlock()
	}
	for schedule, want := range map[string]string{
		"0x2.c1.0.1x2":   "",
		"0x2.c0.0.1x2":   "",
		"0x2.c1.1.0.1x2": "T1 cannot take step 3",
		"0x2.c2.0.1x2":   "there is no number below 2 for what step 2 is to choose",
		"0x2.0.1x2":      "there is no number below 2 for what step 2 is to choose",
		"0x2.c1.0.1":     "there is no thread for step 5",
		"0x2.c1.c1.0.1":  "there is no thread for step 3",
		"0x2.c1.0.1x4":   "the program ends, and 2 choices are left",
		"":               "there is no thread for step 1",
	} {
		s, err := Replay(schedule)
		if err != nil {
			t.Fatal(err)
		}
		r := Run(program, s, Limits{})
		if r.Deviation != want {
			t.Errorf("%q: got %q, want %q", schedule, r.Deviation, want)
		}
		if len(r.Steps) != 5 || r.Steps[0].Source == "" || r.Failure != nil {
			t.Errorf("%q: %v\n%v", schedule, r, r.Steps)
		}
		if !strings.Contains(r.String(), "1 executions, at most 5 steps, replayed") {
			t.Errorf("%q: got %v", schedule, r)
		}
	}
}

// What a livelock does again and again is printed once; steps that are alike a
// few times have their lines.
func TestRepeatedSteps(t *testing.T) {
	r := Run(func() {
		var a, b Int32
		for range 3 {
			a.Load()
			b.Load()
		}
		for a.Add(1) > 0 {
			b.Store(1)
		}
	}, Bounded(0), Limits{Steps: 1001})
	if r.Failure == nil || r.Failure.Kind != Livelock {
		t.Fatalf("got %v", r)
	}
	var got strings.Builder
	for line := range strings.Lines(r.Failure.Steps.String()) {
		got.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	const want = `step  thread  operation  where
1     T0      load #1
2     T0      load #2
3     T0      load #1
4     T0      load #2
5     T0      load #1
6     T0      load #2
7     T0      add #1
8     T0      store #2
… the same 2 steps 496 times more, to step 1000
1001  T0  add #1

* preempts the thread before.
`
	if got.String() != want {
		t.Errorf("got\n%s\nwant\n%s", &got, want)
	}
}
