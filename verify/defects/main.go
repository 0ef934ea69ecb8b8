// Command defects searches for schedules that show the canonical design's known
// defects, counts how often random schedules show them, and writes both into
// docs/defects.md.
//
//	go run ./verify/defects                 print the page; takes some minutes
//	go run ./verify/defects -update         write it into docs/defects.md
//	go run ./verify/defects -only B4        print one section
//
// A defect that an implementation has in its ordinary build is searched for there.
// One that was repaired is searched for in a variant that an overlay of the go
// command gives the defect back. The other implementations are explored in the
// same scenario, to say whether they have it.
//
// Exit status: 0 done; 1 a defect that should be there was not found, or one that
// should not be there was; 2 wrong usage.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
)

func main() {
	flags := flag.NewFlagSet("defects", flag.ExitOnError) // exits with 2
	only := flags.String("only", "", "`name` of the only defect to search for")
	update := flags.Bool("update", false, "write docs/defects.md")
	flags.Parse(os.Args[1:])
	if flags.NArg() > 0 || *update && *only != "" {
		fmt.Fprintln(os.Stderr, "defects: no arguments are allowed, and -update writes the whole page, so it excludes -only")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *only, *update); err != nil {
		fmt.Fprintln(os.Stderr, "defects:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, only string, update bool) error {
	root, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return fmt.Errorf("go list: %w (run this command inside the module)", err)
	}
	dir := strings.TrimSpace(string(root))
	temp, err := os.MkdirTemp("", "defects")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)

	ordinary, err := build(ctx, dir, temp, "")
	if err != nil {
		return err
	}
	var page bytes.Buffer
	page.WriteString(intro)
	for _, d := range defects {
		if only != "" && only != d.name {
			continue
		}
		fmt.Fprintf(os.Stderr, "%s…\n", d.name)
		if err := d.write(ctx, &page, dir, temp, ordinary); err != nil {
			return fmt.Errorf("%s: %w", d.name, err)
		}
	}
	if only == "" {
		fmt.Fprintln(os.Stderr, "how often…")
		if err := writeRates(ctx, &page, dir, ordinary); err != nil {
			return err
		}
	}
	if update {
		return os.WriteFile(filepath.Join(dir, "docs", "defects.md"), page.Bytes(), 0o644)
	}
	_, err = page.WriteTo(os.Stdout)
	return err
}

// write searches for a defect in every implementation and writes its section.
// Ordinary is the test binary of the source as it is.
func (d defect) write(ctx context.Context, page *bytes.Buffer, dir, temp, ordinary string) error {
	repaired := d.file != ""
	with := ordinary
	if repaired {
		overlay, err := d.overlay(dir, temp)
		if err != nil {
			return err
		}
		if with, err = build(ctx, dir, temp, overlay); err != nil {
			return err
		}
	}
	found, err := d.explore(ctx, dir, with, "bitmap/futex")
	if err != nil {
		return err
	}
	if found.schedule == "" {
		return fmt.Errorf("it was not found: %s", found.covered)
	}
	fmt.Fprintf(page, "\n## %s: %s\n\n%s\n\n", d.name, d.title, strings.TrimSpace(d.story))
	fmt.Fprintf(page, "| implementation | has it | explored, in scenario `%s` |\n|---|---|---|\n", d.scenario)
	who := "| `bitmap` | yes, in its ordinary build"
	if repaired {
		who = "| `bitmap`, faithful variant below | yes"
	}
	fmt.Fprintf(page, "%s | %s |\n", who, found.covered)
	others := []string{"mutexonly/futex", "channels/mailbox"}
	if repaired {
		others = append([]string{"bitmap/futex"}, others...)
	}
	for _, who := range others {
		name, _, _ := strings.Cut(who, "/")
		r, err := d.explore(ctx, dir, ordinary, who)
		if err != nil {
			return err
		}
		has := "no"
		switch {
		case r.schedule != "":
			return fmt.Errorf("%s has it: %s", name, r.covered)
		case name == "bitmap":
			has = "repaired in its ordinary build"
		}
		fmt.Fprintf(page, "| `%s` | %s | %s |\n", name, has, r.covered)
	}
	if repaired {
		fmt.Fprintf(page, "\nThe variant has in `%s`, instead of\n\n```go\n%s\n```\n\nthis:\n\n```go\n%s\n```\n", d.file, d.old, d.new)
	}
	fmt.Fprintf(page, "\n```\n%s\n```\n", found.schedule)
	if !repaired {
		fmt.Fprintf(page, "\nAgain:\n\n```\n%s\n```\n", found.command)
	}
	return nil
}

