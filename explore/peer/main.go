// Peer compares this module's explorer with shuttle (crates.io/crates/shuttle), the
// fastest explorer of its kind that we know: one program under random schedules, on
// one CPU, in turn.
//
//	go run ./explore/peer
//
// It builds shuttle with cargo, in the version of shuttle/Cargo.lock, twice: with
// cargo's release profile, as a user of shuttle runs it, and with optimisation
// across crates (fat LTO, one codegen unit), which has no counterpart in Go. A
// measurement is the CPU time of a process, so that other processes on the machine
// matter less. Exit status: 0 done, 1 it could not be measured, 2 usage.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

func main() {
	rounds := flag.Int("rounds", 7, "measurements of each, interleaved")
	executions := flag.Int("executions", 200_000, "of the program in each measurement")
	ours := flag.Bool("ours", false, "run the program under this module's explorer, without comparison")
	flag.Parse()
	if flag.NArg() > 0 || *rounds < 1 || *executions < 1 {
		flag.Usage()
		os.Exit(2)
	}
	var err error
	if *ours {
		err = explored(os.Stdout, *executions)
	} else {
		err = compare(os.Stdout, *rounds, *executions)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "peer:", err)
		os.Exit(1)
	}
}

// A contender is a command that runs the program a number of times, and prints how
// many decisions an execution has.
type contender struct {
	name    string
	command func(executions int) *exec.Cmd

	decisions float64   // in an execution, on average
	rates     []float64 // executions per second of CPU time
}

func compare(w io.Writer, rounds, executions int) error {
	cargo, err := exec.LookPath("cargo")
	if err != nil {
		return errors.New("cargo is not installed: shuttle cannot be built; see rustup.rs")
	}
	pin, err := pinned()
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	contenders := []*contender{{name: "explore, " + runtime.Version(), command: func(n int) *exec.Cmd {
		return pin(self, "-ours", "-executions", strconv.Itoa(n))
	}}}
	for _, profile := range []struct {
		name    string
		options []string
	}{
		{"release", nil},
		{"lto", []string{"--config", `profile.release.lto="fat"`, "--config", "profile.release.codegen-units=1"}},
	} {
		shuttle, version, err := build(cargo, profile.name, profile.options)
		if err != nil {
			return err
		}
		contenders = append(contenders, &contender{name: version + ", " + profile.name, command: func(n int) *exec.Cmd {
			return pin(shuttle, strconv.Itoa(n))
		}})
	}
	for round := range rounds {
		for i := range contenders { // another one comes first in each round
			if err := contenders[(i+round)%len(contenders)].measure(executions); err != nil {
				return err
			}
		}
	}
	ours := contenders[0]
	for _, c := range contenders {
		fmt.Fprintf(w, "%s: %.0f executions/s, median of %.0f; %.1f decisions each, %.1f ns per decision\n",
			c.name, median(c.rates), c.rates, c.decisions, c.perDecision())
		if c != ours {
			fmt.Fprintf(w, "  explore is %.2f times as fast by executions, %.2f times by decisions\n",
				median(ours.rates)/median(c.rates), c.perDecision()/ours.perDecision())
		}
	}
	return nil
}

func (c *contender) measure(executions int) error {
	cmd := c.command(executions)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("%s: %v", c.name, err)
	}
	if c.decisions, err = strconv.ParseFloat(strings.TrimSpace(string(out)), 64); err != nil {
		return fmt.Errorf("%s: decisions of an execution: %v", c.name, err)
	}
	took := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	c.rates = append(c.rates, float64(executions)/took.Seconds())
	return nil
}

func (c *contender) perDecision() float64 { return 1e9 / median(c.rates) / c.decisions }

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// build builds the program for shuttle, with options of cargo, and returns its path
// and shuttle's version.
func build(cargo, name string, options []string) (path, version string, err error) {
	folder := filepath.Join("explore", "peer", "shuttle")
	lock, err := os.ReadFile(filepath.Join(folder, "Cargo.lock"))
	if err != nil {
		return "", "", fmt.Errorf("run it at the root of the module: %v", err)
	}
	target, err := filepath.Abs(filepath.Join("bin", "shuttle", name))
	if err != nil {
		return "", "", err
	}
	cmd := exec.Command(cargo, append([]string{"build", "--release", "--locked", "--quiet", "--target-dir", target}, options...)...)
	cmd.Dir = folder
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return "", "", fmt.Errorf("cargo build: %v", err)
	}
	rustc, err := exec.Command("rustc", "--version").Output()
	if err != nil {
		return "", "", fmt.Errorf("rustc --version: %v", err)
	}
	version = fmt.Sprintf("shuttle %s, %s", locked(string(lock), "shuttle"), strings.TrimSpace(string(rustc)))
	return filepath.Join(target, "release", "shuttle-peer"), version, nil
}

// locked returns the version of a crate in a Cargo.lock.
func locked(lock, crate string) string {
	_, rest, _ := strings.Cut(lock, fmt.Sprintf("name = %q\nversion = \"", crate))
	version, _, _ := strings.Cut(rest, `"`)
	return version
}

// pinned returns how to run a command on one CPU, the last that this process may
// use.
func pinned() (func(name string, args ...string) *exec.Cmd, error) {
	taskset, err := exec.LookPath("taskset")
	if err != nil {
		return nil, errors.New("taskset is not installed: the programs cannot be kept on one CPU")
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return nil, err
	}
	_, list, _ := strings.Cut(string(status), "Cpus_allowed_list:")
	list, _, _ = strings.Cut(list, "\n")
	cpu := list[strings.LastIndexAny(list, "\t,-")+1:]
	if cpu == "" {
		return nil, errors.New("/proc/self/status has no Cpus_allowed_list")
	}
	return func(name string, args ...string) *exec.Cmd {
		return exec.Command(taskset, append([]string{"-c", cpu, name}, args...)...)
	}, nil
}
