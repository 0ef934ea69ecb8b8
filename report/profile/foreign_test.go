package profile

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"runtime"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// What each producer's types of samples are in events and time.
func TestTypes(t *testing.T) {
	period := func(m *made, period int64, typ, unit string) *made {
		m.Period, m.PeriodType = period, newMade(typ + "/" + unit).SampleType[0]
		return m
	}
	for _, test := range []struct {
		name   string
		made   *made
		values []int64
		kind   Kind
		events int64
		time   time.Duration
		note   string // part of one
	}{
		{"Go", madeCPU(), []int64{3, 30e6}, CPU, 3, 30 * time.Millisecond, ""},
		{"no samples", newMade("cpu/nanoseconds"), []int64{30e6}, CPU, 0, 30 * time.Millisecond, "number of samples is not recorded"},
		{"no samples, with a period", period(newMade("cpu/nanoseconds"), 10e6, "cpu", "nanoseconds"), []int64{30e6}, CPU, 3, 30 * time.Millisecond, ""},
		{"microseconds", newMade("samples/count", "cpu/microseconds"), []int64{3, 30e3}, CPU, 3, 30 * time.Millisecond, ""},
		{"milliseconds", newMade("sample/count", "cpu/ms"), []int64{3, 30}, CPU, 3, 30 * time.Millisecond, ""},
		{"Node.js", newMade("sample/count", "wall/microseconds"), []int64{3, 30e3}, Wall, 3, 30 * time.Millisecond, ""},
		{"dd-trace", newMade("cpu-samples/count", "cpu-time/nanoseconds", "wall-time/nanoseconds"), []int64{3, 30e6, 90e6}, CPU, 3, 30 * time.Millisecond, `"wall-time", which are not used`},
		{"a period alone", period(newMade("samples/count"), 10e6, "cpu", "nanoseconds"), []int64{3}, CPU, 3, 30 * time.Millisecond, "times the period of 10ms"},
		{"perf", newMade("cpu-clock:u_sample/count", "cpu-clock:u_event/count"), []int64{3, 30e6}, CPU, 3, 30 * time.Millisecond, ""},
		{"contention in microseconds", newMade("contentions/count", "delay/microseconds"), []int64{3, 30e3}, Mutex, 3, 30 * time.Millisecond, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.made.DurationNanos = 0
			p := test.made.add("sync.(*Mutex).Unlock main.f", test.values...).parse(t, "x")
			if p.Kind != test.kind || p.Events != test.events || p.Time != test.time {
				t.Errorf("%s of %d events, %v; want %s of %d, %v", p.Kind, p.Events, p.Time, test.kind, test.events, test.time)
			}
			notes := strings.Join(p.Notes(), "\n")
			if !strings.Contains(notes, test.note) || !strings.Contains(notes, "Its duration is not recorded") {
				t.Errorf("notes %q, want %q", notes, test.note)
			}
		})
	}
	if _, err := Parse("x", newMade("cycles:u_sample/count", "cycles:u_event/count").bytes(t)); err == nil || !strings.Contains(err.Error(), "perf record -e cpu-clock") {
		t.Errorf("perf's cycles: %v", err)
	}
	if _, err := Parse("x", newMade("cpu/seconds").add("f", 1<<62).bytes(t)); err == nil {
		t.Error("2**62 seconds are a time")
	}
}

// gperftools makes a CPU profile in its binary format: a header with a period of 10 ms, two
// samples at 0x1010, called from 0x2010, one called from elsewhere, and the end.
func gperftools(t testing.TB) []byte {
	var b bytes.Buffer
	words := []uint64{0, 3, 0, 10_000, 0, 2, 2, 0x1010, 0x2010, 1, 2, 0x1010, 0x3010, 0, 1, 0}
	if err := binary.Write(&b, binary.LittleEndian, words); err != nil {
		t.Fatal(err)
	}
	b.WriteString("00001000-00009000 r-xp 00000000 08:01 1 /bin/program\n")
	return b.Bytes()
}

// contentionText is what a server of gperftools writes: two waits of 3 ms together at 0x1010.
func contentionText(testing.TB) []byte {
	return []byte("--- contentionz 1 ---\ncycles/second = 1000000000\nsampling period = 1\nms since reset = 2000\ndiscarded samples = 0\n" +
		"3000000 2 @ 0x00001010 0x00002010\n")
}