// overlay writes the faithful variant and returns the name of the overlay.
func (d defect) overlay(dir, temp string) (string, error) {
	file := filepath.Join(dir, d.file)
	source, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	if n := strings.Count(string(source), d.old); n != 1 {
		return "", fmt.Errorf("%s: the text to replace occurs %d times, want once:\n%s", d.file, n, d.old)
	}
	variant := filepath.Join(temp, d.name+".go")
	if err := os.WriteFile(variant, []byte(strings.Replace(string(source), d.old, d.new, 1)), 0o644); err != nil {
		return "", err
	}
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {file: variant}})
	if err != nil {
		return "", err
	}
	name := filepath.Join(temp, d.name+".json")
	return name, os.WriteFile(name, overlay, 0o644)
}

// build builds the test binary of package verify, with an overlay unless its name
// is empty.
func build(ctx context.Context, dir, temp, overlay string) (string, error) {
	binary := filepath.Join(temp, "verify.test")
	args := []string{"test", "-c", "-tags", "explore"}
	if overlay != "" {
		binary = overlay + ".test"
		args = append(args, "-overlay", overlay)
	}
	cmd := exec.CommandContext(ctx, "go", append(args, "-o", binary, "./verify")...)
	cmd.Dir = dir
	if said, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go test -c: %w\n%s", err, said)
	}
	return binary, nil
}

// A finding is what one exploration printed.
type finding struct {
	covered  string // in one line
	schedule string // "" if no execution failed
	command  string // replays the schedule in the source as it is
}

// explore searches for the defect in an implementation with a parker.
func (d defect) explore(ctx context.Context, dir, binary, who string) (finding, error) {
	out, covered, err := explore(ctx, dir, binary, d.scenario, who, append(d.args, "-strict", "-minimising", "0")...)
	if err != nil {
		return finding{}, err
	}
	f := finding{covered: fmt.Sprintf("`%s`: %s", strings.Join(d.args, " "), covered), schedule: failure(out)}
	if m := command.FindStringSubmatch(out); m != nil {
		f.command = strings.Replace(m[1], "-tags explore", "-tags explore ./verify", 1)
	}
	return f, nil
}

var result = regexp.MustCompile(`(?m)^ +explore\.go:\d+: ((?:failed .*|\d+ executions, .*))$`)

// explore explores a scenario with an implementation and a parker, in the form
// "bitmap/futex". It returns the output of the test and its line about what was
// covered, without the time, so that the page does not depend on the machine.
func explore(ctx context.Context, dir, binary, scenario, who string, args ...string) (out, covered string, err error) {
	impl, park, _ := strings.Cut(who, "/")
	pattern := fmt.Sprintf("^TestScenarios$/^%s$/^%s$/^%s$", impl, park, scenario)
	args = append([]string{"-test.v", "-test.timeout", "0", "-test.run", pattern, "-all"}, args...)
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Dir = filepath.Join(dir, "verify")
	printed, err := cmd.CombinedOutput() // the test fails if it finds something
	m := result.FindSubmatch(printed)
	if m == nil {
		return "", "", fmt.Errorf("%s: the test explored nothing (%v):\n%s", who, err, printed)
	}
	return string(printed), string(m[1][:bytes.LastIndex(m[1], []byte(", "))]), nil
}

var command = regexp.MustCompile(`(?m)^ +Again: (.*)$`)

var message = regexp.MustCompile(`(?m)^ +(?:explore\.go:\d+: )?((?:panic|deadlock|invariant|data race|livelock): [^\n]*(?:\n +  T[^\n]*)*)`)

// failure returns the failure in the output of a test, or "": its message, without
// the stack of a panic, and the table of its steps.
func failure(out string) string {
	before, table, ok := strings.Cut(out, "step  thread  operation")
	m := message.FindStringSubmatch(before)
	if !ok || m == nil {
		return ""
	}
	lines := append(strings.Split(m[1], "\n"), "", "step  thread  operation")
	for _, line := range strings.Split(table, "\n")[1:] {
		lines = append(lines, line)
		if strings.Contains(line, "Schedule: ") {
			break
		}
	}
	for i := range lines {
		lines[i] = strings.TrimRight(strings.TrimPrefix(lines[i], "        "), " ")
	}
	return strings.Join(lines, "\n")
}
