// Package scripts_test runs tune and untune on made-up machines.
package scripts_test

import (
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/idlebench/idlebench/bench/doctor"
	"github.com/idlebench/idlebench/record/environ"
)

const state = "run/idlebench-tune"

// systemctl keeps what is active in a file next to the folder of programs.
const systemctl = `#!/bin/sh
active=${0%/*}/../../irqbalance
case $1 in
is-active) [ -e "$active" ] ;;
stop) rm "$active" "${0%/*}/../../proc/77/comm" ;;
start) echo > "$active"; echo irqbalance > "${0%/*}/../../proc/77/comm" ;;
esac
`

// files of a machine on which tune has everything to do, except on CPU 1, which was
// tuned by hand.
var files = map[string]string{
	"proc/1/comm":                                "init",
	"proc/77/comm":                               "irqbalance",
	"irqbalance":                                 "",
	"proc/self/status":                           "Cpus_allowed_list:\t0-2",
	"proc/sys/kernel/nmi_watchdog":               "1",
	"proc/sys/kernel/numa_balancing":             "1",
	"proc/irq/9/smp_affinity_list":               "0-2",
	"proc/irq/10/smp_affinity_list":              "2",
	"proc/irq/11/smp_affinity_list":              "0-2",
	"sys/kernel/irq/9/actions":                   "disk",
	"sys/kernel/irq/11/actions":                  "",
	"sys/kernel/mm/transparent_hugepage/enabled": "[always] madvise never",

	"sys/devices/system/cpu/online":                                        "0-2",
	"sys/devices/system/cpu/cpufreq/boost":                                 "1",
	"sys/devices/system/cpu/intel_pstate/no_turbo":                         "0",
	"sys/devices/system/cpu/cpufreq/policy0/scaling_governor":              "powersave",
	"sys/devices/system/cpu/cpufreq/policy0/scaling_available_governors":   "performance powersave",
	"sys/devices/system/cpu/cpufreq/policy0/energy_performance_preference": "balance_performance",
	"sys/devices/system/cpu/cpufreq/policy0/boost":                         "1",
	"sys/devices/system/cpu/cpufreq/policy1/scaling_governor":              "performance",
	"sys/devices/system/cpu/cpufreq/policy1/scaling_available_governors":   "performance powersave",
	"sys/devices/system/cpu/cpufreq/policy1/energy_performance_preference": "performance",
	"sys/devices/system/cpu/cpufreq/policy1/boost":                         "0",
	"sys/devices/system/cpu/cpufreq/policy2/scaling_governor":              "userspace",
	"sys/devices/system/cpu/cpufreq/policy2/scaling_available_governors":   "userspace",

	"sys/devices/system/cpu/cpu0/cpuidle/state0/name":    "POLL",
	"sys/devices/system/cpu/cpu0/cpuidle/state0/latency": "0",
	"sys/devices/system/cpu/cpu0/cpuidle/state0/disable": "0",
	"sys/devices/system/cpu/cpu0/cpuidle/state1/name":    "C1E", // the shallowest that sleeps
	"sys/devices/system/cpu/cpu0/cpuidle/state1/latency": "10",
	"sys/devices/system/cpu/cpu0/cpuidle/state1/disable": "0",
	"sys/devices/system/cpu/cpu0/cpuidle/state2/name":    "C6",
	"sys/devices/system/cpu/cpu0/cpuidle/state2/latency": "133",
	"sys/devices/system/cpu/cpu0/cpuidle/state2/disable": "0",
	"sys/devices/system/cpu/cpu1/cpuidle/state0/name":    "WFI",
	"sys/devices/system/cpu/cpu1/cpuidle/state0/latency": "1",
	"sys/devices/system/cpu/cpu1/cpuidle/state0/disable": "0",
	"sys/devices/system/cpu/cpu1/cpuidle/state1/name":    "quick",
	"sys/devices/system/cpu/cpu1/cpuidle/state1/latency": "5",
	"sys/devices/system/cpu/cpu1/cpuidle/state1/disable": "0",
	"sys/devices/system/cpu/cpu1/cpuidle/state2/name":    "deep",
	"sys/devices/system/cpu/cpu1/cpuidle/state2/latency": "6",
	"sys/devices/system/cpu/cpu1/cpuidle/state2/disable": "1",
}

