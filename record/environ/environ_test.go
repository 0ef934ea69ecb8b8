package environ

import (
	"bytes"
	"maps"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/perf/benchfmt"

	"github.com/idlebench/idlebench/loadgen/cpu"
)

// tree makes a file system of names and contents.
func tree(files map[string]string) fstest.MapFS {
	fs := fstest.MapFS{}
	for name, content := range files {
		fs[name] = &fstest.MapFile{Data: []byte(content)}
	}
	return fs
}

// machines are some that the suite will meet, with what it must say of them.
var machines = []struct {
	name  string
	files map[string]string
	want  map[string]string // facts that are not unknown
}{
	{"nothing", nil, nil},
	{
		"virtual machine, x86, cgroups of both versions",
		map[string]string{
			"proc/cpuinfo":                             "processor\t: 0\nmodel name\t: AMD EPYC\nflags\t\t: fpu tsc hypervisor lm\n\nprocessor\t: 1\nmodel name\t: AMD EPYC\n",
			"proc/self/status":                         "Name:\tx\nCpus_allowed:\t3\nCpus_allowed_list:\t0-1\n",
			"proc/self/cgroup":                         "9:name=systemd:/\n4:memory:/a\n2:cpuacct:/\n1:cpu:/\n0::/\n",
			"proc/meminfo":                             "MemTotal:       24684096 kB\nMemFree: 1 kB\n",
			"proc/loadavg":                             "0.00 0.01 0.02 2/85 7784\n",
			"proc/sys/kernel/osrelease":                "6.12.44\n",
			"sys/fs/cgroup/cpu/cpu.cfs_quota_us":       "-1\n",
			"sys/fs/cgroup/cpu/cpu.cfs_period_us":      "100000\n",
			"sys/fs/cgroup/unified/cgroup.controllers": "",
			"sys/devices/system/cpu/smt/active":        "0\n",
			"sys/devices/system/clocksource/clocksource0/available_clocksource": "tsc kvm-clock \n",
			"sys/devices/system/clocksource/clocksource0/current_clocksource":   "tsc\n",
			"sys/kernel/mm/transparent_hugepage/enabled":                        "always [madvise] never\n",
		},
		map[string]string{
			"cpu": "AMD EPYC", "cpus": "2", "smt": "off", "virtualised": "yes (kvm)", "kernel": "6.12.44",
			"clocksource": "tsc", "thp": "madvise", "memory": "23.5 GiB", "cpu-limit": "none", "load": "0.00 0.01 0.02",
		},
	},
	{
		"laptop, Intel, one governor, no turbo",
		map[string]string{
			"proc/cpuinfo":                                                    "model name : Intel(R) Core(TM)  i7-1165G7 @ 2.80GHz\nflags : fpu vme tsc\n",
			"proc/self/status":                                                "Cpus_allowed_list:\t0-3,6\n",
			"proc/self/cgroup":                                                "0::/user.slice/user-1000.slice/app.scope\n",
			"sys/fs/cgroup/cgroup.controllers":                                "cpuset cpu io memory pids",
			"sys/fs/cgroup/user.slice/cpu.max":                                "max 100000\n",
			"sys/fs/cgroup/user.slice/user-1000.slice/cpu.max":                "max 100000\n",
			"sys/devices/system/cpu/smt/active":                               "1\n",
			"sys/devices/system/cpu/intel_pstate/no_turbo":                    "1\n",
			"sys/devices/system/cpu/cpu0/cpufreq/scaling_governor":            "powersave\n",
			"sys/devices/system/cpu/cpu10/cpufreq/scaling_governor":           "powersave\n",
			"sys/class/dmi/id/sys_vendor":                                     "LENOVO\n",
			"sys/devices/system/clocksource/clocksource0/current_clocksource": "hpet\n",
			"sys/kernel/mm/transparent_hugepage/enabled":                      "[always] madvise never\n",
		},
		map[string]string{
			"cpu": "Intel(R) Core(TM) i7-1165G7 @ 2.80GHz", "cpus": "5", "smt": "on", "virtualised": "no",
			"governor": "powersave", "boost": "off", "clocksource": "hpet", "thp": "always", "cpu-limit": "none",
		},
	},
	{
		"whole machine rented, x86, mixed governors, boost of acpi-cpufreq",
		map[string]string{
			"proc/cpuinfo":                                         "model name : X\nflags : fpu\n",
			"sys/class/dmi/id/product_name":                        "KVM-less metal",
			"sys/class/dmi/id/sys_vendor":                          "QEMU Hosting Ltd",
			"sys/devices/system/cpu/cpufreq/boost":                 "1\n",
			"sys/devices/system/cpu/cpu0/cpufreq/scaling_governor": "performance\n",
			"sys/devices/system/cpu/cpu1/cpufreq/scaling_governor": "schedutil\n",
		},
		map[string]string{"cpu": "X", "virtualised": "no", "governor": "mixed", "boost": "on"},
	},
	{
		"server, arm64, siblings alone, cgroup version 2 with a tighter parent",
		map[string]string{
			"proc/cpuinfo":                     "processor : 0\nFeatures : fp asimd\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\n",
			"proc/self/status":                 "Cpus_allowed_list:\t0-63\n",
			"proc/self/cgroup":                 "0::/kube/pod\n",
			"sys/fs/cgroup/cgroup.controllers": "cpu",
			"sys/fs/cgroup/kube/cpu.max":       "150000 100000\n",
			"sys/fs/cgroup/kube/pod/cpu.max":   "800000 100000\n",
			"sys/devices/system/cpu/cpu0/topology/thread_siblings_list":       "0\n",
			"sys/devices/system/clocksource/clocksource0/current_clocksource": "arch_sys_counter\n",
		},
		map[string]string{
			"cpu": "implementer 0x41 part 0xd0c", "cpus": "64", "smt": "off", "clocksource": "arch_sys_counter", "cpu-limit": "1.5",
		},
	},
	{
		"virtual machine, arm64",
		map[string]string{
			"proc/cpuinfo":                "CPU implementer : 0x61\n",
			"sys/class/dmi/id/sys_vendor": "QEMU\n",
		},
		map[string]string{"virtualised": "yes (qemu)"},
	},
	{
		"virtual machine, arm64, by its device tree",
		map[string]string{"proc/device-tree/hypervisor/compatible": "linux,kvm\x00"},
		map[string]string{"virtualised": "yes (kvm)"},
	},
	{
		"virtual machine, x86, unknown vendor",
		map[string]string{"proc/cpuinfo": "flags : fpu hypervisor\n"},
		map[string]string{"virtualised": "yes"},
	},
	{
		"Xen guest, old kernel with siblings",
		map[string]string{
			"proc/cpuinfo":        "flags : fpu hypervisor\n",
			"sys/hypervisor/type": "xen\n",
			"sys/devices/system/cpu/cpu0/topology/thread_siblings_list": "0,4\n",
		},
		map[string]string{"virtualised": "yes (xen)", "smt": "on"},
	},
	{
		"container, cgroup version 1, the host's path",
		map[string]string{
			"proc/self/cgroup":                            "5:cpu,cpuacct:/docker/0123\n3:cpuset:/docker/0123\n",
			"sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us":  "50000\n",
			"sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
		},
		map[string]string{"cpu-limit": "0.5"},
	},
	{
		"container, cgroup version 2, a path out of its namespace",
		map[string]string{
			"proc/self/cgroup":      "0::/../../other\n",
			"sys/fs/cgroup/cpu.max": "200000 100000\n",
		},
		map[string]string{"cpu-limit": "2"},
	},
	{
		"idle states, frequency, interrupts, tuned but for CPU 1",
		map[string]string{
			"proc/self/status":                                                  "Cpus_allowed_list:\t0-1,4\n",
			"proc/self/timerslack_ns":                                           "50000\n",
			"proc/cmdline":                                                      "quiet idle=polled\n",
			"proc/irq/default_smp_affinity":                                     "ff\n",
			"proc/irq/7/smp_affinity_list":                                      "7\n",
			"proc/irq/8/smp_affinity_list":                                      "7\n",
			"proc/irq/9/smp_affinity_list":                                      "0-7\n",
			"proc/irq/10/smp_affinity_list":                                     "0-7\n",
			"proc/irq/11/smp_affinity_list":                                     "0-7\n",
			"sys/kernel/irq/8/actions":                                          "eth0\n",
			"sys/kernel/irq/10/actions":                                         "\n",
			"sys/kernel/irq/11/actions":                                         "\n",
			"proc/1/comm":                                                       "systemd\n",
			"proc/sys/kernel/nmi_watchdog":                                      "0\n",
			"proc/sys/kernel/numa_balancing":                                    "2\n",
			"sys/devices/system/cpu/online":                                     "0-7\n",
			"sys/devices/system/cpu/isolated":                                   "\n",
			"sys/devices/system/cpu/nohz_full":                                  "(null)\n",
			"sys/devices/system/cpu/cpuidle/current_driver":                     "intel_idle\n",
			"sys/devices/system/cpu/cpuidle/current_governor_ro":                "menu\n",
			"sys/devices/system/cpu/cpu0/cpuidle/state0/name":                   "POLL\n",
			"sys/devices/system/cpu/cpu0/cpuidle/state0/latency":                "0\n",
			"sys/devices/system/cpu/cpu0/cpuidle/state1/name":                   "C6\n",
			"sys/devices/system/cpu/cpu0/cpuidle/state1/latency":                "1330\n",
			"sys/devices/system/cpu/cpu0/cpuidle/state1/disable":                "1\n",
			"sys/devices/system/cpu/cpu0/cpufreq/scaling_driver":                "amd-pstate-epp\n",
			"sys/devices/system/cpu/cpu0/cpufreq/energy_performance_preference": "performance\n",
			"sys/devices/system/cpu/cpu1/cpufreq/energy_performance_preference": "power\n",
			"sys/devices/system/cpu/cpu0/topology/core_id":                      "0\n",
			"sys/devices/system/cpu/cpu1/topology/core_id":                      "1\n",
			"sys/devices/system/cpu/cpu4/topology/core_id":                      "0\n",
			"sys/devices/system/cpu/cpu0/topology/thread_siblings_list":         "0,4\n",
			"sys/devices/system/cpu/cpu4/topology/thread_siblings_list":         "0,4\n",
		},
		map[string]string{
			"cpus": "3", "cores": "2", "smt": "on", "freq-driver": "amd-pstate-epp", "epp": "mixed",
			"idle-driver": "intel_idle", "idle-governor": "menu", "idle-states": "POLL 0s, C6 1.33ms off; other CPUs differ", "halt-poll": "none",
			"timer-slack": "50us", "isolated": "none", "nohz-full": "none", "irqs": "7", "nmi-watchdog": "off", "numa-balancing": "on",
		},
	},
	{
		"virtual machine that polls, isolates and balances",
		map[string]string{
			"proc/self/status":                                  "Cpus_allowed_list:\t0-1\n",
			"proc/irq/9/smp_affinity_list":                      "0\n",
			"proc/314/comm":                                     "irqbalance\n",
			"sys/devices/system/cpu/online":                     "0-1\n",
			"sys/devices/system/cpu/isolated":                   "1\n",
			"sys/devices/system/cpu/cpuidle/current_driver":     "haltpoll\n",
			"sys/devices/system/cpu/cpuidle/current_governor":   "haltpoll\n",
			"sys/devices/system/cpu/cpu0/cpuidle/state0/name":   "POLL\n",
			"sys/devices/system/cpu/cpu1/cpuidle/state0/name":   "POLL\n",
			"sys/module/haltpoll/parameters/guest_halt_poll_ns": "200000\n",
		},
		map[string]string{
			"cpus": "2", "isolated": "1", "nohz-full": "none", "irqs": "balanced",
			"idle-driver": "haltpoll", "idle-governor": "haltpoll", "idle-states": "POLL 0s", "halt-poll": "200us",
		},
	},
	{
		"no idle driver",
		map[string]string{
			"proc/self/status": "Cpus_allowed_list:\t0\n",
			"sys/devices/system/cpu/cpuidle/current_driver": "none\n",
		},
		map[string]string{"cpus": "1", "idle-driver": "none", "idle-states": "none"},
	},
	{
		"CPUs that poll",
		map[string]string{"proc/cmdline": "ro idle=poll quiet\n"},
		map[string]string{"idle-states": "none, CPUs poll (idle=poll)"},
	},
	{
		"nonsense",
		map[string]string{
			"proc/cpuinfo":                      "model name : \x00A\xffB\tC\n",
			"proc/self/status":                  "Cpus_allowed_list:\t3-1\n",
			"proc/self/cgroup":                  "0:/\n::\n0::../../..\n",
			"proc/meminfo":                      "MemTotal: lots\n",
			"proc/loadavg":                      "0.1\n",
			"proc/self/timerslack_ns":           "-1\n",
			"proc/irq/1/smp_affinity_list":      "-\n",
			"proc/irq/x/smp_affinity_list":      "1\n",
			"sys/fs/cgroup/cpu.max":             "NaN 0\n",
			"sys/devices/system/cpu/smt/active": "2\n",
			"sys/devices/system/cpu/cpu0/topology/thread_siblings_list": "x\n",
			"sys/kernel/mm/transparent_hugepage/enabled":                "]always[\n",
		},
		map[string]string{"cpu": "A B C"},
	},
}

