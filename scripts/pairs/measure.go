package pairs

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"time"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/engine"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/environ"
)

// A Measurement says what is measured, how long, and where the results are.
type Measurement struct {
	Command string   // the page's, which resumes its own runs only
	Folder  string   // of the results
	Program string   // that measures our designs: bin/bench
	Peers   []string // programs
	Timing  engine.Timing

	// Groups are cells that live at the same time. Groups that share a cell are one.
	Groups [][]Cell

	// Progress, if not nil, is told how far the run is.
	Progress func(format string, args ...any)

	peers string // the folder of those with a name
}

// An Outcome is what was measured.
type Outcome struct {
	Run     record.Run
	LeftOut []string // cells, with the reason, and peers that are not there
}

// leftOut is the file in the folder that has Outcome.LeftOut.
const leftOut = "left-out.txt"

// Measure carries out what is left of the measurement.
func (m Measurement) Measure(ctx context.Context) (Outcome, error) {
	manifest, err := record.ReadManifest(m.Folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = m.begin(ctx)
	case err == nil && manifest.State.Partial():
		err = m.resume(ctx)
	}
	if err != nil {
		return Outcome{}, err
	}
	return Read(m.Folder)
}

// Read returns what an earlier measurement has measured, as far as it came.
func Read(folder string) (o Outcome, err error) {
	if o.Run, err = record.Read(folder); err != nil {
		return o, err
	}
	text, err := os.ReadFile(filepath.Join(folder, leftOut))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return o, err
	}
	o.LeftOut = lines(string(text))
	return o, nil
}

func (m Measurement) engine() (*engine.Engine, error) {
	program, err := engine.OpenProgram(m.Program)
	if err != nil {
		return nil, fmt.Errorf("%w; \"make bin/bench\" builds it", err)
	}
	return &engine.Engine{Catalog: catalog.Default(), System: environ.Host(), Program: program, Observe: Watch(m.progress)}, nil
}

func (m Measurement) begin(ctx context.Context) error {
	e, err := m.engine()
	if err != nil {
		return err
	}
	use, err := engine.Usable(nil)
	if err != nil {
		return err
	}
	notes := m.findPeers(ctx, e, use)
	if ctx.Err() != nil {
		return engine.ErrInterrupted
	}
	plan := record.Plan{Rounds: m.Timing.Rounds, Warmup: m.Timing.Warmup, Time: m.Timing.Time, Seed: rand.Uint64()}
	for _, p := range e.Catalog.Peers {
		plan.Peers = append(plan.Peers, p.Peer)
	}
	groups, missing, err := m.groups(plan)
	if err != nil {
		return err
	}
	notes = append(notes, missing...)
	plan.Cells = slices.Concat(groups...)
	reasons, err := e.Unable(ctx, &plan, use)
	if err != nil {
		return err
	}
	for _, c := range slices.Concat(groups...) {
		if why, ok := reasons[c.Name()]; ok {
			notes = append(notes, fmt.Sprintf("%s: its peer says %q", c.Name(), why))
		}
	}
	layout := indices(groups, plan.Cells)
	if len(layout) == 0 {
		return fmt.Errorf("there is nothing to compare: %v", notes)
	}
	plan.Order = Order(layout, plan.Rounds, plan.Seed)
	engine.Slice(e.Catalog, &plan, layout)
	m.progress("%d cells in %d rounds, about %v", len(plan.Cells), plan.Rounds, engine.Estimate(plan).Round(time.Second))
	if err := os.MkdirAll(filepath.Dir(m.Folder), 0o777); err != nil {
		return err
	}
	s, err := e.Begin(engine.Setup{Command: m.Command, Folder: m.Folder, Plan: plan})
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(m.Folder, leftOut), []byte(join(notes)), 0o666); err != nil {
		return err
	}
	return m.finish(ctx, s)
}