// tuned is what tune makes of them.
var tuned = map[string]string{
	"proc/sys/kernel/nmi_watchdog":               "0",
	"proc/sys/kernel/numa_balancing":             "0",
	"proc/irq/9/smp_affinity_list":               "2",
	"sys/kernel/mm/transparent_hugepage/enabled": "always [madvise] never",

	"sys/devices/system/cpu/cpufreq/boost":                                 "0",
	"sys/devices/system/cpu/intel_pstate/no_turbo":                         "1",
	"sys/devices/system/cpu/cpufreq/policy0/scaling_governor":              "performance",
	"sys/devices/system/cpu/cpufreq/policy0/energy_performance_preference": "performance",
	"sys/devices/system/cpu/cpufreq/policy0/boost":                         "0",
	"sys/devices/system/cpu/cpu0/cpuidle/state2/disable":                   "1",
}

// A machine is a folder that stands for the root of one.
type machine struct {
	t    *testing.T
	root string
}

func newMachine(t *testing.T, files map[string]string) machine {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("no shell")
	}
	m := machine{t, filepath.Join(t.TempDir(), "a root")}
	for name, content := range files {
		m.write(name, content+"\n", 0o666)
	}
	m.write("usr/bin/systemctl", systemctl, 0o777)
	if err := os.Mkdir(filepath.Join(m.root, "run"), 0o777); err != nil {
		t.Fatal(err)
	}
	return m
}

func (m machine) write(name, content string, mode fs.FileMode) {
	m.t.Helper()
	name = filepath.Join(m.root, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		m.t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), mode); err != nil {
		m.t.Fatal(err)
	}
}

// run runs a script on the machine, and fails unless it exits with the status
// wanted. What it returns is all output.
func (m machine) run(status int, script string, args ...string) string {
	m.t.Helper()
	cmd := exec.Command("sh", append([]string{"./" + script, "--root", m.root}, args...)...)
	cmd.Env = append(os.Environ(), "IDLEBENCH_STATE=")
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		m.t.Fatal(err)
	}
	if got := cmd.ProcessState.ExitCode(); got != status {
		m.t.Fatalf("%s %v: exit status %d, want %d:\n%s", script, args, got, status, out)
	}
	m.kernel()
	return string(out)
}

// kernel does what the kernel does to a choice: it shows it among the others.
func (m machine) kernel() {
	const thp = "sys/kernel/mm/transparent_hugepage/enabled"
	b, err := os.ReadFile(filepath.Join(m.root, thp))
	if err != nil {
		return
	}
	if chosen := strings.TrimSpace(string(b)); !strings.Contains(chosen, "[") {
		m.write(thp, strings.Replace("always madvise never", chosen, "["+chosen+"]", 1)+"\n", 0o666)
	}
}

// read returns every file but programs.
func (m machine) read() map[string]string {
	m.t.Helper()
	all := make(map[string]string)
	err := fs.WalkDir(os.DirFS(m.root), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(name, "usr/") {
			return err
		}
		b, err := os.ReadFile(filepath.Join(m.root, name))
		all[name] = string(b)
		return err
	})
	if err != nil {
		m.t.Fatal(err)
	}
	return all
}

// expect compares all files with those of before, and lines that differ.
func (m machine) expect(when string, before, differ map[string]string) {
	m.t.Helper()
	want := maps.Clone(before)
	for name, content := range differ {
		want[name] = content + "\n"
	}
	got := m.read()
	delete(got, state)
	delete(want, state)
	if diff := cmp.Diff(want, got); diff != "" {
		m.t.Errorf("%s (-want +got):\n%s", when, diff)
	}
}

