package profile

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/google/pprof/profile"

	"github.com/idlebench/idlebench/record"
)

// A Mark identifies a profile of this suite.
type Mark struct {
	Cell record.Cell
	Kind Kind
	Ops  int64 // operations of the workload that were profiled; 0 if that is unknown
}

// comment begins the comments that make a mark.
const comment = "idlebench: "

// Put marks the profile and its samples.
func (m Mark) Put(p *profile.Profile) {
	p.Comments = append(p.Comments,
		comment+"cell="+m.Cell.Name(),
		comment+"kind="+string(m.Kind),
		comment+"ops="+strconv.FormatInt(m.Ops, 10),
	)
	for _, l := range m.Cell.Params {
		p.SetLabel(l.Name, []string{l.Value})
	}
	p.SetLabel("workload", []string{m.Cell.Workload})
	p.SetLabel("impl", []string{m.Cell.Impl})
	p.SetLabel("park", []string{m.Cell.Park})
	p.SetLabel("workers", []string{strconv.Itoa(m.Cell.Workers)})
	p.SetLabel("kind", []string{string(m.Kind)})
}

// ReadMark returns the mark of a profile. A profile from another program has none,
// which is no error. A merged profile has several, which is an error.
func ReadMark(p *profile.Profile) (m Mark, ok bool, err error) {
	seen := make(map[string]string)
	for _, c := range p.Comments {
		text, ours := strings.CutPrefix(c, comment)
		if !ours {
			continue
		}
		key, value, _ := strings.Cut(text, "=")
		if was, again := seen[key]; again && was != value {
			return Mark{}, false, fmt.Errorf("it was merged from several profiles, with %s=%s and %s=%s: give each separately", key, was, key, value)
		}
		seen[key] = value
		switch key {
		case "cell":
			m.Cell, err = record.ParseName(value)
		case "kind":
			m.Kind, err = Parse(value)
		case "ops":
			if m.Ops, err = strconv.ParseInt(value, 10, 64); err == nil && m.Ops < 0 {
				err = errors.New("it is negative")
			}
		}
		if err != nil {
			return Mark{}, false, fmt.Errorf("its comment %q: %w", c, err)
		}
	}
	if len(seen) == 0 {
		return Mark{}, false, nil
	}
	if seen["cell"] == "" || seen["kind"] == "" {
		return Mark{}, false, fmt.Errorf("some of its comments are missing: of cell and kind, it has cell=%q and kind=%q", seen["cell"], seen["kind"])
	}
	return m, true, nil
}
