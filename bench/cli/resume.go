package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/environ"
)

// resume goes on with a command's run in a folder. It returns nil if nothing of it
// is left, and refuses one that was begun on another machine, by another program or
// by another of its commands.
func (a app) resume(asked, folder string, system environ.System, self *program) (*tour, error) {
	m, err := record.ReadManifest(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, command.Usage(err)
	}
	if err != nil {
		return nil, err
	}
	switch m.Command {
	case asked, "": // before version 3 it was not recorded
	case comparing:
		return nil, command.Usagef("%s is one side of a comparison, which cannot be resumed: launched without the other program, "+
			"its cells would be compared with launches of another time. Begin another comparison.", folder)
	default:
		return nil, command.Usagef("%s is a run of \"bench %s\": resume it with \"bench %[2]s -resume %[1]s\"", folder, m.Command)
	}
	if !m.State.Partial() {
		if _, err := record.Read(folder); err != nil {
			return nil, err
		}
		fmt.Fprintf(a.stdout, "%s is %s, with %d launches: nothing is left to measure.\n", folder, m.State, m.Launches)
		return nil, nil
	}
	r, err := request(m.Plan)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", folder, err)
	}
	use, err := usable(r.CPUs)
	if err != nil {
		return nil, command.Usagef("%s cannot be resumed here: %w", folder, err)
	}
	if list := differences(m, a.config(system, use, m.Plan), self.sum); list != nil {
		return nil, command.Usagef("%s cannot be resumed: its launches would not compare with those to come.\n  %s\n"+
			"Restore what differs, or begin another run in another folder.", folder, strings.Join(list, "\n  "))
	}
	w, run, err := record.Resume(folder, time.Now())
	if err != nil {
		return nil, err
	}
	for _, d := range run.Dropped {
		fmt.Fprintf(a.stderr, "bench: %v\n", d)
	}
	fmt.Fprintf(a.stderr, "%d launches are in %s already\n", len(run.Recorded), folder)
	return &tour{command: asked, plan: m.Plan, folder: folder, writer: w, request: r, program: self, tally: tallyOf(run)}, nil
}

// differences says in what a run was begun differently from how it would go on.
func differences(was record.Manifest, now []record.Pair, program string) []string {
	momentary := momentary()
	var list []string
	compare := func(key, was, now string) {
		if was != now {
			list = append(list, fmt.Sprintf("%s: was %s, is %s", key, was, now))
		}
	}
	const missing = "not recorded"
	value := func(pairs []record.Pair, key string) string {
		i := slices.IndexFunc(pairs, func(p record.Pair) bool { return p.Key == key })
		if i < 0 {
			return missing
		}
		return pairs[i].Value
	}
	compare("program", was.Program, program)
	for _, p := range was.Config {
		if !momentary[p.Key] {
			compare(p.Key, p.Value, value(now, p.Key))
		}
	}
	for _, p := range now {
		if !momentary[p.Key] && value(was.Config, p.Key) == missing {
			compare(p.Key, missing, p.Value)
		}
	}
	return list
}

// momentary has the facts that are true of the start of a run only.
func momentary() map[string]bool {
	keys := make(map[string]bool)
	for _, f := range environ.Read(environ.System{}) {
		keys[f.Key] = f.Scope == environ.Moment
	}
	return keys
}

// request returns what all launches of a plan have in common.
func request(p record.Plan) (r launch.Request, err error) {
	r.Warmup, r.Time, r.Stages, r.Throttled = p.Warmup, p.Time, p.Stages, p.Throttled
	if p.CPUs != "" {
		r.CPUs, err = cpu.Parse(p.CPUs)
	}
	return r, err
}
