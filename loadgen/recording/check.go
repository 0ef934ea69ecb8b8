package recording

import (
	"fmt"
	"time"
)

// A checker applies the rules of the format to tasks in their order. Of each task it keeps
// the tree that it belongs to, so it needs no second pass.
type checker struct {
	duration time.Duration
	last     int64   // when the latest arrival is due
	tree     []int32 // of each task: the number of its root
	size     []int32 // by the root's number: the tasks of its tree
	service  []int64 // likewise, how long they take
	tasks    []Task
}

// add adds a task, or says which rule it breaks.
func (c *checker) add(t Task) *fault {
	n := len(c.tasks)
	if n == MaxTasks {
		return &fault{fmt.Sprintf("more than %d tasks", MaxTasks), "record a shorter time"}
	}
	if t.Service < 0 || t.At < 0 || t.After < 0 {
		return &fault{"a negative time", "times count from the start of the recording, or of the parent"}
	}
	root := int32(n)
	switch {
	case t.Parent == None && t.At >= int64(c.duration):
		return &fault{fmt.Sprintf("an arrival at %d ns, and the recording lasts for %d ns", t.At, c.duration), "the duration in the header is too short, or the unit is wrong"}
	case t.Parent == None && t.At < c.last:
		return &fault{fmt.Sprintf("an arrival at %d ns after one at %d ns", t.At, c.last), "sort the arrivals in ascending order"}
	case t.Parent == None:
		c.last = t.At
	case t.Parent < 0 || int(t.Parent) >= n:
		return &fault{fmt.Sprintf("task %d is spawned by task %d, which does not come before it", n, t.Parent), "a task follows its parent; tasks are counted from 0"}
	case t.After > c.tasks[t.Parent].Service:
		return &fault{fmt.Sprintf("spawned when its parent has run for %d ns, and that runs for %d ns", t.After, c.tasks[t.Parent].Service), "a parent spawns while it runs"}
	default:
		root = c.tree[t.Parent]
	}
	c.tasks = append(c.tasks, t)
	c.tree = append(c.tree, root)
	c.size = append(c.size, 0)
	c.service = append(c.service, 0)
	c.size[root]++
	if c.size[root] > MaxTree {
		return &fault{fmt.Sprintf("more than %d tasks are spawned from one arrival", MaxTree), "let some of them arrive by the clock"}
	}
	if t.Service > int64(MaxTreeService)-c.service[root] {
		return &fault{fmt.Sprintf("an arrival and what is spawned from it take more than %v", MaxTreeService), "is the unit nanoseconds? A load of such long tasks does not depend on how workers sleep"}
	}
	c.service[root] += t.Service
	return nil
}

// A fault is a rule that is broken, with what to do.
type fault struct{ problem, remedy string }

// An Error says what is wrong with a file, where, and what to do.
type Error struct {
	File    string
	Line    int // from 1
	Problem string
	Remedy  string
}

// Error returns "file:line: problem; remedy".
func (e *Error) Error() string {
	return fmt.Sprintf("%s:%d: %s; %s", e.File, e.Line, e.Problem, e.Remedy)
}
