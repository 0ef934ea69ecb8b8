package environ

import (
	"io/fs"
	"slices"
	"strconv"

	"github.com/idlebench/idlebench/loadgen/cpu"
)

// An Interrupt is an interrupt line of devices.
type Interrupt struct {
	Number int
	CPUs   cpu.Set // that it may interrupt
}

// Interrupts returns the interrupts that have a handler, by their numbers.
func (s System) Interrupts() []Interrupt {
	if s.FS == nil {
		return nil
	}
	entries, err := fs.ReadDir(s.FS, "proc/irq")
	if err != nil {
		return nil
	}
	var all []Interrupt
	for _, e := range entries {
		n, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		actions := "sys/kernel/irq/" + e.Name() + "/actions"
		if s.exists(actions) && s.file(actions) == "" {
			continue
		}
		set, err := cpu.Parse(s.file("proc/irq/" + e.Name() + "/smp_affinity_list"))
		if err != nil {
			continue
		}
		all = append(all, Interrupt{n, set})
	}
	slices.SortFunc(all, func(a, b Interrupt) int { return a.Number - b.Number })
	return all
}

// interrupts returns the CPUs that most device interrupts may go to: some are bound to
// their CPU permanently. Where irqbalance runs it is "balanced", since the CPUs change
// within a minute.
func interrupts(s System) string {
	if s.Runs("irqbalance") {
		return "balanced"
	}
	count := make(map[string]int)
	var most string
	for _, i := range s.Interrupts() {
		set := i.CPUs.String()
		count[set]++
		if most == "" || count[set] > count[most] || count[set] == count[most] && set < most {
			most = set
		}
	}
	return most
}

// Runs reports whether a process with that name, of at most 15 letters, runs.
func (s System) Runs(name string) bool {
	if s.FS == nil {
		return false
	}
	// Glob fails only on malformed patterns.
	files, _ := fs.Glob(s.FS, "proc/[0-9]*/comm")
	return slices.ContainsFunc(files, func(f string) bool { return s.file(f) == name })
}
