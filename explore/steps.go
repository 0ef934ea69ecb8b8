package explore

import (
	"fmt"
	"strings"
	"text/tabwriter"
)

// A Step is one step of an execution.
type Step struct {
	Thread    int
	Operation string // with its object, if it has one
	Where     string // file:line, if the execution was a replay
	Source    string // the line itself, if the file can be read
	Preempts  bool   // the thread before could have gone on
}

// Steps are those of one execution.
type Steps []Step

func (x *execution) steps() Steps {
	list := make(Steps, len(x.trace))
	source := make(sources)
	for i, s := range x.trace {
		list[i] = Step{Thread: int(s.thread), Operation: s.op.String(), Preempts: s.switched}
		if i < len(x.places) {
			list[i].Where, list[i].Source = x.places[i].String(), source.line(x.places[i])
		}
	}
	return list
}

// String returns a table with a line for each step. A sequence that repeats, as in
// a livelock, is printed once.
func (s Steps) String() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "step\tthread\toperation\twhere\t")
	for i := 0; i < len(s); {
		period, times := s[i:].repeated()
		for n, step := range s[i : i+period] {
			preempts := ""
			if step.Preempts {
				preempts = " *"
			}
			fmt.Fprintf(w, "%d\tT%d%s\t%s\t%s\t%s\n", i+n+1, step.Thread, preempts, step.Operation, step.Where, step.Source)
		}
		i += period * times
		if times > 1 {
			fmt.Fprintf(w, "… the same %d steps %d times more, to step %d\n", period, times-1, i)
		}
	}
	w.Flush()
	b.WriteString("\n* preempts the thread before.\n")
	return b.String()
}

// repeated returns the length of the sequence at the beginning that repeats, and
// how many times it is there; or 1 and 1, if that would save only a few lines.
func (s Steps) repeated() (period, times int) {
	const longest, few = 64, 20
	for period := 1; period <= min(longest, len(s)/2); period++ {
		same := period
		for same < len(s) && s[same] == s[same-period] {
			same++
		}
		if times := same / period; (times-1)*period > few && times > 2 {
			return period, times
		}
	}
	return 1, 1
}
