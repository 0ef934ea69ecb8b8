package explore

import (
	"fmt"
	"strconv"
	"strings"
)

// A Kind is what sort of failure it is.
type Kind string

const (
	Panic     Kind = "panic"
	Deadlock  Kind = "deadlock"
	Invariant Kind = "invariant"
	Race      Kind = "data race"
	Livelock  Kind = "livelock"
)

// A Failure is an execution that should not be possible.
type Failure struct {
	Kind     Kind
	Message  string
	Schedule string // for Replay
	Steps    Steps
}

func newFailure(x *execution, kind Kind, message string) *Failure {
	return &Failure{Kind: kind, Message: message, Schedule: x.schedule().String(), Steps: x.steps()}
}

// Preemptions returns how often another thread ran although the one before could
// have gone on.
func (f *Failure) Preemptions() int {
	n := 0
	for _, s := range f.Steps {
		if s.Preempts {
			n++
		}
	}
	return n
}

// String returns the failure with its steps as a table.
func (f *Failure) String() string {
	return fmt.Sprintf("%s: %s\n\n%v\nSchedule: %s\n", f.Kind, f.Message, f.Steps, f.Schedule)
}

// A choice is a thread's number, or a number that Choose returned.
type choice struct {
	number  int
	isValue bool
}

// A schedule is the choices of an execution.
type schedule []choice

// schedule returns the choices so far. Those of [Choose] come after the step that
// their thread was doing.
func (x *execution) schedule() schedule {
	list := make(schedule, 0, len(x.trace)+len(x.values))
	values := x.values
	for i := range len(x.trace) + 1 {
		for ; len(values) > 0 && values[0].after == i; values = values[1:] {
			list = append(list, choice{values[0].number, true})
		}
		if i < len(x.trace) {
			list = append(list, choice{int(x.trace[i].thread), false})
		}
	}
	return list
}

// String writes a schedule as words such as "0x5" (five steps of thread 0) and
// "c1" (Choose returned 1), joined by dots.
func (s schedule) String() string {
	var words []string
	for i := 0; i < len(s); {
		if s[i].isValue {
			words = append(words, fmt.Sprintf("c%d", s[i].number))
			i++
			continue
		}
		n := 1
		for i+n < len(s) && s[i+n] == s[i] {
			n++
		}
		word := strconv.Itoa(s[i].number)
		if n > 1 {
			word += fmt.Sprintf("x%d", n)
		}
		words = append(words, word)
		i += n
	}
	return strings.Join(words, ".")
}

// parseSchedule is the inverse of String.
func parseSchedule(text string) (schedule, error) {
	var s schedule
	if text == "" {
		return nil, nil
	}
	for word := range strings.SplitSeq(text, ".") {
		number, isValue := strings.CutPrefix(word, "c")
		number, times, repeated := strings.Cut(number, "x")
		n, err := strconv.Atoi(number)
		count := 1
		if err == nil && repeated {
			count, err = strconv.Atoi(times)
		}
		if err != nil || n < 0 || count < 1 || count > 1<<20 || isValue && repeated {
			return nil, fmt.Errorf("explore: schedule %q: %q is not a thread such as 0 or 0x5, nor a choice such as c1", text, word)
		}
		for range count {
			s = append(s, choice{n, isValue})
		}
	}
	return s, nil
}
