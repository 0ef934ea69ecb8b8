package launch_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/profile"
)

const (
	sleeping = "Wake/impl=bitmap/park=cond/workers=1/gap=20us/submitter=block"
	spinning = "Wake/impl=bitmap/park=spin/workers=1/gap=20us/submitter=block"
)

func parse(t *testing.T, name string) record.Cell {
	t.Helper()
	cell, err := record.ParseName(name)
	if err != nil {
		t.Fatal(err)
	}
	return cell
}

// begin starts a launch of a cell in slices.
func begin(t *testing.T, name string) *launch.Child {
	t.Helper()
	t.Setenv(measuring, "yes")
	c, err := launch.Request{Cell: parse(t, name), Round: 3, Warmup: time.Millisecond, Seed: 1}.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Kill)
	return c
}

// Launches take turns. Each has counted its slices, the dropped ones too.
func TestTurns(t *testing.T) {
	names := []string{sleeping, spinning, sleeping}
	if runtime.GOOS != "linux" {
		names[1] = sleeping
	}
	var children []*launch.Child
	for _, name := range names {
		children = append(children, begin(t, name))
	}
	const passes = 4
	dropped := make([]int, len(children))
	for pass := range passes {
		for i := range children {
			i = (i + pass) % len(children)
			exceeded, err := children[i].Slice(t.Context(), time.Millisecond, 2*time.Millisecond)
			if err != nil {
				t.Fatal(err)
			}
			if len(exceeded) > 0 {
				dropped[i]++
			}
		}
	}
	for i, c := range children {
		l, err := c.End(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if l.Cell.Name() != names[i] || l.N < 1 || l.Round != 3 || l.Latency.TotalCount() != l.N {
			t.Errorf("%+v", l)
		}
		got := []string{l.Condition("slices"), l.Condition("dropped-slices")}
		if want := []string{strconv.Itoa(passes - dropped[i]), strconv.Itoa(dropped[i])}; !slices.Equal(got, want) {
			t.Errorf("slices and dropped ones: %q, want %q", got, want)
		}
		if dropped[i] == passes && len(l.Invalid) == 0 {
			t.Errorf("no slice was kept, and the launch is valid: %+v", l)
		}
	}
}

// serve has this process speak the protocol, and returns the lines that it answers.
func serve(t *testing.T, name, requests string) ([]string, error) {
	t.Helper()
	var out bytes.Buffer
	r := launch.Request{Cell: parse(t, name)}
	err := r.Serve(t.Context(), catalog.Default(), strings.NewReader(requests), &out)
	return strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n"), err
}

func TestProtocol(t *testing.T) {
	lines, err := serve(t, sleeping, "slice 0 1000000\nslice 1000 1000\nend\n")
	if err != nil || len(lines) != 4 {
		t.Fatalf("%q, %v", lines, err)
	}
	if lines[0] != `{"sliced":1,"spins":false}` || !strings.HasPrefix(lines[1], `{"exceeded":[`) || !strings.HasPrefix(lines[2], `{"exceeded":[`) {
		t.Errorf("%q", lines[:3])
	}
	l, err := record.DecodeLaunch(strings.NewReader(lines[3]))
	if err != nil || l.Cell.Name() != sleeping {
		t.Errorf("%+v, %v", l, err)
	}
}

// child is the command of a launch that measures in slices.
func child(t *testing.T, name string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, launch.Command, "-sliced", "-cell", name, "-warmup", "1ms")
	cmd.Env = append(os.Environ(), measuring+"=yes")
	return cmd
}

// A child whose input ends exits quietly, whether or not it has measured.
func TestInputEnds(t *testing.T) {
	for _, requests := range []string{"", "slice 1000 1000\n"} {
		cmd := child(t, sleeping)
		cmd.Stdin = strings.NewReader(requests)
		var stdout, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		err := cmd.Run()
		if err != nil || stderr.Len() > 0 || strings.Count(stdout.String(), "\n") != 1+strings.Count(requests, "\n") {
			t.Errorf("after %q: %v, output %q, %q", requests, err, stdout.String(), stderr.String())
		}
	}
}

