package launch

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/loadgen"
	"github.com/idlebench/idlebench/loadgen/latency"
	"github.com/idlebench/idlebench/record"
)

// version is that of the protocol.
const version = 1

// A hello is what a child says when it has warmed up.
type hello struct {
	Sliced int  `json:"sliced"` // version
	Spins  bool `json:"spins"`
}

// A reply is what a child says after a slice.
type reply struct {
	Exceeded []string `json:"exceeded"`

	// Began and Ended say when the operations that count ran, by a clock that processes
	// share; see monotonic. They are there for launches with a victim.
	Began int64 `json:"began,omitempty"`
	Ended int64 `json:"ended,omitempty"`
}

// CanSlice reports whether a cell of the catalogue can be measured in slices on this
// system. Some workloads must be measured in one go (workload.Workload, Whole), and a
// child that spins while it waits has to be stopped between slices.
func CanSlice(c catalog.Catalog, cell record.Cell) bool {
	spec, err := matrix.Spec(c, cell, nil)
	return err == nil && whole(spec) == ""
}

// whole says why a cell has to be measured in one go; "" if it has not.
func whole(spec loadgen.Spec) string {
	if spec.Subject.Spins && !canStop {
		return "its workers spin while they wait, and processes cannot be stopped on this system"
	}
	return spec.Workload.Whole
}

// sliced is the flag of a child that measures in slices.
const sliced = "-sliced"

// Serve carries out the request in this process, in the slices that it is asked for on
// in; see the package documentation. If in ends before that is asked for, there is no
// launch and no error.
func (r Request) Serve(ctx context.Context, c catalog.Catalog, in io.Reader, out io.Writer) error {
	spec, err := r.spec(c)
	if err != nil {
		return err
	}
	if spec.HasVictim() {
		spec.VictimProcess = os.Getppid() // it asks for slices that are long enough
	} else if why := whole(spec); why != "" {
		return fmt.Errorf("%s cannot be measured in slices: %s", r.Cell.Name(), why)
	}
	start := time.Now()
	sitting, err := loadgen.Start(ctx, spec)
	if err != nil {
		return err
	}
	say := json.NewEncoder(out)
	if err := say.Encode(hello{version, spec.Subject.Spins}); err != nil {
		return err
	}
	requests := bufio.NewReader(in)
	for {
		line, err := readLine(ctx, requests)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if line == "end\n" {
			break
		}
		lead, length, err := parseSlice(line)
		if err != nil {
			return err
		}
		exceeded, err := sitting.Slice(ctx, lead, length)
		if err != nil {
			return err
		}
		answer := reply{Exceeded: append([]string{}, exceeded...)}
		if spec.HasVictim() {
			answer.Began, answer.Ended = sitting.UnderWay()
			ahead := monotonic() - latency.Now()
			answer.Began, answer.Ended = answer.Began+ahead, answer.Ended+ahead
		}
		if err := say.Encode(answer); err != nil {
			return err
		}
	}
	m, err := sitting.End(ctx)
	if err != nil {
		return err
	}
	l := r.launch(start, m)
	l.Conditions = append(l.Conditions,
		record.Pair{Key: "slices", Value: strconv.Itoa(m.Kept)},
		record.Pair{Key: "dropped-slices", Value: strconv.Itoa(m.Dropped)},
	)
	return record.EncodeLaunch(out, l)
}

// readLine reads a line. If the context ends first, the read is abandoned.
//
// Nothing else happens during the read. Go's runtime in particular does not stop the
// world: in a child with a blocking read that once took forever; see endWithParent.
func readLine(ctx context.Context, from *bufio.Reader) (string, error) {
	type result struct {
		line string
		err  error
	}
	read := make(chan result, 1)
	go func() {
		line, err := from.ReadString('\n')
		read <- result{line, err}
	}()
	select {
	case r := <-read:
		return r.line, r.err
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

// parseSlice reads the request for a slice.
func parseSlice(line string) (lead, length time.Duration, err error) {
	var ns [2]int64
	f := strings.Fields(line)
	ok := len(f) == 3 && f[0] == "slice"
	for i := range ns {
		if ok {
			ns[i], err = strconv.ParseInt(f[1+i], 10, 64)
			ok = err == nil && ns[i] >= 0
		}
	}
	if !ok {
		return 0, 0, fmt.Errorf(`launch: request %q: want "slice LEAD LENGTH", in nanoseconds, or "end"`, line)
	}
	return time.Duration(ns[0]), time.Duration(ns[1]), nil
}

func formatSlice(lead, length time.Duration) string {
	return fmt.Sprintf("slice %d %d\n", lead.Nanoseconds(), length.Nanoseconds())
}
