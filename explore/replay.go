package explore

import "fmt"

// Replay runs the one schedule that a Failure has, and notes where in the source
// each step is. If the schedule does not fit the program, or ends before it, the
// first thread that can go on does.
func Replay(schedule string) (Strategy, error) {
	choices, err := parseSchedule(schedule)
	return &replay{choices: choices}, err
}

type replay struct {
	choices schedule
	at      int
}

func (r *replay) begin(*execution)    { r.at = 0 }
func (r *replay) end(*execution) bool { return false }
func (r *replay) complete() bool      { return false }

func (r *replay) thread(_ *execution, can []*thread) *thread {
	if c, ok := r.next(false); ok {
		for _, t := range can {
			if t.id == c {
				return t
			}
		}
	}
	return can[0]
}

func (r *replay) value(_ *execution, n int) int {
	if c, ok := r.next(true); ok && c < n {
		return c
	}
	return 0
}

func (r *replay) next(isValue bool) (int, bool) {
	if r.at == len(r.choices) || r.choices[r.at].isValue != isValue {
		return 0, false
	}
	r.at++
	return r.choices[r.at-1].number, true
}

// Minimise returns a failure of the same kind with as few preemptions as can be
// found in the given number of executions for each number of preemptions, and
// with the places in the source.
func Minimise(program func(), f *Failure, executions int) *Failure {
	least := f
	for bound := range f.Preemptions() {
		r := Run(program, Bounded(bound), Limits{Executions: executions})
		if r.Failure != nil && r.Failure.Kind == f.Kind {
			least = r.Failure
			break
		}
	}
	s, err := Replay(least.Schedule)
	if err != nil {
		panic(fmt.Sprintf("explore: a schedule of its own cannot be read: %v", err))
	}
	if r := Run(program, s, Limits{}); r.Failure != nil {
		return r.Failure
	}
	return least // not deterministic: better than nothing
}
