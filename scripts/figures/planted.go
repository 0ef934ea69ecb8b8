package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// A program with a planted slowdown is the same source, but for a few lines by which each
// operation of one cell takes a share longer than it just took. So the metric is worse by
// that share on any machine and whatever the machine does meanwhile, which a delay of a
// fixed length is not: the median of a wake may double from one minute to the next. The
// time is spent where the operation would have spent it, not added to a result:
//
//   - wake, poisson: a task that has waited for t waits for another share of t before its
//     first instruction. In poisson the service time of the task counts from before that,
//     so that the load of the pool stays what it is, and the share is at most the service
//     time. Otherwise a queue that is long once would make all tasks behind it longer, and
//     so itself: such a program did not come to an end.
//   - spawn_many_remote_idle, ping_pong: what submits a batch waits for another share of the
//     batch's time before the batch has ended.
//   - trickle: what submits uses CPU time, a share of what the process has used without
//     waiting, every sixteenth task.
//
// The environment says which cell is slower. No program that is built otherwise has this.
const (
	plantedCell  = "IDLEBENCH_PLANTED"       // part of a cell's name
	plantedShare = "IDLEBENCH_PLANTED_SHARE" // 0.1
)

// plantedFile is the file that the program has in addition, in package workload.
const plantedFile = `package workload

import (
	"os"
	"strconv"
	"strings"

	"github.com/idlebench/idlebench/loadgen/cpu"
)

// slower is the share by which operations of this process's cell take longer.
var slower = func() float64 {
	cell := os.Getenv("` + plantedCell + `")
	for i, arg := range os.Args[:len(os.Args)-1] {
		if arg == "-cell" && cell != "" && strings.Contains(os.Args[i+1], cell) {
			share, err := strconv.ParseFloat(os.Getenv("` + plantedShare + `"), 64)
			if err != nil {
				panic(err)
			}
			return share
		}
	}
	return 0
}()

// stretch waits for a share of the time since start, and returns how long that took.
func stretch(g *Generator, start int64) int64 { return stretchWithin(g, start, 1<<62) }

// stretchWithin is stretch for at most so long.
func stretchWithin(g *Generator, start, most int64) int64 {
	now := g.Now()
	last := now
	for end := now + min(int64(slower*float64(now-start)), most); last < end; last = g.Now() {
	}
	return last - now
}

var spender struct{ calls, base, spent int64 }

// spend uses CPU time, a share of what the process has used without waiting since the first
// call. It asks the kernel seldom, since that takes CPU time, too.
func spend(g *Generator) {
	s := &spender
	if s.calls++; slower == 0 || s.calls%16 != 1 {
		return
	}
	u, err := cpu.ProcessUsage()
	if err != nil {
		panic(err)
	}
	used := int64(u.CPU) - g.Burnt() - s.spent
	if s.base == 0 {
		s.base = used
	}
	due := int64(slower*float64(used-s.base)) - s.spent
	if due <= 0 {
		return
	}
	start := g.Now()
	last := start
	for ; last < start+due; last = g.Now() {
	}
	s.spent += last - start
}
`

// plantedEdits are the lines that differ, by file of package workload. Each text occurs
// once.
var plantedEdits = []struct{ file, old, new string }{
	{"wake.go", "func (t *wakeTask) Run(w host.Worker) {\n", "func (t *wakeTask) Run(w host.Worker) {\n\tstretch(t.g, t.start)\n"},
	{"open_loop.go", "\tbegin := t.g.Now()\n\tt.g.Record(w, begin-t.at)\n",
		"\tbegin := t.g.Now()\n\tstretchWithin(t.g, t.at, t.service)\n\tt.g.Record(w, t.g.Now()-t.at)\n"},
	{"spawn_many.go", "\treturn g.Now() - start, nil\n", "\tstretch(g, start)\n\treturn g.Now() - start, nil\n"},
	{"ping_pong.go", "\treturn l.g.Finish(start), nil\n", "\ttook := l.g.Finish(start)\n\treturn took + stretch(l.g, l.g.Now()-took), nil\n"},
	{"trickle.go", "\ttook := g.Finish(l.start)\n", "\ttook := g.Finish(l.start)\n\tspend(g)\n"},
}

// plant writes the files of a planted program into a folder, and an overlay for the go
// command that has them replace those of the repository at root. It returns the path of
// the overlay.
func plant(root, folder string) (string, error) {
	source, err := filepath.Abs(filepath.Join(root, "loadgen", "workload"))
	if err != nil {
		return "", err
	}
	replace := make(map[string]string)
	write := func(name, text string) error {
		path := filepath.Join(folder, name)
		replace[filepath.Join(source, name)] = path
		return os.WriteFile(path, []byte(text), 0o666)
	}
	if err := write("planted.go", plantedFile); err != nil {
		return "", err
	}
	for _, e := range plantedEdits {
		text, err := os.ReadFile(filepath.Join(source, e.file))
		if err != nil {
			return "", err
		}
		if n := strings.Count(string(text), e.old); n != 1 {
			return "", fmt.Errorf("%s has %d times %q, which is to be slower: say in planted.go where its operation ends now", e.file, n, e.old)
		}
		if err := write(e.file, strings.Replace(string(text), e.old, e.new, 1)); err != nil {
			return "", err
		}
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "overlay.json")
	return path, os.WriteFile(path, overlay, 0o666)
}
