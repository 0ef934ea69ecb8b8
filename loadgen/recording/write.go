package recording

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"time"
)

// Make returns a recording of these tasks, which it keeps. It fails if they break a rule of
// the format; task is then the number of the first that does, or -1.
func Make(source string, duration time.Duration, tasks []Task) (r *Recording, task int, err error) {
	switch {
	case !isWord(source):
		return nil, -1, fmt.Errorf("source %q: want a word of lower-case letters, digits and '-'", source)
	case len(tasks) == 0:
		return nil, -1, fmt.Errorf("no tasks: nothing arrived")
	case duration < 1 || duration > MaxDuration:
		return nil, -1, fmt.Errorf("a recording of %v: want at most %v", duration, MaxDuration)
	case tooFast(len(tasks), duration):
		return nil, -1, fmt.Errorf("%d tasks in %v are more than one every %v: are the times in nanoseconds?", len(tasks), duration, MinGap)
	}
	c := checker{duration: duration}
	for i, t := range tasks {
		if f := c.add(t); f != nil {
			return nil, i, fmt.Errorf("%s; %s", f.problem, f.remedy)
		}
	}
	var b bytes.Buffer
	r = &Recording{Source: source, Duration: duration, Tasks: c.tasks}
	if err := r.Write(&b); err != nil {
		return nil, -1, err
	}
	r, err = Read(source, &b) // which identifies it
	return r, -1, err
}

// Write writes the recording as a file.
func (r *Recording) Write(to io.Writer) error {
	w := bufio.NewWriter(to)
	fmt.Fprintf(w, "idlebench-load %d\nsource %s\nduration %d\ntasks %d\n\n", Version, r.Source, int64(r.Duration), len(r.Tasks))
	for _, t := range r.Tasks {
		if t.Parent == None {
			fmt.Fprintf(w, "%d %d\n", t.At, t.Service)
		} else {
			fmt.Fprintf(w, "+%d %d %d\n", t.After, t.Service, t.Parent)
		}
	}
	return w.Flush() // has the first error
}
