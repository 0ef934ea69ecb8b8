package cli_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/idlebench/idlebench/bench/audit"
	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/cli"
	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/workload"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/evidence"
)

// plantedBench is bench with an artefact: the workload wake has another submitter,
// locking, which holds a lock that its tasks need while it is busy.
func plantedBench() {
	c := catalog.Default()
	i := slices.IndexFunc(c.Workloads, func(w workload.Workload) bool { return w.Name == "wake" })
	wake := c.Workloads[i]
	original := wake.New
	wake.Params = slices.Clone(wake.Params)
	for p := range wake.Params {
		if wake.Params[p].Name == "submitter" {
			wake.Params[p].Full = []string{"block", "locking"}
			wake.Params[p].Parse = func(text string) (int64, error) {
				if text == "locking" {
					return int64(workload.Thread), nil // which block is not
				}
				return int64(workload.Block), nil
			}
		}
	}
	wake.New = func(v workload.Values) workload.Load {
		if wake.How(v) == workload.Thread {
			return lockingLoad{original(v)}
		}
		return original(v)
	}
	c.Workloads[i] = wake
	os.Exit(cli.Main(c, os.Args[1:], os.Stdout, os.Stderr))
}

type lockingLoad struct{ workload.Load }

func (l lockingLoad) Run(g *workload.Generator, limit time.Duration) (workload.Totals, error) {
	pool := g.Pool
	defer func() { g.Pool = pool }()
	g.Pool = &lockingPool{Pool: pool}
	return l.Load.Run(g, limit)
}

// A lockingPool is a pool whose tasks need the submitter's lock.
type lockingPool struct {
	workload.Pool
	lock sync.Mutex
}

// held is much longer than a wake-up.
const held = 3 * time.Millisecond

func (p *lockingPool) Submit(t host.Task) error {
	p.lock.Lock()
	defer p.lock.Unlock()
	err := p.Pool.Submit(lockedTask{t, p})
	for start := time.Now(); time.Since(start) < held; {
	}
	return err
}

type lockedTask struct {
	host.Task
	pool *lockingPool
}

func (t lockedTask) Run(w host.Worker) {
	t.pool.lock.Lock()
	defer t.pool.lock.Unlock()
	t.Task.Run(w)
}

// The command detects an artefact of the harness.
func TestAuditFindsArtefact(t *testing.T) {
	park := "go-chan"
	if runtime.GOOS == "linux" {
		park = "futex"
	}
	folder := filepath.Join(t.TempDir(), "audit")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Args = strings.Fields("plantedbench audit -workload wake -impl bitmap -rounds 12 -time 5ms -warmup 1ms -park " + park + " -o " + folder)
	if out, err := cmd.CombinedOutput(); err != nil && !strings.Contains(string(out), noneValid) {
		t.Fatalf("%v\n%s", err, out)
	}
	c, err := evidence.Read[evidence.Design, evidence.Evidence](evidence.Audit, folder)
	if err != nil {
		t.Fatal(err)
	}
	run, err := record.Read(folder)
	if err != nil {
		t.Fatal(err)
	}
	// While other tests run, possibly no launch is valid. The artefact is larger than
	// any disturbance.
	for i := range run.Recorded {
		run.Recorded[i].Invalid = nil
	}
	e, err := audit.Evaluate(c.Design, run)
	if err != nil {
		t.Fatal(err)
	}
	cell := c.Design.Subjects[0].Cell
	found := slices.DeleteFunc(e.Of(cell, "p50-ns/wake"), func(r evidence.Result) bool { return r.Property != "submitter=locking" })
	if len(found) != 1 || found[0].Status != evidence.Moved || found[0].Ratio < 3 {
		t.Errorf("the artefact was planted as submitter=locking; found %+v\n%s", found, audit.Text(e, folder))
	}
}

// An interrupted audit keeps what was measured, with evidence, and can be resumed.
func TestInterruptAudit(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot be interrupted by another here")
	}
	folder := filepath.Join(t.TempDir(), "audit")
	cmd, stderr := bench(t, strings.Fields("audit -workload wake -impl bitmap,mutexonly -rounds 2 -time 1ms -warmup 0s -o "+folder)...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	started := cmd.Process
	kill := time.AfterFunc(time.Minute, func() { started.Kill() })
	defer kill.Stop()
	waitForLaunches(t, folder, 3)
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	err := cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != cli.Interrupted {
		t.Errorf("exit status %d (%v), want %d; stderr:\n%s", code, err, cli.Interrupted, stderr.String())
	}
	if want := fmt.Sprintf(`"bench audit -resume %s" measures the rest`, folder); !strings.Contains(stderr.String(), want) {
		t.Errorf("stderr does not say %s:\n%s", want, stderr.String())
	}
	e, err := evidence.ReadAudit(folder)
	if err != nil || e.State != record.Interrupted || e.Launches < 3 {
		t.Errorf("the evidence is of %d launches of a run that is %s, %v", e.Launches, e.State, err)
	}
	kill.Stop()
	cmd, stderr = bench(t, "audit", "-resume", folder)
	if err := cmd.Run(); err != nil && !strings.Contains(stderr.String(), noneValid) {
		t.Fatalf("going on: %v; stderr:\n%s", err, stderr.String())
	}
	if e, err = evidence.ReadAudit(folder); err != nil || e.State != record.Complete {
		t.Errorf("after going on the run is %s, %v", e.State, err)
	}
}