func TestMachines(t *testing.T) {
	for _, m := range machines {
		t.Run(m.name, func(t *testing.T) {
			got := map[string]string{}
			for _, f := range Read(System{FS: tree(m.files)}) {
				if f.Value != Unknown {
					got[f.Key] = f.Value
				}
			}
			want := m.want
			if want == nil {
				want = map[string]string{}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The same machine at two moments has the same facts, except those that belong to the
// moment; and the benchstat flag in the package documentation ignores just these and
// those of the build.
func TestMoments(t *testing.T) {
	at := func(files map[string]string) []Fact {
		all := map[string]string{
			"proc/self/status":              "Cpus_allowed_list:\t0-1\n",
			"proc/self/cgroup":              "0::/\n",
			"sys/fs/cgroup/cpu.max":         "200000 100000\n",
			"proc/7/comm":                   "irqbalance\n",
			"sys/devices/system/cpu/online": "0-1\n",
		}
		maps.Copy(all, files)
		return Read(System{FS: tree(all)})
	}
	one := at(map[string]string{
		"proc/loadavg":                 "0.00 0.00 0.00 1/1 1\n",
		"proc/stat":                    "cpu0 0 0 0 0 0 0 0 0 0 0\n",
		"sys/fs/cgroup/cpu.stat":       "nr_throttled 0\n",
		"proc/irq/9/smp_affinity_list": "0\n",
	})
	other := at(map[string]string{
		"proc/loadavg":                 "9.00 9.00 9.00 1/1 1\n",
		"proc/stat":                    "cpu0 9 9 9 9 9 9 9 9 9 9\n",
		"sys/fs/cgroup/cpu.stat":       "nr_throttled 9\n",
		"proc/irq/9/smp_affinity_list": "1\n",
	})
	var ignored []string
	for i, f := range one {
		if f.Scope != Machine {
			ignored = append(ignored, f.Key)
		} else if f != other[i] {
			t.Errorf("%v a moment later is %v", f, other[i])
		}
	}
	if got, want := strings.Join(ignored, ","), "commit,commit-date,go,boot,steal-since-boot,load,date"; got != want {
		t.Errorf("of no machine are %s, but the documentation ignores %s", got, want)
	}
}

// Two machines that are otherwise alike are distinguished, by something that does not
// help to find them otherwise.
func TestMachine(t *testing.T) {
	const id = "3a5c1d7e9b0f4f6d8e2a1c3b5d7f9e0a"
	value := func(s System) string {
		for _, f := range Read(s) {
			if f.Key == "machine" {
				if f.Scope != Machine {
					t.Error("the machine is not a fact of the machine")
				}
				return f.Value
			}
		}
		t.Fatal("no such fact")
		return ""
	}
	with := func(id, name string) System {
		return System{FS: tree(map[string]string{"etc/machine-id": id}), Hostname: name}
	}
	one := value(with(id+"\n", "a"))
	if len(one) != 16 || strings.Contains(one, id[:8]) {
		t.Errorf("%q", one)
	}
	if got := value(with(id, "b")); got != one {
		t.Errorf("the same with another name: %q, was %q", got, one)
	}
	if got := value(with("4"+id[1:], "a")); got == one {
		t.Error("another machine is the same")
	}
	named := value(System{Hostname: "a"})
	if !strings.HasSuffix(named, " (of its name)") || named == value(System{Hostname: "b"}) {
		t.Errorf("by its name: %q", named)
	}
	for _, none := range []string{"", "uninitialized\n"} {
		if got := value(with(none, "a")); got != named {
			t.Errorf("machine-id %q: %q, want %q", none, got, named)
		}
	}
	if got := value(System{}); got != Unknown {
		t.Errorf("nothing is known: %q", got)
	}
}

func TestStolen(t *testing.T) {
	s := System{FS: tree(map[string]string{
		"proc/self/status": "Cpus_allowed_list:\t0\n",
		"proc/stat":        "cpu0 10 0 0 80 0 0 0 10 0 0\ncpu1 0 0 0 0 0 0 0 900 0 0\n",
	})}
	if got := stolen(s); got != "10.00 %" {
		t.Errorf("got %q", got)
	}
	if got := stolen(System{}); got != "" {
		t.Errorf("nothing is known: %q", got)
	}
}

func TestCounters(t *testing.T) {
	before := System{FS: tree(map[string]string{
		"proc/stat": "cpu  1 1 1 1 1 1 1 1 1 1\ncpu0 100 10 20 1000 50 5 6 7 99 99\ncpu1 1 1 1 1 1 1 1 1 0 0\n" +
			"cpu2 0 0 0 0 0 0 0 0\ncpu3 1 2 3\ncpux 1 1 1 1 1 1 1 1 0 0\nintr 1\n",
		"proc/self/cgroup":                     "1:cpu,cpuacct:/a\n0::/b\n",
		"sys/fs/cgroup/cpu,cpuacct/a/cpu.stat": "nr_throttled 2\nthrottled_time 3000000\n",
		"sys/fs/cgroup/cpu,cpuacct/cpu.stat":   "nr_periods 9\nnr_throttled 1\nthrottled_time 1000000\n",
		"sys/fs/cgroup/cpu/a/cpu.stat":         "nr_throttled 2\nthrottled_time 3000000\n", // the same
		"sys/fs/cgroup/unified/b/cpu.stat":     "usage_usec 5\nnr_throttled 10\nthrottled_usec 1000\nnr_throttled -1\nthrottled_usec x\n",
	})}.Counters()
	want := Counters{
		CPUs: map[int]Ticks{
			0: {Busy: 141, Steal: 7, Total: 1198},
			1: {Busy: 5, Steal: 1, Total: 8},
			2: {},
		},
		Throttled:    13,
		ThrottledFor: 5 * time.Millisecond,
	}
	if diff := cmp.Diff(want, before); diff != "" {
		t.Error(diff)
	}

	after := Counters{
		CPUs: map[int]Ticks{
			0: {Busy: 150, Steal: 9, Total: 1298},
			1: {Busy: 4, Steal: 1, Total: 9}, // one step back
			7: {Busy: 1, Steal: 1, Total: 1}, // was offline
		},
		Throttled:    14,
		ThrottledFor: 6 * time.Millisecond,
	}
	since := after.Since(before)
	want = Counters{
		CPUs:         map[int]Ticks{0: {Busy: 9, Steal: 2, Total: 100}, 1: {Total: 1}},
		Throttled:    1,
		ThrottledFor: time.Millisecond,
	}
	if diff := cmp.Diff(want, since); diff != "" {
		t.Error(diff)
	}
	if got, want := since.Of(cpu.SetOf(0, 1, 5)), (Ticks{Busy: 9, Steal: 2, Total: 101}); got != want {
		t.Errorf("of CPUs 0, 1 and 5: %+v, want %+v", got, want)
	}
	if got := (Counters{}).Since(before); !cmp.Equal(got, Counters{}) {
		t.Errorf("nothing since something: %+v", got)
	}
}

func TestCpuset(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"nothing", nil, ""},
		{"version 2", map[string]string{
			"proc/self/cgroup":                      "0::/a/b\n",
			"sys/fs/cgroup/cpuset.cpus.effective":   "0-7\n",
			"sys/fs/cgroup/a/cpuset.cpus.effective": "0-3\n",
			"sys/fs/cgroup/a/b/cpuset.cpus":         "\n",
		}, "0-3"},
		{"version 1", map[string]string{
			"proc/self/cgroup":                             "3:cpuset:/a\n",
			"sys/fs/cgroup/cpuset/a/cpuset.cpus":           "0-5\n",
			"sys/fs/cgroup/cpuset/a/cpuset.effective_cpus": "4-5\n",
		}, "4-5"},
	} {
		if got := (System{FS: tree(tt.files)}).Cpuset().String(); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestZeroSystem(t *testing.T) {
	for _, f := range Read(System{}) {
		if f.Value != Unknown {
			t.Errorf("%v, want %s", f, Unknown)
		}
	}
}

func TestGiven(t *testing.T) {
	s := System{
		GOOS: "plan9", GOARCH: "mips", Go: "go1.26", Commit: "abc+dirty", Committed: "2026-11-22T01:02:03Z",
		Now: time.Date(2026, 11, 23, 10, 7, 9, 5, time.FixedZone("", 2*3600)),
	}
	got := map[string]Fact{}
	for _, f := range Read(s) {
		got[f.Key] = f
	}
	for _, want := range []Fact{
		{"goos", "plan9", Machine}, {"goarch", "mips", Machine}, {"go", "go1.26", Build},
		{"commit", "abc+dirty", Build}, {"commit-date", "2026-11-22T01:02:03Z", Build}, {"date", "2026-11-23T08:07:09Z", Moment},
	} {
		if got[want.Key] != want {
			t.Errorf("%+v, want %+v", got[want.Key], want)
		}
	}
}

func TestCommit(t *testing.T) {
	set := func(kv ...string) (s []debug.BuildSetting) {
		for i := 0; i < len(kv); i += 2 {
			s = append(s, debug.BuildSetting{Key: kv[i], Value: kv[i+1]})
		}
		return s
	}
	for _, tt := range []struct {
		settings []debug.BuildSetting
		want     string
		time     string
	}{
		{nil, "", ""},
		{set("vcs.revision", "abc", "vcs.modified", "false", "vcs.time", "then"), "abc", "then"},
		{set("vcs.modified", "true", "vcs.revision", "abc"), "abc+dirty", ""},
		{set("vcs.modified", "true", "vcs.time", "then"), "", ""},
	} {
		if got, time := commit(tt.settings); got != tt.want || time != tt.time {
			t.Errorf("commit(%v) = %q, %q, want %q, %q", tt.settings, got, time, tt.want, tt.time)
		}
	}
}

// The machine at hand: every fact is a configuration line that comes back.
func TestHost(t *testing.T) {
	facts := Read(Host())
	var b bytes.Buffer
	for _, f := range facts {
		t.Log(f)
		b.WriteString(f.String() + "\n")
	}
	b.WriteString("BenchmarkX 1 1 ns/op\n")
	r := benchfmt.NewReader(&b, "host")
	if !r.Scan() {
		t.Fatal(r.Err())
	}
	res, ok := r.Result().(*benchfmt.Result)
	if !ok {
		t.Fatal(r.Result())
	}
	seen := map[string]bool{}
	for _, f := range facts {
		if got := res.GetConfig(f.Key); got != f.Value {
			t.Errorf("%s is read back as %q, want %q", f.Key, got, f.Value)
		}
		if seen[f.Key] {
			t.Errorf("%s is there twice", f.Key)
		}
		seen[f.Key] = true
		if f.Key != strings.ToLower(f.Key) {
			t.Errorf("%s is not in lower case", f.Key)
		}
		known := runtime.GOOS == "linux" && (f.Key == "cpus" || f.Key == "kernel" || f.Key == "memory")
		if f.Value == Unknown && (known || f.Key == "goos" || f.Key == "go" || f.Key == "date") {
			t.Errorf("%s is unknown", f.Key)
		}
	}
	if len(res.Config) != len(facts) {
		t.Errorf("%d lines are read back, want %d", len(res.Config), len(facts))
	}
}

func TestSame(t *testing.T) {
	for _, c := range []struct {
		key, a, b string
		want      bool
	}{
		{"cpu", "A", "A", true},
		{"cpu", "A", "B", false},
		{"memory", "7.7 GiB", "7.8 GiB", true},
		{"memory", "7.7 GiB", "15.6 GiB", false},
		{"memory", "251.3 GiB", "251.8 GiB", true},
		{"memory", "7.7 GiB", "7.9 GiB", false},
		{"memory", "7.7 GiB", "unknown", false},
		{"memory", "unknown", "unknown", true},
	} {
		if got := Same(c.key, c.a, c.b); got != c.want || Same(c.key, c.b, c.a) != got {
			t.Errorf("%s %q and %q: %t", c.key, c.a, c.b, got)
		}
	}
}
