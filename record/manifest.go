package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/idlebench/idlebench/record/environ"
)

// Version is the version of the format of run.json. It changes when a reader of the
// previous one would misunderstand. Oldest is the first that is still read.
//
// Version 2 had no checksums in run.json, so changes there are not detected. Version 3
// had no primary units in bench.txt. Up to version 4 every launch measured in one piece,
// and every round had every cell.
const (
	Version = 5
	Oldest  = 2
)

// A Manifest is run.json: what was planned, and what became of it.
type Manifest struct {
	Version  int       `json:"version"`
	State    State     `json:"state"` // of the last session; see State.Partial
	Start    time.Time `json:"start"`
	End      time.Time `json:"end,omitzero"` // zero while running
	Sessions []Session `json:"sessions"`     // at least one, in their order
	Launches int       `json:"launches"`     // recorded when this was written, invalid ones too
	Failures []Failure `json:"failures"`

	// Unprofiled are the profiles of the plan whose launches failed.
	Unprofiled []Unprofiled `json:"unprofiled,omitempty"`

	Command string `json:"command,omitempty"` // the program's command whose run this is; only it may resume the run

	// Args is the command line that began the run, without the program's name. Resuming
	// does not change it. Programs older than this field did not record it.
	Args []string `json:"args,omitempty"`

	Program string `json:"program,omitempty"` // what identifies the content of the executable

	// Module is the module of the executable's main package: that of the suite, or one
	// with managers of its own. Programs older than this field did not record it.
	Module string `json:"module,omitempty"`

	Config []Pair `json:"config"`
	Units  []Unit `json:"units"`

	// Primary is, for each workload, the unit by which runs are compared; "" if the
	// workload is reported but not judged.
	Primary map[string]string `json:"primary,omitempty"`

	// Defaults are, for each workload, its parameters' default values.
	Defaults map[string]map[string]string `json:"defaults,omitempty"`

	Plan Plan `json:"plan"`
}

// Fact returns a fact of package environ, as it was recorded, or environ.Unknown.
func (m Manifest) Fact(key string) string {
	for _, p := range m.Config {
		if p.Key == key {
			return p.Value
		}
	}
	return environ.Unknown
}

// A Session is a stretch of a run carried out by one process. Nothing was measured
// between two sessions.
type Session struct {
	State State     `json:"state"`
	Start time.Time `json:"start"`
	End   time.Time `json:"end,omitzero"` // zero while running, and if it was killed

	// Dropped says what the session found torn when it began, and cut off.
	Dropped []string `json:"dropped,omitempty"`
}

// State is how far a run or a session got.
type State string

const (
	Running     State = "running"     // or killed
	Complete    State = "complete"    // every launch of the plan was tried
	Decided     State = "decided"     // a stopping rule of the plan ended it earlier
	Interrupted State = "interrupted" // it ended earlier, but cleanly
	Killed      State = "killed"      // of a session followed by another: it did not end cleanly
)

// Partial reports whether a run in this state lacks planned launches.
func (s State) Partial() bool { return s != Complete && s != Decided }

// A Plan is what a run does, fixed before it starts.
type Plan struct {
	Cells  []Cell `json:"cells"`
	Rounds int    `json:"rounds"`
	Seed   uint64 `json:"seed,string"` // of the order; a string because JSON's numbers lose bits

	// Warmup and Time are those of each launch. Time is what it measures in all.
	Warmup time.Duration `json:"warmup_ns"`
	Time   time.Duration `json:"time_ns"`

	// Slices is in how many slices the launches of Groups measure. Each slice measures
	// Time/Slices, after a Lead that does not count. Slices is 0 if there are no groups.
	Slices int           `json:"slices,omitempty"`
	Lead   time.Duration `json:"lead_ns,omitempty"`

	// Groups has, for each group, the indices of the cells whose launches live at the
	// same time in a round and share it in slices. They are next to each other in each
	// round of Order. A cell that is in no group is measured in one piece.
	Groups [][]int `json:"groups,omitempty"`

	// CPUs are the CPUs to use, as a list such as 0-3,8; empty for all that the process
	// may use.
	CPUs string `json:"cpus,omitempty"`

	// Peers are the programs around real runtimes whose cells the plan has. Programs older
	// than this field had none.
	Peers []Peer `json:"peers,omitempty"`

	// Stages says that launches record the stages of wakes, where there are some. That
	// makes these wakes take longer.
	Stages bool `json:"stages,omitempty"`

	// Throttled says that launches count even if a CPU quota stopped their threads.
	Throttled bool `json:"throttled,omitempty"`

	// Profiles are the kinds of profile taken of each cell after all rounds.
	Profiles []string `json:"profiles,omitempty"`

	// Looks are the interim analyses, in ascending order; of an A/B run, of both programs
	// together. After each some cells are not measured any more, because of what was seen
	// there. A run without any measures all cells in all rounds. Programs older than this
	// field had them in A/B runs only, and did not record them.
	Looks []Look `json:"looks,omitempty"`

	// MaxLaunches bounds the launches of a run with interim analyses, not counting
	// repeats: what would exceed it is not begun. 0 is no bound, or that of an A/B run,
	// which is a time.
	MaxLaunches int `json:"max_launches,omitempty"`

	// Order has, for each round, the indices of its cells in the order in which their
	// launches begin. A launch outside of groups that is repeated follows the one that it
	// repeats.
	Order [][]int `json:"order"`
}

