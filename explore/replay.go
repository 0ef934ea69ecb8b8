package explore

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
