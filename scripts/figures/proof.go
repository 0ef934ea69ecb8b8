package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/idlebench/idlebench/bench/engine"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/compare"
	"github.com/idlebench/idlebench/stats/gate"
)

// proofFolder has the outcome of the proof of the gate.
const proofFolder = "results/proof"

// proofFile is the file in it.
const proofFile = "proof.json"

// A proofData is what became of comparisons whose right answer is known.
type proofData struct {
	Commit string        `json:"commit"`    // that was compared with itself
	Budget time.Duration `json:"budget_ns"` // of each comparison
	Runs   int           `json:"runs"`      // of each kind
	Share  float64       `json:"share"`     // by which the planted cell is slower
	Config []record.Pair `json:"config"`    // of the first comparison
	Cells  []string      `json:"cells"`     // that are compared, in parts of their names
	Done   []proofRun    `json:"done"`      // in the order in which they were made

	// Ended is why the proof was given up before it was finished, written by hand; then
	// the next proof takes its place. Empty if it was not.
	Ended string `json:"ended,omitempty"`
}

// over reports whether there will be no more comparisons.
func (d proofData) over() bool { return len(d.Done) >= 2*d.Runs || d.Ended != "" }

// A proofRun is one comparison.
type proofRun struct {
	Planted string        `json:"planted,omitempty"` // the cell that is slower; "" if the two are the same code
	Exit    int           `json:"exit"`              // the status with which "bench compare" ended
	Why     string        `json:"why"`
	Took    time.Duration `json:"took_ns"`
	Seed    uint64        `json:"seed,string"`

	// Change is how much worse the planted cell was estimated to be; nil if it is unknown.
	Change *gate.Change `json:"change,omitempty"`

	// Status is how many cells have each status.
	Status map[gate.Status]int `json:"status"`
}

// right reports whether the gate did what it is for.
func (r proofRun) right() bool {
	if r.Planted == "" {
		return r.Exit == gate.Pass.Exit()
	}
	return r.Exit == gate.Fail.Exit()
}

// proof makes the comparisons of a proof that are not made yet: as many of the same code as
// with a slowdown planted in one cell, in turn. Each is written as soon as it has ended, so
// that a proof that is interrupted goes on where it was.
func proof(args []string) error {
	flags := flag.NewFlagSet("proof", flag.ExitOnError)
	runs := flags.Int("runs", 10, "comparisons of the same code, and as many with a slowdown")
	budget := flags.Duration("budget", 2*time.Minute, "time of each")
	share := flags.Float64("share", 0.1, "by how much the planted cell is slower")
	folder := flags.String("o", proofFolder, "folder of the outcome")
	_ = flags.Parse(args) // it exits
	if flags.NArg() > 0 {
		return fmt.Errorf("proof: what is %q?", flags.Arg(0))
	}
	if *runs < 1 || *budget <= 0 || *share <= 0 {
		return fmt.Errorf("proof: -runs %d -budget %v -share %v: all must be positive", *runs, *budget, *share)
	}
	p, err := newPrograms()
	if err != nil {
		return err
	}
	defer p.remove()
	want := proofData{Commit: p.commit, Budget: *budget, Runs: *runs, Share: *share}
	data, err := readProof(*folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		data = want
	case err != nil:
		return err
	case !data.over() && !data.same(want):
		return fmt.Errorf("%s is not finished, and of another commit, budget, share or number: \"git checkout\" what it has, remove it, or choose another -o", *folder)
	case data.over():
		data = want // once more
	}
	if err := os.MkdirAll(*folder, 0o777); err != nil {
		return err
	}
	for len(data.Done) < 2*data.Runs {
		n := len(data.Done)
		r := proofRun{Seed: rand.Uint64()}
		if n%2 == 1 {
			r.Planted = spreadOver(data.Cells, n/2, data.Runs)
		}
		d, config, err := p.compare(&r, data.Budget, data.Share)
		if err != nil {
			return fmt.Errorf("%w; the same command goes on with comparison %d of %d", err, n+1, 2*data.Runs)
		}
		if n == 0 {
			if data.Config, data.Cells = config, cellsOf(d); data.Cells == nil {
				return fmt.Errorf("nothing was compared: %s", d.Why)
			}
		}
		data.Done = append(data.Done, r)
		if err := writeProof(*folder, data); err != nil {
			return err
		}
		fmt.Printf("%d of %d: %s\n", n+1, 2*data.Runs, r.line())
	}
	fmt.Print(data.table())
	if n := right(data.Done); float64(n) < enough*float64(len(data.Done)) {
		return fmt.Errorf("%d of %d comparisons were right, want %.0f %%", n, len(data.Done), 100*enough)
	}
	return nil
}

// enough is the share of comparisons that have to be right.
const enough = 0.9

// same reports whether the comparisons of two proofs are of one kind.
func (d proofData) same(o proofData) bool {
	return d.Commit == o.Commit && d.Budget == o.Budget && d.Runs == o.Runs && d.Share == o.Share
}

