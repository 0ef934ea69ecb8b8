package engine

import (
	"context"
	"iter"
	"slices"
	"time"

	"github.com/idlebench/idlebench/bench/order"
	"github.com/idlebench/idlebench/record"
)

// A child is the process of a launch that measures in slices. It rests between them; see
// launch.Child.
type child interface {
	// Slice measures for a length of time, after a lead that does not count. If the slice
	// exceeded limits of noise, the child has dropped it.
	Slice(ctx context.Context, lead, length time.Duration) (exceeded []string, err error)

	// End returns what the slices that were kept measured, and how many these were, and
	// ends the process. If none was kept it returns an invalid launch.
	End(ctx context.Context) (record.Launch, error)

	Kill()
}

// A group is the launches of compared cells in one round, which live at the same time.
// The package documentation describes what becomes of it.
type group struct {
	members      []*member // in the order in which they begin
	passes       iter.Seq[[]int]
	slices       int
	lead, length time.Duration       // of a slice
	step         func(time.Duration) // reports that some of the planned work is done
}

// A member of a group is one launch.
type member struct {
	session *Session
	cell    record.Cell
	round   int
	place   int // by which the passes know it

	// whole is the pass in which it measures in one piece, without a child; -1 if it
	// measures in slices.
	whole int

	child    child         // nil before it began, and after it ended
	kept     int           // slices
	exceeded []string      // limits that dropped slices exceeded, each once
	work     time.Duration // planned, and not reported as done yet

	launches []record.Launch // to be recorded; more than one if a whole launch was repeated
	failure  error
}

// groupOf returns the group of those of the cells that have no launch in the round.
func (s *Session) groupOf(cells []int, round int, step func(time.Duration)) *group {
	p := s.Plan
	n := s.groups[cells[0]]
	g := newGroup(p, order.Passes(len(p.Groups[n]), p.Seed, round, n), step)
	for _, i := range cells {
		if attempts, done := s.writer.Tried(p.Cells[i], round); attempts > 0 {
			if !done {
				s.counts.Empty++
			}
			continue
		}
		m := s.member(p.Cells[i], round, slices.Index(p.Groups[n], i))
		if !s.sliced(i) {
			// The first in a random order of the passes. No group has this number.
			for passes := range order.Passes(p.Slices, p.Seed, round, len(p.Groups)+i) {
				m.whole = passes[0]
				break
			}
			m.work = cost(p, false)
		}
		g.members = append(g.members, m)
	}
	return g
}

// newGroup returns a group without members.
func newGroup(p record.Plan, passes iter.Seq[[]int], step func(time.Duration)) *group {
	return &group{passes: passes, slices: p.Slices, lead: p.Lead, length: p.Time / time.Duration(p.Slices), step: step}
}

// member returns a launch that measures in slices.
func (s *Session) member(cell record.Cell, round, place int) *member {
	return &member{session: s, cell: cell, round: round, place: place, whole: -1, work: cost(s.Plan, true)}
}

// measure fills the slots of the group. Nothing is recorded before all of them are done,
// so that a group that was stopped is measured again as a whole. An error stops the
// session.
func (g *group) measure(ctx context.Context) error {
	defer g.kill()
	for _, m := range g.members {
		if m.whole >= 0 {
			continue
		}
		if err := m.begin(ctx, g); err != nil {
			return err
		}
	}
	next, stop := iter.Pull(g.passes)
	defer stop()
	for pass := range g.slices {
		places, _ := next()
		planned := func(m *member) bool { return m.whole < 0 || m.whole == pass }
		if _, err := g.pass(ctx, places, planned); err != nil {
			return err
		}
	}
	if err := g.repeat(ctx, next); err != nil {
		return err
	}
	for _, m := range g.members {
		if err := m.end(ctx, g); err != nil {
			return err
		}
	}
	return g.record()
}

// pass gives those members a turn that want one, in the order of their places. It returns
// how many had one.
//
// The first of them begins with a longer lead, so that it follows operations of its own. So
// each launch is equally likely to follow any of the group, itself included, and what a
// launch leaves to its successor, such as a warm cache, is counted against all alike;
// package compare has the bias without that, and what removes it.
func (g *group) pass(ctx context.Context, places []int, wants func(*member) bool) (turns int, err error) {
	lead := g.lead + leadIn(g.length)
	for _, place := range places {
		i := slices.IndexFunc(g.members, func(m *member) bool { return m.place == place })
		if i < 0 || g.members[i].failure != nil || !wants(g.members[i]) {
			continue
		}
		turns++
		if err := g.members[i].measure(ctx, g, lead); err != nil {
			return turns, err
		}
		lead = g.lead
	}
	return turns, nil
}