// Requests that make no sense are errors.
func TestBadRequests(t *testing.T) {
	for _, request := range []string{"slice 1\n", "slice -1 1000\n", "slice 1000 x\n", "slice 1 2 3\n", "stop\n", "\n"} {
		cmd := child(t, sleeping)
		cmd.Stdin = strings.NewReader(request)
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), fmt.Sprintf("request %q", request)) {
			t.Errorf("after %q: %v, output %q", request, err, out)
		}
	}
}

// A child that is killed during a slice is the error of that slice, and of what follows.
func TestKilledDuringSlice(t *testing.T) {
	c := begin(t, sleeping)
	time.AfterFunc(50*time.Millisecond, c.Kill)
	_, err := c.Slice(t.Context(), 0, time.Hour)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || launch.Signalled(err) {
		t.Errorf("error %v", err)
	}
	if _, err := c.Slice(t.Context(), 0, time.Millisecond); err == nil {
		t.Error("a slice of a child that was killed")
	}
	if l, err := c.End(t.Context()); err == nil {
		t.Errorf("a child that was killed returned %+v", l)
	}
}

// A child ends when the context does, even if it is stopped.
func TestSliceIsCancelled(t *testing.T) {
	cause := errors.New("enough")
	for _, name := range []string{sleeping, spinning} {
		if name == spinning && runtime.GOOS != "linux" {
			continue
		}
		c := begin(t, name)
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(50*time.Millisecond, func() { cancel(cause) })
		if _, err := c.Slice(ctx, 0, time.Hour); !errors.Is(err, cause) {
			t.Errorf("error %v", err)
		}
	}
	// A child that never says that it has warmed up.
	t.Setenv(holding, filepath.Join(t.TempDir(), "address"))
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(50*time.Millisecond, func() { cancel(cause) })
	if _, err := (launch.Request{Cell: parse(t, sleeping)}).Begin(ctx); !errors.Is(err, cause) {
		t.Errorf("error %v", err)
	}
}

// The parent hears of a signal that ended its child, while it waited and while it
// measured.
func TestSignalledChild(t *testing.T) {
	for _, waits := range []bool{true, false} {
		c := begin(t, sleeping)
		p, err := os.FindProcess(c.Pid())
		if err != nil {
			t.Fatal(err)
		}
		if waits {
			err = p.Signal(os.Interrupt)
		} else {
			time.AfterFunc(50*time.Millisecond, func() { _ = p.Signal(os.Interrupt) })
		}
		if err != nil {
			t.Skip(err)
		}
		if _, err := c.Slice(t.Context(), 0, time.Hour); !launch.Signalled(err) {
			t.Errorf("it waited: %v; error %v", waits, err)
		}
	}
}

// A request that cannot be carried out fails as a whole launch does.
func TestBeginErrors(t *testing.T) {
	t.Setenv(measuring, "yes")
	fail := func(r launch.Request) error {
		c, err := r.Begin(t.Context())
		if err == nil {
			c.Kill()
		}
		return err
	}
	if err := fail(launch.Request{Cell: parse(t, sleeping), Program: filepath.Join(t.TempDir(), "nosuch")}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no program: error %v", err)
	}
	for name, want := range map[string]string{
		"Wake/impl=nosuch/park=cond/workers=1/gap=1ms": "no implementation nosuch",
		"Idle/impl=bitmap/park=cond/workers=1":         "cannot be measured in slices",
		"Shutdown/impl=bitmap/park=cond/workers=1":     "cannot be measured in slices",
	} {
		if err := fail(launch.Request{Cell: parse(t, name)}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one with %q", name, err, want)
		}
	}
	if err := fail(launch.Request{Cell: parse(t, sleeping), Profile: profile.CPU, File: "x"}); err == nil {
		t.Error("slices were profiled")
	}
	if cpu.CanPin {
		if err := fail(launch.Request{Cell: parse(t, sleeping), CPUs: cpu.SetOf(60000)}); !errors.Is(err, cpu.ErrUnavailable) {
			t.Errorf("CPU 60000: error %v", err)
		}
	}
}

