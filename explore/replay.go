package explore

import "fmt"

// Replay runs the one schedule of a Failure, and records where in the source each
// step is. If the schedule does not fit the program, or ends before it does, the
// first thread that can go on is chosen, and the result has a Deviation.
func Replay(schedule string) (Strategy, error) {
	choices, err := parseSchedule(schedule)
	return &replay{choices: choices}, err
}

type replay struct {
	choices   schedule
	at        int
	deviation string // the first
}

func (r *replay) begin(x *execution) {
	r.at, r.deviation = 0, ""
	x.where = true
}

func (r *replay) complete() bool { return false }

func (r *replay) end(*execution) bool {
	if left := len(r.choices) - r.at; left > 0 {
		r.deviates("the program ends, and %d choices are left", left)
	}
	return false
}

func (r *replay) thread(x *execution, can threadSet) *thread {
	step := len(x.trace) + 1
	c, ok := r.next(false)
	if !ok {
		r.deviates("there is no thread for step %d", step)
		return x.threads[can.first()]
	}
	if c < len(x.threads) && can.has(x.threads[c]) {
		return x.threads[c]
	}
	r.deviates("T%d cannot take step %d", c, step)
	return x.threads[can.first()]
}

func (r *replay) value(x *execution, n int) int {
	c, ok := r.next(true)
	if !ok || c >= n {
		r.deviates("there is no number below %d for what step %d is to choose", n, len(x.trace))
		return 0
	}
	return c
}

func (r *replay) next(isValue bool) (int, bool) {
	if r.at == len(r.choices) || r.choices[r.at].isValue != isValue {
		return 0, false
	}
	r.at++
	return r.choices[r.at-1].number, true
}

func (r *replay) deviates(format string, args ...any) {
	if r.deviation == "" {
		r.deviation = fmt.Sprintf(format, args...)
	}
}
