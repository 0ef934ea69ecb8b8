package doctor

import (
	"fmt"
	"slices"
	"time"

	"github.com/idlebench/idlebench/record/environ"
)

// deep is the exit latency above which an idle state should be switched off. scripts/tune
// uses the same.
const deep = 5 * time.Microsecond

func idleStates(p patient) Finding {
	text, known := p.fact("idle-states")
	if !known {
		return found(Unknown, "which idle states there are is not known here%s", p.hosts()).with(
			p.elsewhere("sudo scripts/tune there", "cpuidle.off=1 on the kernel's command line hides them: boot without it"))
	}
	if driver, known := p.fact("idle-driver"); known && driver != "none" {
		text += fmt.Sprintf(" (driver %s, governor %s)", driver, p.facts["idle-governor"])
	}
	switch latency := p.deepest(); {
	case latency > deep:
		return found(Warn, "%s; the deepest that is on takes %v to leave", text, latency).with(
			fmt.Sprintf("%s, which switches off those that take more than %v. Measure with and without: without deep sleep, wakes are cheaper than in production", tune, deep))
	case p.virtual():
		return found(Unknown, "%s; how deep the host sleeps cannot be seen", text).with(
			p.elsewhere("sudo scripts/tune there", "") + ". The gap sweep shows what its sleep costs: bench run -workload wake -full")
	default:
		return found(Good, "%s", text)
	}
}

// deepest returns the longest exit latency of the idle states that are on. The
// shallowest state that sleeps does not count: it has to stay, or CPUs would only
// poll.
func (p patient) deepest() time.Duration {
	var longest time.Duration
	for _, c := range p.Use {
		sleeps := slices.DeleteFunc(p.System.IdleStates(c), environ.IdleState.Polls)
		for i, s := range sleeps {
			if i > 0 && !s.Off {
				longest = max(longest, s.Latency)
			}
		}
	}
	return longest
}

// elsewhere returns the remedy for what cannot be seen from here: in a virtual
// machine what to do on its host, or else what to do on a Linux machine.
func (p patient) elsewhere(host, here string) string {
	goos, known := p.fact("goos")
	switch {
	case known && goos != "linux":
		return "measure on Linux, where it can be seen and set"
	case p.virtual():
		return "only the host can set it: " + host + ", or use a whole machine; comparisons within a run still hold"
	}
	return here
}

// hosts says, in a virtual machine, that the host decides.
func (p patient) hosts() string {
	if p.virtual() {
		return "; that is up to the host"
	}
	return ""
}

func haltPolling(p patient) Finding {
	guest, known := p.fact("halt-poll")
	switch {
	case p.facts["virtualised"] == "no":
		return found(Good, "no virtual machine")
	case known && guest != "none":
		return found(Warn, "this virtual machine polls for up to %s; what the host does is unknown", guest).with(
			"echo 0 > /sys/module/haltpoll/parameters/guest_halt_poll_ns, as root; or sweep the gap around it: bench run -workload wake -full")
	case p.virtual():
		if !known {
			guest = "unknown"
		}
		return found(Unknown, "by this virtual machine: %s; by the host: cannot be seen", guest).with(
			"sweep the gap (bench run -workload wake -full): a step in latency shows it. On a KVM host: /sys/module/kvm/parameters/halt_poll_ns")
	default:
		return found(Unknown, "not known here")
	}
}

func governor(p patient) Finding {
	g, known := p.fact("governor")
	if !known {
		return found(Unknown, "no frequency control is visible%s", p.hosts()).with(
			p.elsewhere("cpupower frequency-set -g performance there",
				"have the firmware leave the frequency to the system, and load its driver: modprobe acpi-cpufreq, or intel_pstate, amd_pstate on the kernel's command line"))
	}
	text := g
	if d, known := p.fact("freq-driver"); known {
		text += ", driver " + d
	}
	if e, known := p.fact("epp"); known {
		text += ", preference " + e
	}
	if g == "performance" {
		return found(Good, "%s", text)
	}
	return found(Warn, "%s", text).with(tune)
}

func boost(p patient) Finding {
	switch b, _ := p.fact("boost"); b {
	case "off":
		return found(Good, "off")
	case "on":
		return found(Warn, "on").with(tune)
	default:
		return found(Unknown, "not visible%s", p.hosts()).with(
			p.elsewhere("echo 0 > /sys/devices/system/cpu/cpufreq/boost there", "switch it off in the firmware (Turbo Boost, Core Performance Boost)"))
	}
}
