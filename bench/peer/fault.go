package peer

import "fmt"

// A Point is a rule that peers are held to.
type Point string

// The points, in the order of docs/peers.md.
const (
	Greeting  Point = "hello"     // the first line says what it is
	Protocol  Point = "protocol"  // lines have their form, and come when they are due
	Deadline  Point = "deadline"  // each answer comes in time
	Output    Point = "output"    // it prints no more than the limits
	Ended     Point = "ended"     // it ends when it is asked to, not before
	Identity  Point = "identity"  // it is the one with which the run began
	Work      Point = "work"      // tasks and units are those that were asked for
	Samples   Point = "samples"   // there are as many as there have to be
	Time      Point = "time"      // times fit into those that passed outside
	OpenLoop  Point = "open-loop" // latencies count from when tasks are due
	Affinity  Point = "affinity"  // threads stay on their CPUs
	CPUTime   Point = "cpu"       // it used as much CPU time as its work takes, and no less
	Parameter Point = "no"        // it says that it cannot do a cell: no fault, but there is no launch
)

// A Fault is what a peer did wrong.
type Fault struct {
	Point Point
	What  string
	Said  string // the end of what it printed on its standard error
}

func (f *Fault) Error() string {
	text := fmt.Sprintf("%s: %s", f.Point, f.What)
	if f.Said != "" {
		text += fmt.Sprintf(" (it printed %q)", f.Said)
	}
	return text
}

func faultf(point Point, format string, args ...any) *Fault {
	return &Fault{Point: point, What: fmt.Sprintf(format, args...)}
}