// spreadOver returns the i-th of n cells that are evenly distributed over all. Two of three
// are the first and the second and then the first and the third, so that all
// implementations are among them.
func spreadOver(cells []string, i, n int) string {
	if n < len(cells) {
		return cells[(i*len(cells)+i/2%2*(n-1))/n]
	}
	return cells[i%len(cells)]
}

func readProof(folder string) (d proofData, err error) {
	text, err := os.ReadFile(filepath.Join(folder, proofFile))
	if err != nil {
		return d, err
	}
	return d, json.Unmarshal(text, &d)
}

// writeProof replaces the file at once, so that it is whole at any time.
func writeProof(folder string, d proofData) error {
	text, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return err
	}
	name := filepath.Join(folder, proofFile)
	if err := os.WriteFile(name+".new", append(text, '\n'), 0o666); err != nil {
		return err
	}
	return os.Rename(name+".new", name)
}

// programs are those that are compared. Old is built in a clone, as scripts/compare does, and
// new in this checkout.
type programs struct {
	folder            string // temporary
	commit            string
	old, new, planted string // paths
}

func newPrograms() (p programs, err error) {
	commit, err := exec.Command("git", "rev-parse", "HEAD").Output()
	if err != nil {
		return p, fmt.Errorf("git rev-parse HEAD: %w", err)
	}
	p.commit = strings.TrimSpace(string(commit))
	changed, err := exec.Command("git", "status", "--porcelain", "--", "*.go", "go.mod", "go.sum").Output()
	if err != nil {
		return p, fmt.Errorf("git status: %w", err)
	}
	if len(changed) > 0 {
		return p, fmt.Errorf("commit first: the two programs are built of a commit, and these files are not as it has them:\n%s", changed)
	}
	if p.folder, err = os.MkdirTemp("", "proof-"); err != nil {
		return p, err
	}
	defer func() {
		if err != nil {
			p.remove()
		}
	}()
	program := func(name string) string { return filepath.Join(p.folder, "bench-"+name) }
	p.old, p.new, p.planted = program("old"), program("new"), program("planted")
	clone := filepath.Join(p.folder, "old")
	overlay, err := plant(".", p.folder)
	if err != nil {
		return p, err
	}
	for _, step := range [][]string{
		{"git", "clone", "--quiet", "--shared", "--no-checkout", ".", clone},
		{"git", "-C", clone, "checkout", "--quiet", "--detach", p.commit},
		{"go", "build", "-C", clone, "-o", p.old, "./bench"},
		{"go", "build", "-o", p.new, "./bench"},
		{"go", "build", "-overlay", overlay, "-o", p.planted, "./bench"},
	} {
		if err := run(step[0], step[1:]...); err != nil {
			return p, err
		}
	}
	return p, nil
}

func (p programs) remove() { _ = os.RemoveAll(p.folder) }

// compare makes a comparison, and returns its decision and the configuration of the machine.
// A signal ends the comparison and is an error.
func (p programs) compare(r *proofRun, budget time.Duration, share float64) (d gate.Decision, config []record.Pair, err error) {
	folder := filepath.Join(p.folder, "comparison")
	defer os.RemoveAll(folder)
	new := p.new
	if r.Planted != "" {
		new = p.planted
	}
	cmd := exec.Command(p.new, "compare", "-old", p.old, "-new", new, "-budget", budget.String(), "-seed", strconv.FormatUint(r.Seed, 10), "-o", folder)
	cmd.Env = append(os.Environ(), plantedCell+"="+r.Planted, plantedShare+"="+strconv.FormatFloat(share, 'g', -1, 64))
	cmd.Stderr, cmd.Stdout = os.Stderr, io.Discard
	// The terminal sends a signal to the comparison, too, which ends with what it has.
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return d, nil, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err = <-ended:
	case s := <-signals:
		_ = cmd.Process.Signal(s) // unless it has ended
		<-ended
		return d, nil, engine.ErrInterrupted
	}
	r.Took = time.Since(start).Round(time.Second)
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return d, nil, err
	}
	r.Exit = cmd.ProcessState.ExitCode()
	text, err := os.ReadFile(filepath.Join(folder, "gate.json"))
	if err != nil {
		return d, nil, err
	}
	if err := json.Unmarshal(text, &d); err != nil {
		return d, nil, err
	}
	r.take(d)
	m, err := record.ReadManifest(filepath.Join(folder, compare.New))
	return d, m.Config, err
}

// take takes over what a decision says.
func (r *proofRun) take(d gate.Decision) {
	r.Why, r.Status = d.Why, make(map[gate.Status]int)
	for _, f := range d.Findings {
		r.Status[f.Status]++
		if r.Planted != "" && strings.Contains(f.Row, r.Planted) {
			r.Change = f.Change
		}
	}
}

// cellsOf returns the cells of a decision by workload and implementation:
// "Wake/impl=bitmap/".
func cellsOf(d gate.Decision) (cells []string) {
	for _, f := range d.Findings {
		cell := f.Row
		if parts := strings.SplitAfterN(f.Row, "/", 3); len(parts) == 3 {
			cell = parts[0] + parts[1]
		}
		if !slices.Contains(cells, cell) {
			cells = append(cells, cell)
		}
	}
	return cells
}
