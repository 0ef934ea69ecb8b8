package environ

import (
	"io/fs"
	"strconv"
	"strings"

	"github.com/idlebench/idlebench/loadgen/cpu"
)

const sysCPU = "sys/devices/system/cpu/"

// field returns the value of the first line "key : value" of a text in the
// style of /proc/cpuinfo, or "".
func field(text, key string) string {
	for line := range strings.Lines(text) {
		if k, v, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(k) == key {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

// cpuModel returns the kernel's name for the processor. Where it has none, as on arm64,
// it returns the numbers by which the processor identifies itself.
func cpuModel(s System) string {
	info := s.file("proc/cpuinfo")
	for _, key := range []string{"model name", "cpu model", "cpu", "uarch"} {
		if v := field(info, key); v != "" {
			return v
		}
	}
	implementer, part := field(info, "CPU implementer"), field(info, "CPU part")
	if implementer == "" || part == "" {
		return ""
	}
	return "implementer " + implementer + " part " + part
}

// cpusAllowed returns how many CPUs the process may run on.
func cpusAllowed(s System) string {
	n := len(s.Affinity())
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// cores returns how many physical cores these CPUs are on.
func cores(s System) string {
	cpus := s.Affinity()
	topology := s.Topology(cpus)
	if topology == nil {
		return ""
	}
	first := make(map[int]bool) // the lowest CPU of each core
	for _, c := range cpus {
		if topology[c].Package < 0 && topology[c].Core < 0 {
			return "" // the topology gives a CPU it does not know a core of its own
		}
		first[topology[c].Siblings[0]] = true
	}
	return strconv.Itoa(len(first))
}

// Topology returns the places of some CPUs, or nil if they cannot be read.
func (s System) Topology(cpus cpu.Set) cpu.Topology {
	if s.FS == nil || len(cpus) == 0 {
		return nil
	}
	tree, err := fs.Sub(s.FS, "sys/devices")
	if err != nil {
		return nil
	}
	topology, err := cpu.ReadTopology(tree, cpus)
	if err != nil {
		return nil
	}
	return topology
}

// smt reports whether cores run more than one hardware thread. Kernels before 4.19 do
// not say so in one place, but list each CPU's siblings.
func smt(s System) string {
	switch s.file(sysCPU + "smt/active") {
	case "1":
		return "on"
	case "0":
		return "off"
	}
	siblings, err := cpu.Parse(s.file(sysCPU + "cpu0/topology/thread_siblings_list"))
	switch {
	case err != nil:
		return ""
	case len(siblings) > 1:
		return "on"
	default:
		return "off"
	}
}

// frequencyProbe returns a probe of a per-CPU cpufreq file: its value if all CPUs have
// the same one, or "mixed".
func frequencyProbe(name string) func(System) string {
	return func(s System) string {
		if s.FS == nil {
			return ""
		}
		// Glob fails only on malformed patterns.
		files, _ := fs.Glob(s.FS, sysCPU+"cpu[0-9]*/cpufreq/"+name)
		var all string
		for _, f := range files {
			switch v := s.file(f); {
			case v == "": // a CPU that is offline
			case all == "":
				all = v
			case all != v:
				return "mixed"
			}
		}
		return all
	}
}

// boost reports whether CPUs may run above their nominal frequency. Which file shows it
// depends on the driver, and one of them has the opposite sense.
func boost(s System) string {
	switch s.file(sysCPU + "intel_pstate/no_turbo") {
	case "0":
		return "on"
	case "1":
		return "off"
	}
	switch s.file(sysCPU + "cpufreq/boost") {
	case "1":
		return "on"
	case "0":
		return "off"
	}
	return ""
}

// cpuListProbe returns a probe of a list of CPUs in sysfs that may be empty.
// Kernels that could not have a CPU on the list do not have the file, which is
// why the list of all CPUs has to be there.
func cpuListProbe(name string) func(System) string {
	return func(s System) string {
		list := s.file(sysCPU + name)
		switch {
		case list != "" && list != "(null)":
			return list
		case s.exists(sysCPU + "online"):
			return "none"
		default:
			return ""
		}
	}
}

const clocks = "sys/devices/system/clocksource/clocksource0/"

// Clocks returns the clock sources that the kernel could use, the best first.
func (s System) Clocks() []string {
	return strings.Fields(s.file(clocks + "available_clocksource"))
}

// onOff returns a probe of a kernel setting that is 0 or not.
func onOff(name string) func(System) string {
	return func(s System) string {
		switch s.file(name) {
		case "":
			return ""
		case "0":
			return "off"
		default:
			return "on"
		}
	}
}
