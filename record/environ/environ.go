package environ

import (
	"io/fs"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Unknown is the value of a fact that could not be determined.
const Unknown = "unknown"

// A Fact is one thing that is known, or known to be unknown.
type Fact struct {
	Key   string // lower-case letters and '-'
	Value string // one line, not empty
	Scope Scope
}

// String returns the fact as a configuration line, without a newline.
func (f Fact) String() string { return f.Key + ": " + f.Value }

// Scope is what a fact describes.
type Scope int

const (
	Machine Scope = iota // and its settings
	Build                // the binary that measures
	Moment               // the start of the run
)

// A System is where facts come from. The zero System knows nothing.
type System struct {
	FS fs.FS // the root directory, from which /proc and /sys are read; or nil

	GOOS, GOARCH string
	Hostname     string
	Go           string    // version of the toolchain
	Module       string    // of the program's main package; "" if unknown
	Commit       string    // of the suite: a revision, with "+dirty" if modified
	Committed    string    // when that was, in RFC 3339
	Now          time.Time // zero if unknown
}

// Host returns the machine, the process and the current moment.
//
// The commit is known if the binary was built by "go build" in a repository; "go run"
// leaves it out. A caller with better information sets it.
func Host() System {
	s := System{
		FS:     os.DirFS("/"),
		GOOS:   runtime.GOOS,
		GOARCH: runtime.GOARCH,
		Go:     runtime.Version(),
		Now:    time.Now(),
	}
	s.Hostname, _ = os.Hostname() // "" if unknown
	if info, ok := debug.ReadBuildInfo(); ok {
		s.Module = info.Main.Path
		s.Commit, s.Committed = commit(info.Settings)
	}
	return s
}

func commit(settings []debug.BuildSetting) (name, time string) {
	var revision, dirty string
	for _, b := range settings {
		switch {
		case b.Key == "vcs.revision":
			revision = b.Value
		case b.Key == "vcs.modified" && b.Value == "true":
			dirty = "+dirty"
		case b.Key == "vcs.time":
			time = b.Value
		}
	}
	if revision == "" {
		return "", ""
	}
	return revision + dirty, time
}

// A probe determines one fact. It returns "" if it cannot.
type probe struct {
	key   string
	scope Scope
	read  func(System) string
}

// probes is in the order in which facts are shown.
var probes = []probe{
	{"goos", Machine, func(s System) string { return s.GOOS }},
	{"goarch", Machine, func(s System) string { return s.GOARCH }},
	{"machine", Machine, machine},
	{"cpu", Machine, cpuModel},
	{"cpus", Machine, cpusAllowed},
	{"cores", Machine, cores},
	{"smt", Machine, smt},
	{"virtualised", Machine, virtualised},
	{"kernel", Machine, fileProbe("proc/sys/kernel/osrelease")},
	{"clocksource", Machine, fileProbe(clocks + "current_clocksource")},
	{"freq-driver", Machine, frequencyProbe("scaling_driver")},
	{"governor", Machine, frequencyProbe("scaling_governor")},
	{"epp", Machine, frequencyProbe("energy_performance_preference")},
	{"boost", Machine, boost},
	{"idle-driver", Machine, idleDriver},
	{"idle-governor", Machine, idleGovernor},
	{"idle-states", Machine, idleStates},
	{"halt-poll", Machine, haltPoll},
	{"timer-slack", Machine, timerSlack},
	{"isolated", Machine, cpuListProbe("isolated")},
	{"nohz-full", Machine, cpuListProbe("nohz_full")},
	{"irqs", Machine, interrupts},
	{"nmi-watchdog", Machine, onOff("proc/sys/kernel/nmi_watchdog")},
	{"numa-balancing", Machine, onOff("proc/sys/kernel/numa_balancing")},
	{"thp", Machine, transparentHugePages},
	{"memory", Machine, memory},
	{"cpu-limit", Machine, cpuLimit},
	{"commit", Build, func(s System) string { return s.Commit }},
	{"commit-date", Build, func(s System) string { return s.Committed }},
	{"go", Build, func(s System) string { return s.Go }},
	{"boot", Moment, fileProbe("proc/sys/kernel/random/boot_id")},
	{"steal-since-boot", Moment, stolen},
	{"load", Moment, load},
	{"date", Moment, date},
}

// Passing returns the keys of the facts that are not the machine's. They differ between
// any two runs, so they must not prevent a comparison.
func Passing() (keys []string) {
	for _, p := range probes {
		if p.scope != Machine {
			keys = append(keys, p.key)
		}
	}
	return keys
}

// Scopes returns what the fact with each key describes.
func Scopes() map[string]Scope {
	scopes := make(map[string]Scope, len(probes))
	for _, p := range probes {
		scopes[p.key] = p.scope
	}
	return scopes
}

// Same reports whether two values of a fact are the same. The size of the memory is what
// the kernel leaves of it, which changes a little with the kernel and is rounded.
func Same(key, a, b string) bool {
	if a == b || key != "memory" {
		return a == b
	}
	x, errX := strconv.ParseFloat(strings.TrimSuffix(a, " GiB"), 64)
	y, errY := strconv.ParseFloat(strings.TrimSuffix(b, " GiB"), 64)
	return errX == nil && errY == nil && math.Abs(x-y) <= max(0.1001, 0.02*max(x, y))
}

// Read returns every fact of the table, in its order.
func Read(s System) []Fact {
	facts := make([]Fact, len(probes))
	for i, p := range probes {
		facts[i] = Fact{p.key, oneLine(p.read(s)), p.scope}
	}
	return facts
}

// oneLine makes a value fit for a configuration line.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, s)
	if s = strings.Join(strings.Fields(s), " "); s == "" {
		return Unknown
	}
	return s
}

// file returns the content of a file without the space around it, or "".
func (s System) file(name string) string {
	if s.FS == nil {
		return ""
	}
	b, err := fs.ReadFile(s.FS, name)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

// exists reports whether there is such a file or folder.
func (s System) exists(name string) bool {
	if s.FS == nil {
		return false
	}
	_, err := fs.Stat(s.FS, name)
	return err == nil
}

func fileProbe(name string) func(System) string {
	return func(s System) string { return s.file(name) }
}

func date(s System) string {
	if s.Now.IsZero() {
		return ""
	}
	return s.Now.UTC().Format(time.RFC3339)
}