func TestGperftools(t *testing.T) {
	p, err := Parse("prog.prof", gperftools(t))
	if err != nil {
		t.Fatal(err)
	}
	if p.Kind != CPU || p.Events != 3 || p.Time != 30*time.Millisecond || p.Duration != 0 {
		t.Errorf("%s of %d events, %v in %v", p.Kind, p.Events, p.Time, p.Duration)
	}
	if notes := strings.Join(p.Notes(), " "); !strings.Contains(notes, "google-pprof --raw PROGRAM prog.prof > FILE") {
		t.Errorf("notes %q", notes)
	}

	raw := "--- symbol\nbinary=/bin/program\n0x0000000000001010 work<0000000000001000>\n0x0000000000002010 inner--outer\n---\n--- profile\n" + string(gperftools(t))
	if p, err = Parse("x", []byte(raw)); err != nil {
		t.Fatal(err)
	}
	if got, want := functions(p), []string{"work", "inner", "outer"}; !slices.Equal(got, want) || len(p.notes) > 0 {
		t.Errorf("functions %q, notes %q", got, p.notes)
	}
	// As pprof --raw writes it, with a period of 1 µs.
	lost := bytes.Replace(gperftools(t), binary.LittleEndian.AppendUint64(nil, 10_000), binary.LittleEndian.AppendUint64(nil, 1), 1)
	if p, err = Parse("x", append([]byte("--- symbol\nbinary=/bin/program\n0x1010 work\n0x2010 main\n0x3010 main\n---\n--- profile\n"), lost...)); err != nil {
		t.Fatal(err)
	}
	if p.Time != 30*time.Millisecond || !slices.Equal(p.notes, []string{noteLostPeriod}) {
		t.Errorf("%v, notes %q", p.Time, p.notes)
	}

	// It does not say whose stacks it has.
	if _, err := Parse("x", contentionText(t)); err == nil || !strings.Contains(err.Error(), `put "mutex" or "block" in its name`) {
		t.Errorf("contention: %v", err)
	}
	if p, err = Parse("mutex.txt", contentionText(t)); err != nil {
		t.Fatal(err)
	}
	if p.Kind != Mutex || p.Events != 2 || p.Time != 3*time.Millisecond || p.Duration != 2*time.Second {
		t.Errorf("%s of %d events, %v in %v", p.Kind, p.Events, p.Time, p.Duration)
	}
}

// functions are those of the first stack.
func functions(p *Profile) (names []string) {
	for _, f := range p.stacks[0].frames {
		names = append(names, f.Function)
	}
	return names
}

// waitForLock waits for a lock that another goroutine holds.
func waitForLock() {
	var mu sync.Mutex
	mu.Lock()
	go func() {
		time.Sleep(10 * time.Millisecond)
		mu.Unlock()
	}()
	mu.Lock()
}

// The text that Go writes has the same kind and functions as its binary form.
func TestGoText(t *testing.T) {
	defer runtime.SetMutexProfileFraction(runtime.SetMutexProfileFraction(1))
	runtime.SetBlockProfileRate(1)
	defer runtime.SetBlockProfileRate(0)
	waitForLock()
	for name, want := range map[string]struct {
		kind Kind
		leaf string
	}{"mutex": {Mutex, "sync.(*Mutex).Unlock"}, "block": {Block, "sync.(*Mutex).Lock"}} {
		var b bytes.Buffer
		if err := pprof.Lookup(name).WriteTo(&b, 1); err != nil {
			t.Fatal(err)
		}
		if !Is(b.Bytes()) {
			t.Errorf("%s is not recognised", name)
		}
		p, err := Parse("x", b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		found := slices.ContainsFunc(p.stacks, func(s stack) bool {
			return slices.ContainsFunc(s.frames, func(f *Frame) bool { return strings.Contains(f.Function, "waitForLock") && f.Line > 0 }) &&
				slices.ContainsFunc(s.frames, func(f *Frame) bool { return f.Function == want.leaf })
		})
		if p.Kind != want.kind || !found || p.Events == 0 || p.Time == 0 {
			t.Errorf("%s: %s of %d events, with the stack: %v\n%s", name, p.Kind, p.Events, found, b.String())
		}
	}
}

const (
	v8Profile = `{"nodes": [
		{"id": 1, "callFrame": {"functionName": "(root)", "url": "", "lineNumber": -1}, "children": [2, 4]},
		{"id": 2, "callFrame": {"functionName": "main", "url": "file:///a/app.js", "lineNumber": 9}, "children": [3]},
		{"id": 3, "callFrame": {"functionName": "", "url": "file:///a/app.js", "lineNumber": 19}},
		{"id": 4, "callFrame": {"functionName": "(idle)", "url": "", "lineNumber": -1}}],
		"startTime": 1000000, "endTime": 3000000, "samples": [3, 4, 3, 2], "timeDeltas": [100, 1000, 5000, 2000]}`

	speedscopeSampled = `{"$schema": "https://www.speedscope.app/file-format-schema.json",
		"shared": {"frames": [{"name": "main", "file": "a.py", "line": 3}, {"name": "work", "file": "a.py", "line": 7}]},
		"profiles": [{"type": "sampled", "name": "t", "unit": "seconds", "startValue": 0, "endValue": 2, "samples": [[0, 1], [0]], "weights": [0.5, 1.5]}]}`

	speedscopeEvents = `{"$schema": "https://www.speedscope.app/file-format-schema.json",
		"shared": {"frames": [{"name": "main"}, {"name": "work"}]},
		"profiles": [{"type": "evented", "name": "t", "unit": "milliseconds", "startValue": 0, "endValue": 2000, "events": [
			{"type": "O", "at": 0, "frame": 0}, {"type": "O", "at": 1500, "frame": 1}, {"type": "C", "at": 2000, "frame": 1}, {"type": "C", "at": 2000, "frame": 0}]}]}`
)

func TestJSONProfiles(t *testing.T) {
	for name, test := range map[string]struct {
		text   string
		kind   Kind
		events int64
		time   time.Duration
		stacks []string // with their times
	}{
		// A sample takes until the next: the second sample of 3, 2 ms; the first, 1 ms.
		"V8":                   {v8Profile, CPU, 3, 3 * time.Millisecond, []string{"main 0s", "(anonymous)<main 3ms"}},
		"speedscope":           {speedscopeSampled, Wall, 2, 2 * time.Second, []string{"work<main 500ms", "main 1.5s"}},
		"speedscope of events": {speedscopeEvents, Wall, 0, 2 * time.Second, []string{"main 1.5s", "work<main 500ms"}},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := Parse("x.json", []byte(test.text))
			if err != nil {
				t.Fatal(err)
			}
			if p.Kind != test.kind || p.Events != test.events || p.Time != test.time || p.Duration != 2*time.Second {
				t.Errorf("%s of %d events, %v in %v", p.Kind, p.Events, p.Time, p.Duration)
			}
			var got []string
			for _, s := range p.stacks {
				var names []string
				for _, f := range s.frames {
					names = append(names, f.Function)
				}
				got = append(got, fmt.Sprintf("%s %v", strings.Join(names, "<"), time.Duration(s.time)))
			}
			if !slices.Equal(got, test.stacks) {
				t.Errorf("stacks %q, want %q", got, test.stacks)
			}
			if !Is([]byte(test.text)) {
				t.Error("it is not recognised")
			}
			if _, err := Parse("x.json", []byte(test.text)[:len(test.text)/2]); err == nil {
				t.Error("a half is read")
			}
		})
	}
}