func (m Measurement) resume(ctx context.Context) error {
	e, err := m.engine()
	if err != nil {
		return err
	}
	s, err := e.Resume(m.Command, m.Folder)
	if err != nil {
		return err
	}
	return m.finish(ctx, s)
}

func (m Measurement) finish(ctx context.Context, s *engine.Session) error {
	if _, err := s.Measure(ctx); err != nil {
		return err
	}
	return record.Pack(m.Folder)
}

// findPeers puts the peers into the engine's catalogue, and says which are not there.
func (m Measurement) findPeers(ctx context.Context, e *engine.Engine, use cpu.Set) (notes []string) {
	for _, path := range m.Peers {
		p, err := engine.FindPeer(ctx, path, use)
		if err != nil {
			notes = append(notes, err.Error())
			continue
		}
		e.Catalog.Peers = append(e.Catalog.Peers, p)
	}
	return notes
}

// groups returns the cells of each group that can be measured: all but those of peers that
// are not there. A group with one cell is left out.
func (m Measurement) groups(plan record.Plan) (all [][]record.Cell, notes []string, err error) {
	for _, g := range together(m.Groups) {
		var group []record.Cell
		for _, c := range g {
			r, err := c.record()
			if err != nil {
				return nil, nil, err
			}
			if _, there := plan.Peer(r); record.IsPeer(r) && !there {
				notes = append(notes, r.Name()+": its peer is not there")
				continue
			}
			group = append(group, r)
		}
		if len(group) > 1 {
			all = append(all, group)
		}
	}
	return all, notes, nil
}

// together makes one group of those that share a cell, and leaves out the cells that are in
// a group twice.
func together(groups [][]Cell) (all [][]Cell) {
	same := func(a Cell) func(Cell) bool { return func(b Cell) bool { return reflect.DeepEqual(a, b) } }
	for _, g := range groups {
		var merged []Cell
		add := func(cells []Cell) {
			for _, c := range cells {
				if !slices.ContainsFunc(merged, same(c)) {
					merged = append(merged, c)
				}
			}
		}
		all = slices.DeleteFunc(all, func(other []Cell) bool {
			shares := slices.ContainsFunc(other, func(c Cell) bool { return slices.ContainsFunc(g, same(c)) })
			if shares {
				add(other)
			}
			return shares
		})
		add(g)
		all = append(all, merged)
	}
	return all
}

// indices returns the groups by the indices of their cells, without cells that are not in
// the list.
func indices(groups [][]record.Cell, cells []record.Cell) (all [][]int) {
	for _, g := range groups {
		var group []int
		for _, c := range g {
			if i := slices.IndexFunc(cells, func(o record.Cell) bool { return o.Name() == c.Name() }); i >= 0 {
				group = append(group, i)
			}
		}
		if len(group) > 0 {
			all = append(all, group)
		}
	}
	return all
}

// Order returns for each round an independent random order of groups, and of the cells in
// each: what package compare asks for.
func Order(groups [][]int, rounds int, seed uint64) (all [][]int) {
	rng := rand.New(rand.NewPCG(seed, 0))
	for range rounds {
		var order []int
		for _, g := range rng.Perm(len(groups)) {
			for _, i := range rng.Perm(len(groups[g])) {
				order = append(order, groups[g][i])
			}
		}
		all = append(all, order)
	}
	return all
}

// Watch says how far a run is, once a round, and what failed.
func Watch(progress func(format string, args ...any)) func(engine.Event) {
	last := -1
	return func(e engine.Event) {
		switch e := e.(type) {
		case engine.StepDone:
			if e.Round != last {
				last = e.Round
				progress("round %d of %d, %d invalid launches", e.Round+1, e.Rounds, e.Invalid)
			}
		case engine.LaunchFailed:
			progress("%s failed in round %d: %v", e.Cell.Name(), e.Round+1, e.Err)
		}
	}
}

func (m Measurement) progress(format string, args ...any) {
	if m.Progress != nil {
		m.Progress(format, args...)
	}
}