// repeat repeats what was disturbed, in further passes and within bounds.
func (g *group) repeat(ctx context.Context, next func() ([]int, bool)) error {
	repeated := 0 // slices; a whole launch is as many as it is long
	again := func(m *member) bool {
		more := 1
		if m.whole >= 0 {
			more = g.slices
		}
		if !m.lacks(g) || !mayRepeat(more, g.slices*len(g.members), repeated) {
			return false
		}
		repeated += more
		return true
	}
	for {
		places, _ := next()
		if turns, err := g.pass(ctx, places, again); err != nil || turns == 0 {
			return err
		}
	}
}

// lacks reports whether the member has not measured all that was planned.
func (m *member) lacks(g *group) bool {
	if m.whole < 0 {
		return m.kept < g.slices
	}
	n := len(m.launches)
	return n <= maxRepeats && n > 0 && len(m.launches[n-1].Invalid) > 0
}

// begin starts the child. It returns when the child has warmed up, so that nothing else
// runs meanwhile.
func (m *member) begin(ctx context.Context, g *group) error {
	failure, err := m.session.start(ctx, func() (err error) {
		m.child, err = m.session.begin(ctx, m.session.requestFor(m.cell, m.round))
		return err
	})
	m.fail(failure, g)
	m.done(g, m.session.Plan.Warmup+startup)
	return err
}

// measure takes a slice after a lead, or the whole launch.
func (m *member) measure(ctx context.Context, g *group, lead time.Duration) error {
	if m.whole >= 0 {
		l, failure, err := m.session.launch(ctx, m.cell, m.round, len(m.launches))
		if failure == nil && err == nil {
			m.launches = append(m.launches, l)
		}
		m.fail(failure, g)
		m.done(g, m.work)
		return err
	}
	var exceeded []string
	failure, err := m.session.attempt(ctx, func() (err error) {
		exceeded, err = m.child.Slice(ctx, lead, g.length)
		return err
	})
	switch {
	case failure != nil:
		m.fail(failure, g)
	case len(exceeded) == 0:
		m.kept++
	}
	for _, limit := range exceeded {
		if !slices.Contains(m.exceeded, limit) {
			m.exceeded = append(m.exceeded, limit)
		}
	}
	m.done(g, g.lead+g.length)
	return err
}

// end ends the child, and judges the launch by the slices that were kept.
func (m *member) end(ctx context.Context, g *group) error {
	if m.child == nil {
		return nil
	}
	var l record.Launch
	failure, err := m.session.attempt(ctx, func() (err error) {
		l, err = m.child.End(ctx)
		return err
	})
	switch {
	case err != nil:
		return err
	case failure != nil:
		m.fail(failure, g)
		return nil
	}
	m.child = nil
	m.done(g, m.work)
	if !enough(m.kept, g.slices) {
		for _, limit := range m.exceeded {
			if !slices.Contains(l.Invalid, limit) {
				l.Invalid = append(l.Invalid, limit)
			}
		}
	}
	m.launches = append(m.launches, l)
	return nil
}

// enough reports whether a launch counts that kept some of the planned slices: at least
// half of them.
func enough(kept, planned int) bool { return 2*kept >= planned }

// fail ends a member that failed. The others go on.
func (m *member) fail(failure error, g *group) {
	if failure == nil {
		return
	}
	m.kill()
	m.failure = failure
	m.done(g, m.work)
}

func (m *member) kill() {
	if m.child != nil {
		m.child.Kill()
		m.child = nil
	}
}

// done reports work as done, at most what was planned: a repeat was not.
func (m *member) done(g *group, work time.Duration) {
	work = min(work, m.work)
	m.work -= work
	if work > 0 {
		g.step(work)
	}
}

// kill ends the children that are left, which are some only if the group was stopped.
func (g *group) kill() {
	for _, m := range g.members {
		m.kill()
	}
}

// record records the launches, those of each session together, and then the failures.
func (g *group) record() error {
	launches := make(map[*Session][]record.Launch)
	var sessions []*Session
	for _, m := range g.members {
		if !slices.Contains(sessions, m.session) {
			sessions = append(sessions, m.session)
		}
		launches[m.session] = append(launches[m.session], m.launches...)
	}
	for _, s := range sessions {
		if err := s.append(launches[s]...); err != nil {
			return err
		}
	}
	for _, m := range g.members {
		if m.failure != nil {
			if err := m.session.fail(m.cell, m.round, m.failure); err != nil {
				return err
			}
		} else if last := m.launches[len(m.launches)-1]; len(last.Invalid) > 0 {
			m.session.counts.Empty++
		}
	}
	return nil
}
