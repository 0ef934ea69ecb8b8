package environ

import (
	"io/fs"
	"strconv"
	"strings"
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

// cpuModel returns the name that the kernel has for the processor. Where it has
// none, as on arm64, it is the numbers by which the processor identifies
// itself.
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
	n, ok := countList(field(s.file("proc/self/status"), "Cpus_allowed_list"))
	if !ok {
		return ""
	}
	return strconv.Itoa(n)
}

// countList counts the members of a list such as "0-3,8,10-11".
func countList(list string) (n int, ok bool) {
	for part := range strings.SplitSeq(list, ",") {
		first, last, isRange := strings.Cut(part, "-")
		if !isRange {
			last = first
		}
		a, err1 := strconv.Atoi(first)
		b, err2 := strconv.Atoi(last)
		if err1 != nil || err2 != nil || b < a {
			return 0, false
		}
		n += b - a + 1
	}
	return n, true
}

// smt tells whether cores run more than one hardware thread. Kernels before
// 4.19 do not say so in one place, but show each CPU's siblings.
func smt(s System) string {
	switch s.file(sysCPU + "smt/active") {
	case "1":
		return "on"
	case "0":
		return "off"
	}
	n, ok := countList(s.file(sysCPU + "cpu0/topology/thread_siblings_list"))
	switch {
	case !ok:
		return ""
	case n > 1:
		return "on"
	default:
		return "off"
	}
}

// governor returns the frequency governor of all CPUs, or "mixed".
func governor(s System) string {
	if s.FS == nil {
		return ""
	}
	files, err := fs.Glob(s.FS, sysCPU+"cpu[0-9]*/cpufreq/scaling_governor")
	if err != nil {
		return ""
	}
	var all string
	for _, f := range files {
		switch g := s.file(f); {
		case g == "": // a CPU that is offline
		case all == "":
			all = g
		case all != g:
			return "mixed"
		}
	}
	return all
}

// boost tells whether CPUs may run above their nominal frequency. Which file
// says it depends on the driver, and one of them says the opposite.
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
