package doctor_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/idlebench/idlebench/bench/doctor"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/kernel"
	"github.com/idlebench/idlebench/record/environ"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// visit returns a made-up machine: the files of an archive; those below after/ are read
// after watching.
func visit(t *testing.T, name string) (v doctor.Visit, files fstest.MapFS) {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join("testdata", name+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	before, after := fstest.MapFS{}, fstest.MapFS{}
	for _, f := range archive.Files {
		later, isLater := strings.CutPrefix(f.Name, "after/")
		after[later] = &fstest.MapFile{Data: f.Data}
		if !isLater {
			before[f.Name] = after[later]
		}
	}
	v.System = environ.System{FS: after}
	if name == "darwin" {
		v.System.GOOS = "darwin"
		v.Use = cpu.SetOf(0, 1, 2, 3) // which is then known from the Go runtime
	}
	v.Before = environ.System{FS: before}.Counters()
	v.After = v.System.Counters()
	return v, after
}

func TestMachines(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no machines", err)
	}
	for _, a := range archives {
		name := strings.TrimSuffix(filepath.Base(a), ".txtar")
		t.Run(name, func(t *testing.T) {
			v, _ := visit(t, name)
			var got bytes.Buffer
			if err := doctor.Print(&got, doctor.Examine(v), 100, false); err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", name+".golden")
			if *update {
				if err := os.WriteFile(golden, got.Bytes(), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatalf("%v; go test -update writes it", err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// find returns the finding on a topic.
func find(t *testing.T, findings []doctor.Finding, topic string) doctor.Finding {
	t.Helper()
	for _, f := range findings {
		if f.Topic == topic {
			return f
		}
	}
	t.Fatalf("no finding on %s", topic)
	return doctor.Finding{}
}

// Where each state begins.
func TestLimits(t *testing.T) {
	// ticks returns a thousand ticks of a CPU, some of them busy or stolen.
	ticks := func(busy, steal int) string {
		return fmt.Sprintf("cpu0 %d 0 0 %d 0 0 0 %d 0 0\ncpu1 0 0 0 0 0 0 0 0 0 0\n", busy, 1000-busy-steal, steal)
	}
	const zero = "cpu0 0 0 0 0 0 0 0 0 0 0\ncpu1 0 0 0 0 0 0 0 0 0 0\n"
	for _, tt := range []struct {
		topic string
		file  string
		value string
		want  doctor.State
	}{
		{"load", "proc/stat", ticks(20, 0), doctor.Good},
		{"load", "proc/stat", ticks(21, 0), doctor.Warn},
		{"load", "proc/stat", ticks(100, 0), doctor.Warn},
		{"load", "proc/stat", ticks(101, 0), doctor.Fail},
		{"load", "proc/stat", zero, doctor.Unknown},
		{"load", "proc/stat", "cpu0 x\n", doctor.Unknown},
		{"steal", "proc/stat", ticks(0, 10), doctor.Good},
		{"steal", "proc/stat", ticks(0, 11), doctor.Warn},
		{"steal", "proc/stat", ticks(0, 50), doctor.Warn},
		{"steal", "proc/stat", ticks(0, 51), doctor.Fail},
		{"steal", "proc/stat", zero, doctor.Unknown},
		{"affinity", "proc/self/status", "Cpus_allowed_list: 0-1\n", doctor.Good},
		{"affinity", "proc/self/status", "Cpus_allowed_list: 3\n", doctor.Fail},
		{"affinity", "proc/self/status", "Cpus_allowed_list: x\n", doctor.Unknown},
		{"cpu limit", "sys/fs/cgroup/cpu.max", "max 100000", doctor.Good},
		{"cpu limit", "sys/fs/cgroup/cpu.max", "400000 100000", doctor.Good},
		{"cpu limit", "sys/fs/cgroup/cpu.max", "390000 100000", doctor.Fail},
		{"idle states", "sys/devices/system/cpu/cpu2/cpuidle/state3/latency", "5", doctor.Good},
		{"idle states", "sys/devices/system/cpu/cpu2/cpuidle/state3/latency", "6", doctor.Warn},
		{"idle states", "sys/devices/system/cpu/cpu2/cpuidle/state1/latency", "600", doctor.Good}, // the only one that sleeps
		{"idle states", "proc/cmdline", "quiet idle=poll", doctor.Good},
		{"timer slack", "proc/self/timerslack_ns", "50001", doctor.Warn},
		{"scheduler", "sys/kernel/debug/sched/preempt", "none (voluntary) full lazy", doctor.Good},
		{"scheduler", "sys/kernel/debug/sched/preempt", "none voluntary full (lazy)", doctor.Warn},
		{"scheduler", "proc/version", "Linux version 6.18.1 #1 SMP PREEMPT", doctor.Good},
		{"scheduler", "sys/kernel/debug/sched/features", "DELAY_DEQUEUE", doctor.Unknown}, // and preemption is not known
		{"meters", "sys/class/powercap/intel-rapl:0/name", "package-0", doctor.Unknown},
		{"clock", "sys/devices/system/clocksource/clocksource0/current_clocksource", "acpi_pm", doctor.Fail},
		{"clock", "sys/devices/system/clocksource/clocksource0/current_clocksource", "sundial", doctor.Unknown},
		{"interrupts", "proc/9/comm", "irqbalance", doctor.Warn},
		{"interrupts", "proc/irq/24/smp_affinity_list", "0-3", doctor.Warn},
		{"isolation", "sys/devices/system/cpu/isolated", "1-2", doctor.Warn},
		{"kernel jobs", "proc/sys/kernel/nmi_watchdog", "1", doctor.Warn},
		{"huge pages", "sys/kernel/mm/transparent_hugepage/enabled", "[always] madvise never", doctor.Warn},
		{"boost", "sys/devices/system/cpu/intel_pstate/no_turbo", "0", doctor.Warn},
		{"governor", "sys/devices/system/cpu/cpu1/cpufreq/scaling_governor", "powersave", doctor.Warn},
		{"smt", "sys/devices/system/cpu/cpu1/topology/core_cpus_list", "1,9", doctor.Warn},
		{"placement", "proc/self/status", "Cpus_allowed_list: 0-3\n", doctor.Good},
		{"placement", "proc/self/status", "Cpus_allowed_list: 0-1\n", doctor.Warn},
		{"placement", "proc/self/status", "Cpus_allowed_list: 0\n", doctor.Warn},
		{"placement", "proc/self/status", "Cpus_allowed_list: x\n", doctor.Unknown},
		{"hypervisor", "proc/cpuinfo", "flags: tsc hypervisor\n", doctor.Warn},
	} {
		v, files := visit(t, "tuned")
		files[tt.file] = &fstest.MapFile{Data: []byte(tt.value)}
		if tt.file == "proc/stat" {
			v.Before = environ.System{FS: fstest.MapFS{"proc/stat": {Data: []byte(zero)}}}.Counters()
			v.After = v.System.Counters()
		}
		if tt.topic == "idle states" {
			files["sys/devices/system/cpu/cpu2/cpuidle/state3/disable"] = &fstest.MapFile{Data: []byte("0")}
			if !strings.Contains(tt.file, "state3") {
				files["sys/devices/system/cpu/cpu2/cpuidle/state3/disable"].Data = []byte("1")
			}
		}
		if f := find(t, doctor.Examine(v), tt.topic); f.State != tt.want {
			t.Errorf("%s with %s = %q: %s (%s), want %s", tt.topic, tt.file, tt.value, f.State, f.Found, tt.want)
		}
	}
}

// What is said of the futex hash, on kernels with and without private ones.
func TestFutexHash(t *testing.T) {
	for _, tt := range []struct {
		release string
		cpus    string
		slots   kernel.Slots
		err     error
		want    doctor.State
		found   string
	}{
		{"6.18.1", "0-3", 16, nil, doctor.Good, "about 16 buckets for 2 workers"},
		{"6.18.1", "0-127", 16, nil, doctor.Good, "about 512 buckets for 126 workers"},
		{"6.18.1", "0-3", kernel.Global, nil, doctor.Good, "one table for all processes"},
		{"6.1.0", "0-3", 0, errors.New("no"), doctor.Good, "came with Linux 6.16"},
		{"6.18.1", "0-3", 0, errors.New("not allowed"), doctor.Unknown, "not allowed"},
	} {
		v, files := visit(t, "tuned")
		files["proc/sys/kernel/osrelease"] = &fstest.MapFile{Data: []byte(tt.release)}
		files["sys/devices/system/cpu/online"] = &fstest.MapFile{Data: []byte(tt.cpus)}
		files["proc/self/status"] = &fstest.MapFile{Data: []byte("Cpus_allowed_list: " + tt.cpus + "\n")}
		v.FutexSlots = func() (kernel.Slots, error) { return tt.slots, tt.err }
		f := find(t, doctor.Examine(v), "futex hash")
		if f.State != tt.want || !strings.Contains(f.Found, tt.found) {
			t.Errorf("%+v: %s: %s", tt, f.State, f.Found)
		}
	}
}

// A scheduler whose delayed dequeue was switched off, on a kernel that has it.
func TestDelayedDequeue(t *testing.T) {
	for release, want := range map[string]doctor.State{"6.18.1": doctor.Warn, "6.6.0": doctor.Good} {
		v, files := visit(t, "tuned")
		files["proc/sys/kernel/osrelease"] = &fstest.MapFile{Data: []byte(release)}
		files["sys/kernel/debug/sched/preempt"] = &fstest.MapFile{Data: []byte("(none) voluntary full lazy")}
		files["sys/kernel/debug/sched/features"] = &fstest.MapFile{Data: []byte("PLACE_LAG NO_DELAY_DEQUEUE")}
		if f := find(t, doctor.Examine(v), "scheduler"); f.State != want {
			t.Errorf("%s: %s: %s", release, f.State, f.Found)
		}
	}
}

// A machine with energy counters and a processor's events.
func TestMeters(t *testing.T) {
	v, files := visit(t, "tuned")
	for name, text := range map[string]string{
		"sys/class/powercap/intel-rapl:0/name": "package-0", "sys/class/powercap/intel-rapl:0/energy_uj": "7",
		"sys/class/powercap/intel-rapl:0/max_energy_range_uj": "999", "sys/bus/event_source/devices/cpu/type": "4",
	} {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	if f := find(t, doctor.Examine(v), "meters"); f.State != doctor.Good || f.Found != "energy of 1 package, hardware counters" {
		t.Errorf("%s: %s", f.State, f.Found)
	}
}

// Where the threads of the default run would run, and which warnings that gets.
func TestPlacement(t *testing.T) {
	list := func(pairs ...string) (files map[string]string) {
		files = make(map[string]string)
		for i := 0; i < len(pairs); i += 2 {
			files["sys/devices/"+pairs[i]] = pairs[i+1]
		}
		return files
	}
	for _, tt := range []struct {
		name   string
		files  map[string]string
		want   doctor.State
		found  string
		remedy string
	}{
		{"equal cores", nil, doctor.Good, "2 workers on CPUs 0-1, load generator on 3, Go runtime on 2", ""},
		{"the generator on a worker's sibling", list("system/cpu/cpu0/topology/core_cpus_list", "0,2", "system/cpu/cpu2/topology/core_cpus_list", "0,2",
			"system/cpu/cpu1/topology/core_cpus_list", "1,3", "system/cpu/cpu3/topology/core_cpus_list", "1,3"),
			doctor.Warn, "the load generator shares a worker's core, the Go runtime shares workers' cores", "use fewer workers"},
		{"fast and slow cores", list("cpu_core/cpus", "0", "cpu_atom/cpus", "1-3"), doctor.Warn, "on fast and slow cores", "bench run -cpus 0"},
		{"nodes", list("system/node/node0/cpulist", "0-1", "system/node/node1/cpulist", "2-3"), doctor.Warn, "on 2 NUMA nodes", "bench run -cpus 0-1"},
		{"caches", list("system/cpu/cpu0/cache/index3/shared_cpu_list", "0-2", "system/cpu/cpu1/cache/index3/shared_cpu_list", "0-2",
			"system/cpu/cpu2/cache/index3/shared_cpu_list", "0-2", "system/cpu/cpu3/cache/index3/shared_cpu_list", "3"), doctor.Good, "load generator on 2, Go runtime on 3", ""},
	} {
		v, files := visit(t, "tuned")
		for name, text := range tt.files {
			files[name] = &fstest.MapFile{Data: []byte(text)}
		}
		f := find(t, doctor.Examine(v), "placement")
		if f.State != tt.want || !strings.Contains(f.Found, tt.found) || !strings.Contains(f.Remedy, tt.remedy) {
			t.Errorf("%s: %s: %s → %s", tt.name, f.State, f.Found, f.Remedy)
		}
	}
}

// Whatever is to be minded has something to do about it, on two CPUs too; and so
// has what cannot be seen of how CPUs sleep and run.
func TestRemedies(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no machines", err)
	}
	for _, a := range archives {
		name := strings.TrimSuffix(filepath.Base(a), ".txtar")
		for _, use := range []cpu.Set{nil, cpu.SetOf(0, 1)} {
			v, files := visit(t, name)
			if use != nil {
				v.Use = use
			}
			for _, isolated := range []string{"", "1", "2-3"} {
				if name != "darwin" {
					files["sys/devices/system/cpu/isolated"] = &fstest.MapFile{Data: []byte(isolated)}
				}
				for _, f := range doctor.Examine(v) {
					power := f.Topic == "idle states" || f.Topic == "governor" || f.Topic == "boost"
					if f.Remedy == "" && (f.State == doctor.Warn || f.State == doctor.Fail || f.State == doctor.Unknown && power) {
						t.Errorf("%s, CPUs %v, isolated %q: %s is %s, and there is nothing to do: %s", name, use, isolated, f.Topic, f.State, f.Found)
					}
				}
			}
		}
	}
}

// What is judged is the CPUs to use.
func TestUse(t *testing.T) {
	v, _ := visit(t, "laptop")
	if f := find(t, doctor.Examine(v), "smt"); !strings.Contains(f.Remedy, "bench run -cpus 0-3 uses") {
		t.Errorf("one CPU of each core is not offered: %q", f.Remedy)
	}
	v.Use = cpu.SetOf(1)
	if f := find(t, doctor.Examine(v), "affinity"); f.State != doctor.Fail || f.Found != "1 CPU to use: 1, of 0-7 that the process may use" {
		t.Errorf("%s: %s", f.State, f.Found)
	}
}

// Borderline input still gets an answer.
func TestNonsense(t *testing.T) {
	v, files := visit(t, "laptop")
	for name := range files {
		files[name] = &fstest.MapFile{Data: []byte("\x00-1,[\xff")}
	}
	v.Before, v.After = v.System.Counters(), v.System.Counters()
	for _, f := range doctor.Examine(v) {
		if f.Found == "" || f.Why == "" {
			t.Errorf("%+v", f)
		}
		if f.State == doctor.Fail {
			t.Errorf("%s fails: %s", f.Topic, f.Found)
		}
	}
	for _, f := range doctor.Examine(doctor.Visit{}) {
		if f.State != doctor.Unknown {
			t.Errorf("on an unknown machine %s is %s: %s", f.Topic, f.State, f.Found)
		}
	}
}

func TestColour(t *testing.T) {
	findings := []doctor.Finding{{Topic: "x", State: doctor.Fail, Found: "f", Why: "w"}}
	var plain, coloured bytes.Buffer
	if err := doctor.Print(&plain, findings, 100, false); err != nil {
		t.Fatal(err)
	}
	if err := doctor.Print(&coloured, findings, 100, true); err != nil {
		t.Fatal(err)
	}
	got := strings.NewReplacer("\x1b[1;31m", "", "\x1b[0m", "").Replace(coloured.String())
	if got != plain.String() || strings.Contains(plain.String(), "\x1b") || !strings.Contains(coloured.String(), "\x1b[1;31mfail") {
		t.Errorf("plain:\n%q\ncoloured:\n%q", plain.String(), coloured.String())
	}
}
