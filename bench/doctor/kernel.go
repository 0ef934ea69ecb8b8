package doctor

import (
	"fmt"
	"slices"
	"time"
)

// Clocks by how they are read, with Linux's names. A clock that is on no list is
// unknown.
var (
	registers = []string{"tsc", "arch_sys_counter", "riscv_clocksource", "timebase"}                              // an instruction
	shared    = []string{"kvm-clock", "hyperv_clocksource_tsc_page"}                                              // an instruction, and a page of the hypervisor
	calls     = []string{"hpet", "acpi_pm", "jiffies", "refined-jiffies", "pit", "xen", "hyperv_clocksource_msr"} // usually a system call
)

func clock(p patient) Finding {
	c, known := p.fact("clocksource")
	remedy := "dmesg | grep -i tsc shows why the kernel does not offer tsc"
	if slices.Contains(p.System.Clocks(), "tsc") {
		remedy = "echo tsc > /sys/devices/system/clocksource/clocksource0/current_clocksource, as root"
	}
	switch {
	case !known:
		return found(Unknown, "not known here")
	case slices.Contains(registers, c):
		return found(Good, "%s", c)
	case slices.Contains(shared, c):
		return found(Warn, "%s: read without a system call, but slower than tsc", c).with(remedy)
	case slices.Contains(calls, c):
		return found(Fail, "%s: reading it usually takes a system call", c).with(remedy)
	default:
		return found(Unknown, "%s: it is unknown how that is read", c)
	}
}

func timerSlack(p patient) Finding {
	text, known := p.fact("timer-slack")
	if !known {
		return found(Unknown, "not known here")
	}
	const usual = 50 * time.Microsecond
	if d, err := time.ParseDuration(text); err == nil && d > usual {
		return found(Warn, "%s, where %v is usual", text, usual).with("start bench from a shell that is not in the background of a desktop; echo 50000 > /proc/PID/timerslack_ns for that shell, as root")
	}
	return found(Good, "%s", text)
}

func hugePages(p patient) Finding {
	thp, known := p.fact("thp")
	switch {
	case !known:
		return found(Unknown, "not known here")
	case thp == "always":
		return found(Warn, "%s", thp).with(tune)
	default:
		return found(Good, "%s", thp)
	}
}

func kernelJobs(p patient) Finding {
	nmi, numa := p.facts["nmi-watchdog"], p.facts["numa-balancing"]
	text := fmt.Sprintf("NMI watchdog %s, NUMA balancing %s", nmi, numa)
	switch {
	case nmi == "on" || numa == "on":
		return found(Warn, "%s", text).with(tune)
	case nmi == "off" || numa == "off":
		return found(Good, "%s", text)
	default:
		return found(Unknown, "not known here")
	}
}