func TestThereAndBack(t *testing.T) {
	m := newMachine(t, files)
	before := m.read()
	calm := maps.Clone(before) // irqbalance stopped
	delete(calm, "irqbalance")
	delete(calm, "proc/77/comm")

	would := m.run(0, "tune", "--dry-run")
	if diff := cmp.Diff(before, m.read()); diff != "" {
		t.Fatalf("tune --dry-run changed (-before +after):\n%s", diff)
	}
	did := m.run(0, "tune")
	m.expect("after tune", calm, tuned)
	did, _, _ = strings.Cut(did, "11 changed") // the last line
	said := strings.NewReplacer("would set", "set", "would stop", "stopped").Replace(would)
	if diff := cmp.Diff(said, did); diff != "" {
		t.Errorf("tune --dry-run and tune say different things (-dry +wet):\n%s", diff)
	}

	remembered := m.read()[state]
	if out := m.run(0, "tune"); out != "nothing to change\n" {
		t.Errorf("tune again: %s", out)
	}
	m.expect("after tune again", calm, tuned)
	if diff := cmp.Diff(remembered, m.read()[state]); diff != "" {
		t.Errorf("tune again remembers something else:\n%s", diff)
	}

	tunedTree := m.read()
	m.run(0, "untune", "--dry-run")
	if diff := cmp.Diff(tunedTree, m.read()); diff != "" {
		t.Fatalf("untune --dry-run changed (-before +after):\n%s", diff)
	}
	m.run(0, "untune")
	if diff := cmp.Diff(before, m.read()); diff != "" {
		t.Errorf("untune does not give back all (-before +after):\n%s", diff)
	}
	if out := m.run(0, "untune"); !strings.HasPrefix(out, "nothing to restore") {
		t.Errorf("untune again: %s", out)
	}
	if diff := cmp.Diff(before, m.read()); diff != "" {
		t.Errorf("untune again changed (-before +after):\n%s", diff)
	}
}

// What was changed in between is tuned again, and what comes back is still what
// was there first.
func TestChangedBetween(t *testing.T) {
	m := newMachine(t, files)
	before := m.read()
	m.run(0, "tune")
	m.write("sys/devices/system/cpu/cpufreq/policy0/scaling_governor", "powersave\n", 0)
	m.write("proc/sys/kernel/nmi_watchdog", "7\n", 0)
	m.run(0, "tune")
	m.run(0, "untune")
	if diff := cmp.Diff(before, m.read()); diff != "" {
		t.Errorf("-before +after:\n%s", diff)
	}
}

// The doctor has nothing left that tune would remedy.
func TestDoctorAgrees(t *testing.T) {
	m := newMachine(t, files)
	remedies := func() (topics []string) {
		for _, f := range doctor.Examine(doctor.Visit{System: environ.System{FS: os.DirFS(m.root)}}) {
			if strings.Contains(f.Remedy, "scripts/tune") {
				topics = append(topics, f.Topic)
			}
		}
		return topics
	}
	// The governor is read from each CPU's folder, which is a link to its policy's.
	for _, cpu := range []string{"cpu0", "cpu1"} {
		link := filepath.Join(m.root, "sys/devices/system/cpu", cpu, "cpufreq")
		if err := os.Symlink("../cpufreq/policy"+cpu[3:], link); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"interrupts", "idle states", "governor", "boost", "huge pages", "kernel jobs"}
	if diff := cmp.Diff(want, remedies()); diff != "" {
		t.Errorf("before tune (-want +got):\n%s", diff)
	}
	m.run(0, "tune")
	// Interrupt 11 has no handler and stays, which is no error.
	if got := remedies(); got != nil {
		t.Errorf("after tune the doctor still advises it for %v", got)
	}
}

// readOnly makes a file one that can be read and not be written, not even by root.
func (m machine) readOnly(name string) {
	m.t.Helper()
	if runtime.GOOS != "linux" {
		m.t.Skip("no such file here")
	}
	name = filepath.Join(m.root, name)
	if err := os.Remove(name); err != nil {
		m.t.Fatal(err)
	}
	if err := os.Symlink("/proc/version", name); err != nil {
		m.t.Fatal(err)
	}
}

// What cannot be set is reported, is not remembered, and the rest is done.
func TestCannotSet(t *testing.T) {
	const watchdog = "proc/sys/kernel/nmi_watchdog"
	m := newMachine(t, files)
	m.readOnly(watchdog)
	m.readOnly("proc/irq/9/smp_affinity_list")
	before := m.read()
	out := m.run(1, "tune")
	for _, want := range []string{"tune: cannot set /" + watchdog + " to 0", "tied to their CPUs, and stay: 1\n", "9 changed"} {
		if !strings.Contains(out, want) {
			t.Errorf("tune does not say %q:\n%s", want, out)
		}
	}
	after := m.read()
	if after["proc/sys/kernel/numa_balancing"] != "0\n" {
		t.Error("the file after the one that failed was not set")
	}
	for _, name := range []string{watchdog, "irq/9"} {
		if strings.Contains(after[state], name) {
			t.Errorf("%s was not set, and is remembered:\n%s", name, after[state])
		}
	}
	m.run(0, "untune")
	if diff := cmp.Diff(before, m.read()); diff != "" {
		t.Errorf("-before +after:\n%s", diff)
	}
}

