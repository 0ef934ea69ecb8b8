package engine

import (
	"fmt"
	"slices"
	"time"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/environ"
)

// Resume returns a session for the rest of a command's run in a folder. The package
// documentation says what it refuses. An error that wraps fs.ErrNotExist says that
// there is no run.
func (e *Engine) Resume(command, folder string) (*Session, error) {
	m, err := record.ReadManifest(folder)
	if err != nil {
		return nil, err
	}
	if m.Command != command && m.Command != "" { // before version 3 it was not recorded
		return nil, &OtherCommandError{folder, m.Command}
	}
	if !m.State.Partial() {
		if _, err := record.Read(folder); err != nil {
			return nil, err
		}
		return nil, &FinishedError{folder, m.State, m.Launches}
	}
	request, err := requestOf(m.Plan, e.Program)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", folder, err)
	}
	use, err := Usable(request.CPUs)
	if err != nil {
		return nil, err
	}
	if list := append(differences(m, e.config(use, m.Plan), e.Program.Sum), changedPeers(m.Plan)...); list != nil {
		return nil, &ChangedError{folder, list}
	}
	if e.Catalog, request.Load, err = loadOf(e.Catalog, folder, m.Plan); err != nil {
		return nil, err
	}
	w, run, err := record.Resume(folder, time.Now())
	if err != nil {
		return nil, err
	}
	s := e.session(command, folder, m.Plan, w, request, e.Program)
	s.Dropped, s.counts = run.Dropped, CountsOf(run)
	return s, nil
}

// differences lists the facts that changed since a run began, except those that hold
// for a moment only, such as the load.
func differences(was record.Manifest, now []record.Pair, program string) []Difference {
	momentary := momentary()
	var list []Difference
	compare := func(key, was, is string) {
		if was != is {
			list = append(list, Difference{key, was, is})
		}
	}
	value := func(pairs []record.Pair, key string) string {
		i := slices.IndexFunc(pairs, func(p record.Pair) bool { return p.Key == key })
		if i < 0 {
			return NotRecorded
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
		if !momentary[p.Key] && value(was.Config, p.Key) == NotRecorded {
			compare(p.Key, NotRecorded, p.Value)
		}
	}
	return list
}

// momentary has the keys of facts that are true of the start of a run only.
func momentary() map[string]bool {
	keys := make(map[string]bool)
	for _, f := range environ.Read(environ.System{}) {
		keys[f.Key] = f.Scope == environ.Moment
	}
	return keys
}
