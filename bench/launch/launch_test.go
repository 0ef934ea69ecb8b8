package launch_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/cli"
	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/noise"
	"github.com/idlebench/idlebench/record"
)

// measuring is set in the environment if a launch is to measure.
const measuring = "IDLEBENCH_LAUNCH_TEST"

// holding, in the environment, is the file for the address of a launch that never ends;
// parent has the test's program start one. slicingParent has it begin a launch in slices
// and wait forever.
const (
	holding = "IDLEBENCH_LAUNCH_HOLDING"
	parent  = "parent"

	slicingParent = "slicing-parent"
)

// Started as a launch, the test's program is one, or prints its arguments.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == parent {
		_, err := launch.Request{Time: time.Hour}.Exec(context.Background())
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if len(os.Args) > 2 && os.Args[1] == slicingParent {
		wait(os.Args[2])
	}
	if len(os.Args) > 1 && os.Args[1] == launch.Command {
		if file := os.Getenv(holding); file != "" {
			hold(file)
		}
		if os.Getenv(measuring) != "" {
			os.Exit(cli.Main(catalog.Default(), os.Args[1:], os.Stdout, os.Stderr))
		}
		fmt.Fprintln(os.Stderr, strings.Join(os.Args[1:], " "))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// wait begins a launch of a cell, prints its process id, and never ends.
func wait(name string) {
	cell, err := record.ParseName(name)
	if err == nil {
		var c *launch.Child
		if c, err = (launch.Request{Cell: cell}).Begin(context.Background()); err == nil {
			fmt.Println(c.Pid())
			select {}
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// All launches of a run have the same CPUs, or fail: a CPU that was taken away is not
// silently left out.
func TestExecSaysWhichCPUs(t *testing.T) {
	allowed, err := cpu.Allowed()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ cpus, want cpu.Set }{{nil, allowed}, {cpu.SetOf(3, 5), cpu.SetOf(3, 5)}} {
		_, err := launch.Request{CPUs: test.cpus}.Exec(t.Context())
		if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("-cpus %v", test.want)) {
			t.Errorf("CPUs %v: got error %v, want one with -cpus %v", test.cpus, err, test.want)
		}
	}
}

// hold is a child whose end its connections see.
func hold(file string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err == nil {
		err = os.WriteFile(file+".tmp", []byte(l.Addr().String()), 0o666)
	}
	if err == nil {
		err = os.Rename(file+".tmp", file)
	}
	for err == nil {
		_, err = l.Accept() // stays open
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// A child does not outlive its parent, however that ends.
func TestOrphanEnds(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("a child ends its launch first")
	}
	file := filepath.Join(t.TempDir(), "address")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, parent)
	cmd.Env = append(os.Environ(), holding+"="+file)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	var address []byte
	for deadline := time.Now().Add(time.Minute); address == nil; {
		if address, err = os.ReadFile(file); err != nil && time.Now().After(deadline) {
			t.Fatal("no child after a minute:", err)
		}
		time.Sleep(time.Millisecond)
	}
	child, err := net.Dial("tcp", string(address))
	if err != nil {
		t.Fatal(err)
	}
	defer child.Close()
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if err := child.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if _, err := child.Read(make([]byte, 1)); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("the child still runs, a minute after its parent was killed")
	}
}

// A child that may not use its CPUs fails with an error of its own.
func TestExecUnplaced(t *testing.T) {
	if !cpu.CanPin {
		t.Skip("no CPU can be taken away here")
	}
	t.Setenv(measuring, "yes")
	cell, err := record.ParseName("Wake/impl=bitmap/park=cond/workers=1/gap=1ms")
	if err != nil {
		t.Fatal(err)
	}
	_, err = launch.Request{Cell: cell, CPUs: cpu.SetOf(60000), Time: time.Millisecond}.Exec(t.Context())
	if !errors.Is(err, cpu.ErrUnavailable) || !strings.HasPrefix(err.Error(), "cpu: CPU 60000: not available to this process") {
		t.Errorf("error %v", err)
	}
	cell.Impl = "nosuch"
	_, err = launch.Request{Cell: cell, Time: time.Millisecond}.Exec(t.Context())
	if err == nil || errors.Is(err, cpu.ErrUnavailable) {
		t.Errorf("another failure: error %v", err)
	}
}

// What is measured can be written down: its units are known, and its conditions
// and violated limits have the form of a result's.
func TestMeasure(t *testing.T) {
	c := catalog.Default()
	cells, err := matrix.Cells(c, matrix.Selection{
		Workloads: []string{"wake", "poisson", "platform_clock", "platform_offset", "platform_hiccup"},
		Impls:     []string{"mutexonly", "goroutine", "platform"},
		Size:      matrix.Quick,
		CPUs:      2,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, cell := range cells {
		t.Run(cell.Slug(), func(t *testing.T) {
			l, err := launch.Request{Cell: cell, Time: 5 * time.Millisecond}.Measure(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			var line bytes.Buffer
			if err := record.EncodeLaunch(&line, l); err != nil {
				t.Error(err)
			}
			for _, m := range l.Metrics {
				if !slices.ContainsFunc(record.Units(), func(u record.Unit) bool { return u.Name == m.Unit }) {
					t.Errorf("unit %s is in no table", m.Unit)
				}
			}
			for _, name := range l.Invalid {
				if !slices.ContainsFunc(noise.Limits(), func(limit noise.Limit) bool { return limit.Name == name }) {
					t.Errorf("invalid by %s, which is no limit", name)
				}
			}
			var keys []string
			for _, p := range l.Conditions {
				keys = append(keys, p.Key)
			}
			for _, key := range []string{"migrations", "affinity", "steal", "others", "worker-switches", "generator-switches", "gc", "stops", "clock-step"} {
				if !slices.Contains(keys, key) {
					t.Errorf("condition %s is missing in %v", key, keys)
				}
			}
			if open := slices.Contains(keys, "saturated"); open != (cell.Workload == "poisson") {
				t.Errorf("saturated is there: %v", open)
			}
		})
	}
}