// A machine on which nothing can be set has nothing remembered.
func TestCannotSetAnything(t *testing.T) {
	m := newMachine(t, map[string]string{
		"sys/devices/system/cpu/online": "0",
		"proc/sys/kernel/nmi_watchdog":  "1",
	})
	m.readOnly("proc/sys/kernel/nmi_watchdog")
	before := m.read()
	m.run(1, "tune")
	if diff := cmp.Diff(before, m.read()); diff != "" {
		t.Errorf("-before +after:\n%s", diff)
	}
}

// What cannot be restored is reported and remembered, and the rest is done.
func TestCannotRestore(t *testing.T) {
	const watchdog, numa = "proc/sys/kernel/nmi_watchdog", "proc/sys/kernel/numa_balancing"
	m := newMachine(t, files)
	before := m.read()
	m.run(0, "tune")
	m.readOnly(watchdog)
	if err := os.Remove(filepath.Join(m.root, numa)); err != nil {
		t.Fatal(err)
	}
	out := m.run(1, "untune")
	for _, want := range []string{"cannot set /" + watchdog + " to 1", "gone, and not restored: /" + numa} {
		if !strings.Contains(out, want) {
			t.Errorf("untune does not say %q:\n%s", want, out)
		}
	}
	if got, want := m.read()[state], "/"+watchdog+"\t1\n"; got != want {
		t.Errorf("remembered is %q, want %q", got, want)
	}
	for _, name := range []string{watchdog, numa} { // the device is back
		os.Remove(filepath.Join(m.root, name))
		m.write(name, "1\n", 0o666)
	}
	m.run(0, "untune")
	if diff := cmp.Diff(before, m.read()); diff != "" {
		t.Errorf("-before +after:\n%s", diff)
	}
}

// Nothing is changed that cannot be remembered.
func TestCannotRemember(t *testing.T) {
	m := newMachine(t, files)
	if err := os.Remove(filepath.Join(m.root, "run")); err != nil {
		t.Fatal(err)
	}
	before := m.read()
	if out := m.run(1, "tune"); !strings.Contains(out, "tune: cannot write "+filepath.Join(m.root, state)) {
		t.Errorf("%s", out)
	}
	if diff := cmp.Diff(before, m.read()); diff != "" {
		t.Errorf("-before +after:\n%s", diff)
	}
}

// Without systemd it is unknown how to start irqbalance again, so it is not stopped.
func TestIrqbalanceAlone(t *testing.T) {
	m := newMachine(t, files)
	if err := os.Remove(filepath.Join(m.root, "usr/bin/systemctl")); err != nil {
		t.Fatal(err)
	}
	before := m.read()
	if out := m.run(1, "tune"); !strings.Contains(out, "irqbalance runs, but not under systemd: stop it by hand") {
		t.Errorf("%s", out)
	}
	m.expect("after tune", before, tuned)
}

// A state that is not tune's is reported, and leads to no file outside /sys and /proc.
func TestForeignState(t *testing.T) {
	m := newMachine(t, files)
	m.write(state, "/etc/passwd\tx\n/sys/../etc/passwd\tx\n", 0o666)
	m.write("etc/passwd", "root\n", 0o666)
	before := m.read()
	if out := m.run(1, "untune"); !strings.Contains(out, "not a line of tune's: /etc/passwd x") {
		t.Errorf("%s", out)
	}
	if diff := cmp.Diff(before, m.read()); diff != "" {
		t.Errorf("-before +after:\n%s", diff)
	}
}

func TestUsage(t *testing.T) {
	m := newMachine(t, files)
	for _, script := range []string{"tune", "untune"} {
		if out := m.run(2, script, "--fly"); !strings.Contains(out, "unknown argument --fly") {
			t.Errorf("%s --fly: %s", script, out)
		}
		if out := m.run(2, script, "--root"); !strings.Contains(out, "which folder") {
			t.Errorf("%s --root: %s", script, out)
		}
		if out := m.run(0, script, "--help"); !strings.HasPrefix(out, "usage: scripts/"+script) {
			t.Errorf("%s --help: %s", script, out)
		}
	}
}
