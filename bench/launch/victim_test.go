package launch_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/kernel"
	"github.com/idlebench/idlebench/record"
)

// A launch with a victim has the pool's figures, from a child, and the victim's, and says
// where it ran and what else the machine can measure. So it does if it was disturbed.
func TestVictim(t *testing.T) {
	if !cpu.CanPin {
		t.Skip("a victim needs pinned threads")
	}
	t.Setenv(measuring, "yes")
	for _, name := range []string{"Idle/impl=bitmap/park=spin/workers=1/victim=same", "Trickle/impl=goroutine/park=go/workers=1/period=1ms/submitter=poll/victim=same"} {
		l, err := launch.Request{Cell: parse(t, name), Round: 7, Warmup: time.Millisecond, Time: time.Millisecond, Seed: 1}.Measure(t.Context(), catalog.Default())
		if err != nil {
			t.Fatal(err)
		}
		var line bytes.Buffer
		if err := record.EncodeLaunch(&line, l); err != nil {
			t.Error(err)
		}
		if l.Cell.Name() != name || l.Round != 7 {
			t.Errorf("the launch is of %s, round %d", l.Cell.Name(), l.Round)
		}
		value := map[string]float64{}
		for _, m := range l.Metrics {
			value[m.Unit] = m.Value
			if !slices.ContainsFunc(record.Units(), func(u record.Unit) bool { return u.Name == m.Unit }) {
				t.Errorf("unit %s is in no table", m.Unit)
			}
		}
		for _, unit := range []string{"cost-ns/sec", "slowdown/piece", "alone-ns/piece", "beside-ns/piece"} {
			// Without a kept pair a victim may have had no CPU in one of the segments.
			if value[unit] <= 0 && len(l.Invalid) == 0 {
				t.Errorf("%s: %v %s", name, value[unit], unit)
			}
		}
		has := map[string]string{}
		for _, c := range l.Conditions {
			has[c.Key] = c.Value
		}
		for _, key := range []string{"victim-cpu", "victim-pairs", "victim-dropped-pairs", "victim-energy", "victim-counters"} {
			if has[key] == "" {
				t.Errorf("%s: condition %s is missing in %v", name, key, l.Conditions)
			}
		}
		if has["victim-shares"] != "worker" || has["victim-cpu"] != has["worker-cpus"] {
			t.Errorf("%s: on CPU %s, the worker on %s; shares %s", name, has["victim-cpu"], has["worker-cpus"], has["victim-shares"])
		}
		if (has["victim-pairs"] == "0") != (len(l.Invalid) > 0) && has["slices"] != "0" && len(l.Invalid) == 0 {
			t.Errorf("%s pairs, invalid by %v", has["victim-pairs"], l.Invalid)
		}
	}
}

// What a launch with a victim cannot have, and where there is no place for one.
func TestVictimErrors(t *testing.T) {
	if !cpu.CanPin {
		t.Skip("a victim needs pinned threads")
	}
	for _, test := range []struct {
		name    string
		request launch.Request
		want    string
	}{
		{"Idle/impl=bitmap/park=cond/workers=1/victim=same", launch.Request{Gaps: "x"}, "neither a profile nor idle gaps"},
		{"Idle/impl=bitmap/park=cond/workers=1024/victim=other", launch.Request{}, "use fewer workers"},
		{"Idle/impl=bitmap/park=cond/workers=1/victim=here", launch.Request{}, "want one of sibling, other, same"},
	} {
		test.request.Cell = parse(t, test.name)
		if _, err := test.request.Measure(t.Context(), catalog.Default()); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
	if launch.CanSlice(catalog.Default(), parse(t, "Idle/impl=bitmap/park=cond/workers=1/victim=same")) {
		t.Error("a cell with a victim takes turns with others")
	}
}

// A launch has the kernel's settings that its cell names, for which it starts itself again.
func TestKernelSettings(t *testing.T) {
	t.Setenv(measuring, "yes")
	name := sleeping
	if kernel.MissingSlack() == nil {
		name += "/slack=7us"
	}
	if kernel.MissingSlots() == nil {
		name += "/futex_slots=64"
	}
	for _, sliced := range []bool{false, true} {
		r := launch.Request{Cell: parse(t, name), Time: time.Millisecond, Seed: 1}
		var l record.Launch
		var err error
		if sliced {
			var c *launch.Child
			if c, err = r.Begin(t.Context()); err != nil {
				t.Fatal(err)
			}
			if _, err = c.Slice(t.Context(), 0, time.Millisecond); err == nil {
				l, err = c.End(t.Context())
			}
		} else {
			l, err = r.Exec(t.Context())
		}
		if err != nil || l.Cell.Name() != name || l.N < 1 {
			t.Errorf("sliced %v: %d operations of %s, %v", sliced, l.N, l.Cell.Name(), err)
		}
	}
	if err := kernel.MissingSlots(); err != nil {
		_, got := launch.Request{Cell: parse(t, sleeping+"/futex_slots=64"), Time: time.Millisecond}.Exec(t.Context())
		if got == nil || !strings.Contains(got.Error(), err.Error()) {
			t.Errorf("on a kernel without private futex hashes: %v", got)
		}
	}
}
