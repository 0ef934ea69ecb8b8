package recording

import (
	"time"
)

// Limits of a recording.
const (
	// MaxTasks is how many tasks a recording can have. Each launch reads the whole file
	// and keeps it in memory, so that replaying it does not wait for a disk.
	MaxTasks = 1 << 20

	// MaxDuration is how long a recording can last.
	MaxDuration = time.Hour

	// MaxTree and MaxTreeService bound a tree: its tasks, and how long they take together.
	// A replay begins no tree that it cannot end, so a slice lasts this much longer at
	// most.
	MaxTree        = 1 << 12
	MaxTreeService = time.Second

	// MinGap is the least mean time between two tasks. There is no scheduler for more; a
	// time in microseconds that is taken for nanoseconds may look like it.
	MinGap = 10 * time.Nanosecond
)

// Version is the version of the format.
const Version = 1

// A Recording is a recorded load. It satisfies the rules of the package documentation if
// Read or Make returned it.
type Recording struct {
	Source   string // what it was made from, a word
	Duration time.Duration
	Tasks    []Task

	digest string
}

// A Task is one task of a recording.
type Task struct {
	At      int64 // ns from the start until it arrives; of a spawned task 0
	Service int64 // ns for which it keeps its worker busy
	After   int64 // of a spawned task: how long its parent has run then, in ns
	Parent  int32 // the number of the task that spawns it, or None
}

// None is the parent of a task that arrives from outside.
const None = -1

// tooFast reports whether tasks come faster than anything could run them.
func tooFast(tasks int, duration time.Duration) bool {
	return time.Duration(tasks)*MinGap > duration
}

// Digest identifies the recording: 12 hexadecimal digits. Recordings with different digests
// are different loads.
func (r *Recording) Digest() string { return r.digest }

// Arrivals returns how many tasks arrive from outside.
func (r *Recording) Arrivals() (n int) {
	for _, t := range r.Tasks {
		if t.Parent == None {
			n++
		}
	}
	return n
}

// Busy returns how many workers the load keeps busy on average. A pool with fewer cannot
// carry it.
func (r *Recording) Busy() float64 {
	sum := 0.0
	for _, t := range r.Tasks {
		sum += float64(t.Service)
	}
	return sum / float64(r.Duration)
}

// Each returns how many tasks there are, on average, in a stretch of that length.
func (r *Recording) Each(d time.Duration) float64 {
	return float64(len(r.Tasks)) * float64(d) / float64(r.Duration)
}