// A Look is an interim analysis of a run.
type Look struct {
	Rounds int     `json:"rounds"` // the number of rounds it comes after
	Share  float64 `json:"share"`  // of the error rate
}

// A Failure is a launch that produced no result. It is not repeated.
type Failure struct {
	Cell    Cell   `json:"cell"`
	Round   int    `json:"round"`
	Attempt int    `json:"attempt,omitempty"`
	Error   string `json:"error"`
}

// Unprofiled is a profile of the plan whose launch failed. It is tried again if the run
// is resumed.
type Unprofiled struct {
	Cell  Cell   `json:"cell"`
	Kind  string `json:"kind"`
	Error string `json:"error"`
}

// Validate reports why the plan cannot be carried out or recorded.
func (p Plan) Validate() error {
	if len(p.Cells) == 0 {
		return errors.New("the plan has no cells: nothing would be measured")
	}
	slugs := map[string]string{} // folded, for file systems that ignore case
	for _, c := range p.Cells {
		if err := c.Validate(); err != nil {
			return err
		}
		folded := strings.ToLower(c.Slug())
		if other, ok := slugs[folded]; ok {
			return fmt.Errorf("%s: the plan has it twice (as %s)", c.Name(), other)
		}
		slugs[folded] = c.Name()
	}
	if err := p.validatePeers(); err != nil {
		return err
	}
	if p.Rounds < 1 {
		return fmt.Errorf("the plan has %d rounds: at least 1 is needed", p.Rounds)
	}
	if len(p.Order) != p.Rounds {
		return fmt.Errorf("the plan has %d rounds, but an order for %d", p.Rounds, len(p.Order))
	}
	if p.Warmup < 0 || p.Time < 0 {
		return fmt.Errorf("the plan has a warm-up of %v and a time of %v: negative", p.Warmup, p.Time)
	}
	planned := make([]bool, len(p.Cells))
	for r, order := range p.Order {
		seen := make([]bool, len(p.Cells))
		for _, i := range order {
			if i < 0 || i >= len(seen) || seen[i] {
				return fmt.Errorf("the plan's round %d has cell %d, which is unknown or there twice", r, i)
			}
			seen[i], planned[i] = true, true
		}
	}
	if i := slices.Index(planned, false); i >= 0 {
		return fmt.Errorf("%s: the plan has it in no round", p.Cells[i].Name())
	}
	if err := p.validateLooks(); err != nil {
		return err
	}
	return p.validateGroups()
}

// RoundsText says in how many rounds cells are measured: "14", or "14 to 63" if some are left
// out after an interim analysis.
func (p Plan) RoundsText() string {
	if len(p.Looks) > 1 {
		return fmt.Sprintf("%d to %d", p.Looks[0].Rounds, p.Rounds)
	}
	return fmt.Sprint(p.Rounds)
}

// validateLooks rejects interim analyses that are not in ascending order, or after the end.
func (p Plan) validateLooks() error {
	before := 0
	for _, l := range p.Looks {
		if l.Rounds <= before || l.Rounds > p.Rounds {
			return fmt.Errorf("the plan has an interim analysis after %d rounds: want an ascending order, up to its %d rounds", l.Rounds, p.Rounds)
		}
		before = l.Rounds
	}
	if p.MaxLaunches < 0 {
		return fmt.Errorf("the plan has at most %d launches: negative", p.MaxLaunches)
	}
	return nil
}