// What can be sliced is what its workload says, except for what spins where it cannot
// be stopped.
func TestCanSlice(t *testing.T) {
	for name, want := range map[string]bool{
		sleeping: true,
		spinning: runtime.GOOS == "linux",
		"Wake/impl=floor/park=spin/workers=1/gap=20us":          runtime.GOOS == "linux",
		"Idle/impl=bitmap/park=cond/workers=1":                  false,
		"PlatformClock/impl=platform/park=none/workers=1":       false,
		"Wake/impl=nosuch/park=cond/workers=1/gap=20us":         false,
		"SpawnManyRemoteIdle/impl=bitmap/park=cond/workers=2":   true,
		"Trickle/impl=goroutine/park=go/workers=1/period=1ms":   false,
		"StormShutdown/impl=bitmap/park=go-cond/workers=1":      false,
		"Poisson/impl=bitmap/park=go-cond/workers=1/load=0.2":   true,
		"Wake/impl=bitmap/park=spin-futex-50us/workers=1":       runtime.GOOS == "linux",
		"Wake/impl=channels/park=mailbox/workers=1/gap=200us":   true,
		"PingPong/impl=goroutine/park=go/workers=2/pings=1000":  true,
		"Debt/impl=bitmap/park=cond/workers=4/pattern=burst":    true,
		"RampUp/impl=bitmap/park=cond/workers=2/submit=all":     true,
		"Nosuch/impl=bitmap/park=cond/workers=2":                false,
		"PlatformHiccup/impl=platform/park=none/workers=1":      false,
		"RampDown/impl=bitmap/park=cond/workers=2/gap=1ms":      true,
		"Mixed/impl=bitmap/park=cond/workers=2/ratio=4":         true,
		"YieldMany/impl=bitmap/park=cond/workers=2/tasks=200":   true,
		"SpawnManyRemoteBusy1/impl=bitmap/park=cond/workers=2":  true,
		"ChainedSpawn/impl=bitmap/park=cond/workers=2":          true,
		"Wakestorm/impl=bitmap/park=cond/workers=2/shape=tight": true,
	} {
		if got := launch.CanSlice(catalog.Default(), parse(t, name)); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// state returns the state of a process on Linux, "" if there is none: T is stopped, Z has
// ended.
func state(pid int) string {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return ""
	}
	f := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	return f[0]
}

// waitFor waits until a process is in one of the states.
func waitFor(t *testing.T, pid int, states ...string) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !slices.Contains(states, state(pid)); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("process %d is in state %q after a minute, want one of %q", pid, state(pid), states)
		}
	}
}

// A child that spins is stopped while it has no slice, and can be killed then; any other
// one is not stopped.
func TestStopped(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("Linux only")
	}
	c := begin(t, spinning)
	waitFor(t, c.Pid(), "T")
	for range 3 {
		if _, err := c.Slice(t.Context(), time.Millisecond, time.Millisecond); err != nil {
			t.Fatal(err)
		}
		waitFor(t, c.Pid(), "T")
	}
	c.Kill()
	waitFor(t, c.Pid(), "") // Kill has waited for it
	if _, err := c.End(t.Context()); err == nil {
		t.Error("a child that was killed has a launch")
	}

	c = begin(t, sleeping)
	if _, err := c.Slice(t.Context(), 0, time.Millisecond); err != nil {
		t.Fatal(err)
	}
	waitFor(t, c.Pid(), "S", "R", "D")
}

// A stopped child does not outlive its parent.
func TestStoppedOrphanEnds(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("children that would have to be stopped are not sliced")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, signal := range []os.Signal{os.Kill, syscall.SIGTERM} {
		cmd := exec.Command(self, slicingParent, spinning)
		cmd.Env = append(os.Environ(), measuring+"=yes")
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(out).ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		pid, err := strconv.Atoi(strings.TrimSpace(line))
		if err != nil {
			t.Fatal(err)
		}
		waitFor(t, pid, "T")
		if err := cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
		waitFor(t, pid, "", "Z")
	}
}