// What cannot be read is named, with what makes it readable.
func TestUnreadable(t *testing.T) {
	for name, test := range map[string]struct{ data, want string }{
		"JFR":            {"FLR\x00\x00\x02", "jfrconv --cpu"},
		"perf":           {"PERFILE2\x68\x00", "perf_to_profile"},
		".NET":           {"Nettrace\x14\x00\x00\x00!FastSerialization.1", "dotnet-trace convert --format Speedscope"},
		"cProfile":       {"{\xa9\x03\xda\x01~\xe9\x00", "py-spy record"},
		"cProfile, 3.11": {"\xfb\x29\x03\xfa\x01~", "py-spy record"},
		"cProfile, 2":    {"{(\x03\x00\x00\x00\xda\x01~", "py-spy record"},
		"Chrome":         {`{"traceEvents":[]}`, "node --cpu-prof"},
		"folded":         {"main;run;wait 12\nmain;run 3\n", "folded stacks"},
		"goroutines":     {"goroutine 1 [running]:\nmain.main()\n", "give a CPU, mutex or block profile"},
	} {
		if _, err := Parse("x", []byte(test.data)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
		if !Is([]byte(test.data)) {
			t.Errorf("%s is not recognised", name)
		}
	}
	for _, text := range []string{"", "{}", "BenchmarkA 1 5 ns/op\n", "goos: linux\nBenchmarkA;b 1 5 ns/op\n", "a b 12\n", "{\"a\": 1}"} {
		if Is([]byte(text)) {
			t.Errorf("%q is taken for a profile", text)
		}
	}
}

// Profiles of unknown duration are compared by their shares.
func TestDifferenceOfShares(t *testing.T) {
	old, new := madeCPU().add("main.f main.g", 1, 30).add("main.g", 1, 10), madeCPU().add("main.f main.g", 1, 1).add("main.g", 1, 3)
	old.DurationNanos, new.DurationNanos = 0, 0
	d, err := Difference(old.parse(t, "old"), new.parse(t, "new"), Whole, Reduced)
	if err != nil {
		t.Fatal(err)
	}
	f := d.Children[0].Children[0]
	if d.Old != 1 || d.New != 1 || f.Name != "main.f" || f.Old != 0.75 || f.New != 0.25 {
		t.Errorf("%+v, %+v", d, f)
	}
	if _, err := Difference(madeCPU().parse(t, "old"), new.parse(t, "new"), Whole, Reduced); err == nil {
		t.Error("a profile without samples has shares")
	}
}
