package main

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/perf/benchfmt"
)

// A record is what was measured so far.
type record struct {
	turns   []turn
	results []result // in the order of their turns
}

// A turn is one package in one round.
type turn struct {
	round int
	name  string
	at    time.Time // when it ended
}

// A result is a line of a benchmark.
type result struct {
	turn    int    // the index of its turn
	design  string // the package, with what its benchmark's name has besides cores and threads
	op      string // such as NotifySearcherExists
	cores   int    // 0 for the atomic load
	threads string // 1 or all
	ns      float64
	allocs  float64
}

// loadOp is the operation that is the yardstick.
const loadOp = "AtomicLoad"

func (r record) has(round int, name string) bool {
	return slices.ContainsFunc(r.turns, func(t turn) bool { return t.round == round && t.name == name })
}

// until returns the record of the rounds before a number.
func (r record) until(rounds int) record {
	return record{r.turns, slices.DeleteFunc(slices.Clone(r.results), func(v result) bool { return r.turns[v.turn].round >= rounds })}
}

// A block of the record begins with the turn and ends with a line that says so: one
// without it was torn.
const (
	beginning = "# turn "
	ending    = "# end\n"
)

// block is a turn with what its benchmarks printed.
func block(t turn, out []byte) []byte {
	return fmt.Appendf(nil, "%s%d %s %s\n%s%s", beginning, t.round, t.name, t.at.UTC().Format(time.RFC3339), out, ending)
}

// read reads a record, and says how many bytes of it are whole blocks.
func read(text []byte) (r record, whole int, err error) {
	for {
		rest := text[whole:]
		end := bytes.Index(rest, []byte("\n"+ending))
		if end < 0 {
			return r, whole, nil
		}
		end += 1 + len(ending)
		if err := r.add(string(rest[:end])); err != nil {
			return r, whole, err
		}
		whole += end
	}
}

// add adds a whole block.
func (r *record) add(text string) error {
	head, body, _ := strings.Cut(text, "\n")
	fields := strings.Fields(strings.TrimPrefix(head, beginning))
	if !strings.HasPrefix(head, beginning) || len(fields) != 3 {
		return fmt.Errorf("%q begins no turn", head)
	}
	round, err := strconv.Atoi(fields[0])
	if err != nil {
		return err
	}
	at, err := time.Parse(time.RFC3339, fields[2])
	if err != nil {
		return err
	}
	r.turns = append(r.turns, turn{round, fields[1], at})
	lines := benchfmt.NewReader(strings.NewReader(body), fields[1])
	for lines.Scan() {
		line, ok := lines.Result().(*benchfmt.Result)
		if !ok {
			continue // a comment, or configuration
		}
		result := parse(fields[1], string(line.Name))
		result.turn = len(r.turns) - 1
		sec, timed := line.Value("sec/op")
		if !timed {
			return fmt.Errorf("%s of %s has no time", line.Name, fields[1])
		}
		result.ns = 1e9 * sec
		result.allocs, _ = line.Value("allocs/op")
		r.results = append(r.results, result)
	}
	return lines.Err()
}

// parse takes the name of a benchmark apart.
func parse(pkg, name string) (r result) {
	if i := strings.LastIndexByte(name, '-'); i >= 0 && strings.Trim(name[i+1:], "0123456789") == "" {
		name = name[:i] // GOMAXPROCS
	}
	parts := strings.Split(name, "/")
	r.design, r.op = pkg, parts[0]
	for _, part := range parts[1:] {
		key, value, _ := strings.Cut(part, "=")
		switch n, err := strconv.Atoi(value); {
		case key == "cores" && err == nil:
			r.cores = n
		case key == "threads":
			r.threads = value
		case r.op != loadOp:
			r.design += " " + part
		}
	}
	return r
}
