package environ

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// An IdleState is a state in which a CPU with nothing to do waits.
type IdleState struct {
	Name    string        // such as POLL, C1, C6
	Latency time.Duration // the time to leave it, as the driver claims
	Off     bool          // whether it was switched off
}

// String returns the state as "C6 133us", with " off" if it is.
func (i IdleState) String() string {
	off := ""
	if i.Off {
		off = " off"
	}
	return i.Name + " " + micros(i.Latency) + off
}

// Polls reports whether a CPU in this state merely polls and is not put to sleep.
func (i IdleState) Polls() bool { return i.Name == "POLL" }

// IdleStates returns the idle states of a CPU, the shallowest first; none if the kernel
// has no cpuidle driver, or is not Linux.
func (s System) IdleStates(cpu int) []IdleState {
	var states []IdleState
	for n := 0; ; n++ {
		dir := fmt.Sprintf("%scpu%d/cpuidle/state%d/", sysCPU, cpu, n)
		name := s.file(dir + "name")
		if name == "" {
			return states
		}
		// A missing or malformed latency counts as 0.
		us, _ := strconv.ParseUint(s.file(dir+"latency"), 10, 32)
		states = append(states, IdleState{
			Name:    name,
			Latency: time.Duration(us) * time.Microsecond,
			Off:     s.file(dir+"disable") == "1",
		})
	}
}

// idleStates returns the idle states of the process's first CPU, and says so if other
// CPUs have different ones, as on a processor with two kinds of core.
func idleStates(s System) string {
	if hasWord(s.file("proc/cmdline"), "idle=poll") {
		return "none, CPUs poll (idle=poll)"
	}
	cpus := s.Affinity()
	if len(cpus) == 0 {
		return ""
	}
	first := s.IdleStates(cpus[0])
	if len(first) == 0 {
		if idleDriver(s) == "none" {
			return "none"
		}
		return ""
	}
	words := make([]string, len(first))
	for i, state := range first {
		words[i] = state.String()
	}
	text := strings.Join(words, ", ")
	for _, c := range cpus[1:] {
		if !slices.Equal(s.IdleStates(c), first) {
			return text + "; other CPUs differ"
		}
	}
	return text
}

func idleDriver(s System) string { return s.file(sysCPU + "cpuidle/current_driver") }

// idleGovernor returns the governor that chooses among the idle states. Its file has
// had two names.
func idleGovernor(s System) string {
	if g := s.file(sysCPU + "cpuidle/current_governor"); g != "" {
		return g
	}
	return s.file(sysCPU + "cpuidle/current_governor_ro")
}

// haltPoll returns how long at most a CPU of this virtual machine polls before it
// halts, "none" if it does not. How long the host polls then cannot be seen from here.
func haltPoll(s System) string {
	switch idleGovernor(s) {
	case "":
		return ""
	case "haltpoll":
		ns, err := strconv.ParseUint(s.file("sys/module/haltpoll/parameters/guest_halt_poll_ns"), 10, 32)
		if err != nil {
			return ""
		}
		if ns > 0 {
			return micros(time.Duration(ns))
		}
	}
	return "none"
}

// timerSlack returns how much the kernel may delay the end of a sleep of this process,
// so as to end several at once.
func timerSlack(s System) string {
	ns, err := strconv.ParseUint(s.file("proc/self/timerslack_ns"), 10, 63)
	if err != nil {
		return ""
	}
	return micros(time.Duration(ns))
}

// micros returns a duration in ASCII.
func micros(d time.Duration) string { return strings.Replace(d.String(), "µ", "u", 1) }