// validateGroups rejects groups that cannot be measured in slices, or that a round tears
// apart.
func (p Plan) validateGroups() error {
	switch {
	case (p.Slices > 0) != (len(p.Groups) > 0):
		return fmt.Errorf("the plan has %d slices and %d groups: both or none are needed", p.Slices, len(p.Groups))
	case p.Slices < 0 || p.Lead < 0:
		return fmt.Errorf("the plan has %d slices after leads of %v: negative", p.Slices, p.Lead)
	case p.Slices > 0 && p.Time < time.Duration(p.Slices):
		return fmt.Errorf("the plan's time of %v is too short for %d slices", p.Time, p.Slices)
	}
	groups := p.GroupOf()
	n := 0
	for _, g := range p.Groups {
		for _, i := range g {
			if i < 0 || i >= len(p.Cells) {
				return fmt.Errorf("the plan has a group with cell %d, which is unknown", i)
			}
		}
		n += len(g)
	}
	if n != len(groups) {
		return errors.New("the plan has a cell that is in a group twice, or in two")
	}
	for r, order := range p.Order {
		ended := make(map[int]bool)
		for k, i := range order {
			g, ok := groups[i]
			if !ok {
				continue
			}
			if before, in := groups[order[max(0, k-1)]]; ended[g] && (!in || before != g) {
				return fmt.Errorf("the plan's round %d tears the group of %s apart", r, p.Cells[i].Name())
			}
			ended[g] = true
		}
	}
	return nil
}

// GroupOf returns the group of each cell that is in one, both by index.
func (p Plan) GroupOf() map[int]int {
	groups := make(map[int]int)
	for g, cells := range p.Groups {
		for _, i := range cells {
			groups[i] = g
		}
	}
	return groups
}

// names returns the set of the cells' names.
func (p Plan) names() map[string]bool {
	names := make(map[string]bool, len(p.Cells))
	for _, c := range p.Cells {
		names[c.Name()] = true
	}
	return names
}

// check rejects a launch that is not in the plan, whose names are given.
func (p Plan) check(names map[string]bool, cell Cell, round int) error {
	name := cell.Name()
	if !names[name] {
		return fmt.Errorf("%s: not in the plan", name)
	}
	if round < 0 || round >= p.Rounds {
		return fmt.Errorf("%s: round %d is not in the plan, which has %d", name, round, p.Rounds)
	}
	return nil
}

func decodeManifest(data []byte) (Manifest, error) {
	var v struct {
		Version int
		CRC     json.RawMessage
	}
	if err := json.Unmarshal(data, &v); err != nil {
		return Manifest{}, fmt.Errorf("it was cut or edited (%w): %s", err, restore)
	}
	if v.Version < Oldest || v.Version > Version {
		return Manifest{}, fmt.Errorf("has version %d of its form; this program reads versions %d to %d", v.Version, Oldest, Version)
	}
	if v.Version > 2 || v.CRC != nil {
		if err := checkSeal(data); err != nil {
			return Manifest{}, err
		}
	}
	var m Manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return Manifest{}, err
	}
	switch m.State {
	case Running, Complete, Decided, Interrupted:
	default:
		return Manifest{}, fmt.Errorf("state %q is unknown", m.State)
	}
	if len(m.Sessions) == 0 {
		return Manifest{}, errors.New("no sessions: every run has one")
	}
	if err := m.Plan.Validate(); err != nil {
		return Manifest{}, err
	}
	if err := checkUnits(m.Units); err != nil {
		return Manifest{}, err
	}
	return m, checkPrimary(m.Primary, m.Units)
}

// checkComplete rejects a complete run in which some planned launches were never tried.
func (m Manifest) checkComplete(tried turns) error {
	if m.State != Complete {
		return nil
	}
	var first string
	missing, planned := 0, 0
	for round, cells := range m.Plan.Order {
		planned += len(cells)
		for _, i := range cells {
			c := m.Plan.Cells[i]
			if tried[turn{c.Name(), round}].attempts > 0 {
				continue
			}
			if missing++; missing == 1 {
				first = fmt.Sprintf("%s in round %d", c.Name(), round)
			}
		}
	}
	if missing > 0 {
		return fmt.Errorf("%s says that the run is %s, but %d of %d planned launches were never tried, the first being "+
			"%s: it was edited: %s",
			ManifestFile, m.State, missing, planned, first, restore)
	}
	return nil
}

// checkPrimary rejects units that no metric of the run has. A workload that is reported
// but not judged has none.
func checkPrimary(primary map[string]string, units []Unit) error {
	for _, workload := range slices.Sorted(maps.Keys(primary)) {
		if unit := primary[workload]; unit != "" && !knows(units, unit) {
			return fmt.Errorf("workload %s: its primary unit %s is not in the run's table of units", workload, unit)
		}
	}
	return nil
}
