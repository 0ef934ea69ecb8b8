package environ

import (
	"bytes"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/perf/benchfmt"
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
		"virtual machine, x86, of nobody known",
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
		"nonsense",
		map[string]string{
			"proc/cpuinfo":                      "model name : \x00A\xffB\tC\n",
			"proc/self/status":                  "Cpus_allowed_list:\t3-1\n",
			"proc/self/cgroup":                  "0:/\n::\n0::../../..\n",
			"proc/meminfo":                      "MemTotal: lots\n",
			"proc/loadavg":                      "0.1\n",
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

func TestZeroSystem(t *testing.T) {
	for _, f := range Read(System{}) {
		if f.Value != Unknown {
			t.Errorf("%v, want %s", f, Unknown)
		}
	}
}

func TestGiven(t *testing.T) {
	s := System{
		GOOS: "plan9", GOARCH: "mips", Go: "go1.26", Commit: "abc+dirty",
		Now: time.Date(2026, 11, 23, 10, 7, 9, 5, time.FixedZone("", 2*3600)),
	}
	got := map[string]Fact{}
	for _, f := range Read(s) {
		got[f.Key] = f
	}
	for _, want := range []Fact{
		{"goos", "plan9", Machine}, {"goarch", "mips", Machine}, {"go", "go1.26", Build},
		{"commit", "abc+dirty", Build}, {"date", "2026-11-23T08:07:09Z", Moment},
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
	}{
		{nil, ""},
		{set("vcs.revision", "abc", "vcs.modified", "false"), "abc"},
		{set("vcs.modified", "true", "vcs.revision", "abc"), "abc+dirty"},
		{set("vcs.modified", "true"), ""},
	} {
		if got := commit(tt.settings); got != tt.want {
			t.Errorf("commit(%v) = %q, want %q", tt.settings, got, tt.want)
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
