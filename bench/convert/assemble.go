package convert

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/idlebench/idlebench/loadgen/recording"
)

const (
	// spawnWithin is how long after its tree's first task a task may arrive to stay spawned.
	spawnWithin = int64(time.Millisecond)

	// maxTree and maxTreeService bound a tree; the format allows for more.
	maxTree        = recording.MaxTree / 4
	maxTreeService = int64(recording.MaxTreeService) / 4
)

// A task is one as it was recorded, with times in nanoseconds on any clock.
type task struct {
	at, service int64
	parent      int // in the list, which may be unordered; none if it came from outside
	after       int64
	line        int // of a file, for errors
}

const none = -1

// assemble makes a recording of tasks that arrived between two times. If a task breaks a
// rule, its index is returned with the error, else -1.
func assemble(source string, tasks []task, start, end int64) (*recording.Recording, int, error) {
	order := make([]int, len(tasks))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(tasks[a].at, tasks[b].at) })
	type tree struct {
		at, service int64
		tasks       int
	}
	position := make([]int32, len(tasks)) // by index
	root := make([]int32, len(tasks))     // by position
	trees := make([]tree, len(tasks))     // by position of the root
	out := make([]recording.Task, len(tasks))
	for i := range position {
		position[i] = none
	}
	for n, i := range order {
		t := tasks[i]
		position[i], root[n] = int32(n), int32(n)
		out[n] = recording.Task{At: t.at - start, Service: t.service, Parent: recording.None}
		if t.parent != none {
			p := position[t.parent]
			if p == none {
				return nil, i, fmt.Errorf("it arrives before its parent, or its parent follows at the same time; a task follows its parent")
			}
			if r := root[p]; t.at-trees[r].at <= spawnWithin && trees[r].tasks < maxTree && t.service <= maxTreeService-trees[r].service {
				root[n] = r
				out[n] = recording.Task{After: min(t.after, out[p].Service), Service: t.service, Parent: p}
			}
		}
		r := root[n]
		if r == int32(n) {
			trees[r].at = t.at
		}
		trees[r].tasks++
		// Of a root of any length, the format decides.
		trees[r].service = min(trees[r].service, math.MaxInt64-t.service) + t.service
	}
	r, n, err := recording.Make(source, time.Duration(end-start), out)
	if n >= 0 {
		n = order[n]
	}
	return r, n, err
}
