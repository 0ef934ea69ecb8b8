package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/idlebench/idlebench/bench/audit"
	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/evidence"
)

// The time that an audit takes at most. On a machine where launches take long it has
// fewer rounds, down to those that an interval takes plus two for empty slots. Where
// launches are quick, or few, it has more.
const (
	auditTime      = 18 * time.Minute
	quickAuditTime = 2 * time.Minute

	LeastAuditRounds = 8
	MostAuditRounds  = 20
)

// An Audit is an audit of the harness that was begun or resumed.
type Audit struct {
	Design  evidence.Design
	Pilot   Pilot    // zero if it was resumed
	Session *Session // nil if nothing is left to measure
}

// BeginAudit runs the pilot of an audit and creates its folder. The plan of the setup
// gets the cells of the design, and as many rounds as there is time for if it has none.
func (e *Engine) BeginAudit(ctx context.Context, s Setup, d evidence.Design, quick bool) (Audit, error) {
	s.Plan.Cells = d.Cells()
	request, err := e.pilotRequest(s.Plan)
	if err != nil {
		return Audit{}, err
	}
	Slice(e.Catalog, &s.Plan, audit.Groups(d))
	round, launches, err := auditPilot(ctx, s.Command, d, request)
	if err != nil {
		return Audit{}, err
	}
	round += leads(s.Plan)
	if s.Plan.Rounds == 0 {
		limit := auditTime
		if quick {
			limit = quickAuditTime
		}
		s.Plan.Rounds = min(MostAuditRounds, max(LeastAuditRounds, int(limit/round)))
	}
	s.Plan.Order = audit.Order(d, s.Plan.Rounds, s.Plan.Seed)
	session, err := e.Begin(s)
	if err != nil {
		return Audit{}, err
	}
	pilot := Pilot{Launches: launches, Duration: time.Duration(s.Plan.Rounds) * round}
	if err := evidence.Write[evidence.Design, evidence.Evidence](evidence.Audit, s.Folder, d, nil); err != nil {
		return Audit{}, session.abandon(err)
	}
	return Audit{d, pilot, session}, nil
}

// ResumeAudit resumes the audit in a folder. If it is finished it returns the design
// with a *FinishedError: the evidence can still be made.
func (e *Engine) ResumeAudit(command, folder string) (Audit, error) {
	c, err := evidence.Read[evidence.Design, evidence.Evidence](evidence.Audit, folder)
	if err != nil {
		return Audit{}, err
	}
	session, err := e.Resume(command, folder)
	return Audit{Design: c.Design, Session: session}, err
}

// AuditEvidence evaluates an audit and writes the evidence into its folder. The text is
// for people; it is returned even if it could not be written.
func (e *Engine) AuditEvidence(d evidence.Design, folder string) (text string, err error) {
	run, err := record.Read(folder)
	if err != nil {
		return "", err
	}
	found, err := audit.Evaluate(d, run)
	if err != nil {
		return "", fmt.Errorf("%s: %w", folder, err)
	}
	text = audit.Text(found, folder)
	return text, errors.Join(evidence.Write(evidence.Audit, folder, d, &found), evidence.Audit.WriteText(folder, text))
}

// auditPilot returns how long a round takes, including the repeats to be expected, and
// from how many launches it knows. It launches one cell of each workload, a floor only
// if there is nothing else.
func auditPilot(ctx context.Context, command string, d evidence.Design, r launch.Request) (round time.Duration, launches int, err error) {
	cells := make(map[string]int) // by workload
	for _, c := range d.Cells() {
		cells[c.Workload]++
	}
	var tried []string
	pilots := slices.Clone(d.Subjects)
	slices.SortStableFunc(pilots, func(a, b evidence.Subject) int {
		switch {
		case a.Floor == b.Floor:
			return 0
		case b.Floor:
			return -1
		}
		return 1
	})
	for _, s := range pilots {
		w := s.Cell.Workload
		if slices.Contains(tried, w) {
			continue
		}
		tried = append(tried, w)
		start := time.Now()
		r.Cell = s.Cell
		if _, err := pilotLaunch(ctx, command, r); err != nil {
			return 0, 0, err
		}
		round += time.Since(start) * time.Duration(cells[w])
	}
	// Disturbed launches are repeated, about one in twenty on a shared virtual machine.
	// A pilot this short cannot measure that.
	return round + round/20, len(tried), nil
}
