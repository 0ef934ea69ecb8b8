package peer

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/idlebench/idlebench/loadgen/cpu"
)

// Started with a mode as its argument, the test's program is a peer: fair in the mode
// "honest", and unfair or broken in one way in every other.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && !strings.HasPrefix(os.Args[1], "-") {
		fake(os.Args[1])
		return
	}
	os.Exit(m.Run())
}

var began = time.Now()

func now() int64 { return int64(time.Since(began)) }

// A fakePool is one goroutine that runs tasks.
type fakePool struct {
	mode    string
	tasks   chan fakeTask
	ran     atomic.Int64
	latency []int64 // the goroutine's
}

type fakeTask struct{ since, service int64 }

func (p *fakePool) work() {
	for t := range p.tasks {
		begin := now()
		p.latency = append(p.latency, begin-t.since)
		if p.mode == "no-service" {
			t.service = 0
		}
		for now()-begin < t.service {
		}
		p.ran.Add(1)
	}
}

func (p *fakePool) wait(tasks int64) {
	for p.ran.Load() < tasks {
		runtime.Gosched()
	}
}

func fake(mode string) {
	hello := "hello protocol=1 peer=fake version=1.0 build=test config=default held=no can=wake,poisson"
	switch mode {
	case "silent":
		time.Sleep(time.Hour)
	case "old":
		hello = strings.Replace(hello, "protocol=1", "protocol=0", 1)
	case "nameless":
		hello = strings.Replace(hello, " build=test", "", 1)
	case "claims-held":
		hello = strings.Replace(hello, "held=no", "held=yes", 1)
	case "unknown-workload":
		hello += ",coffee"
	case "chatty":
		hello += "\nwelcome to the peer"
	}
	fmt.Println(hello)
	p := &fakePool{mode: mode, tasks: make(chan fakeTask, 1<<16)}
	go p.work()
	gap := int64(0)
	in := bufio.NewReader(os.Stdin)
	for {
		line, err := in.ReadString('\n')
		f := strings.Fields(line)
		switch {
		case err != nil:
			if mode == "stays" {
				time.Sleep(time.Hour)
			}
			return
		case f[0] == "cell" && !strings.Contains(line, "workload=wake ") && !strings.Contains(line, "workload=poisson ") && mode != "agreeable":
			fmt.Println("no it has no such workload")
		case f[0] == "cell":
			for _, field := range f {
				if text, ok := strings.CutPrefix(field, "gap="); ok {
					gap, _ = strconv.ParseInt(text, 10, 64)
				}
			}
			if mode == "forks" {
				sleeper := exec.Command("sleep", "1000")
				if err := sleeper.Start(); err != nil {
					fmt.Println("no", err)
					continue
				}
				fmt.Fprintln(os.Stderr, sleeper.Process.Pid)
			}
			if mode == "other-cpus" {
				everywhere()
			}
			if mode == "picky" {
				fmt.Println("no load must be 1")
				continue
			}
			fmt.Println("ready")
		case f[0] == "run":
			p.run(mode, gap, f[1:])
		case f[0] == "end":
			if mode == "bad-end" {
				os.Exit(3)
			}
			return
		}
	}
}

// everywhere lets a thread run on all CPUs.
func everywhere() {
	go func() {
		runtime.LockOSThread()
		all := make(cpu.Set, 64)
		for n := range all {
			all[n] = n
		}
		_ = cpu.ConfineThread(0, all) // there may be fewer
		select {}
	}()
	time.Sleep(10 * time.Millisecond)
}

func (p *fakePool) run(mode string, gap int64, fields []string) {
	length, _ := strconv.ParseInt(strings.TrimPrefix(fields[0], "ns="), 10, 64)
	p.ran.Store(0)
	p.latency = nil
	var lag []int64
	var busy, waited, units int64
	start, ops := now(), int64(0)
	submit := func(due, since, service int64) {
		submitted := now()
		for submitted < due {
			last := submitted
			if submitted = now(); submitted-last < 5000 {
				waited += submitted - last
			}
		}
		lag = append(lag, submitted-due)
		if since < 0 {
			since = submitted
		}
		p.tasks <- fakeTask{since, service}
		ops++
	}
	if len(fields) == 1 {
		for ops == 0 || now()-start < length {
			submit(now()+gap, -1, 0)
			p.wait(ops)
			busy += p.latency[ops-1]
			units++
		}
	} else {
		delay := int64(0)
		for item := range strings.SplitSeq(strings.TrimPrefix(fields[1], "arrivals="), ",") {
			at, service, _ := strings.Cut(item, ":")
			a, _ := strconv.ParseInt(at, 10, 64)
			s, _ := strconv.ParseInt(service, 10, 64)
			units += s
			due := start + a + delay
			switch mode {
			case "closed-loop", "hides-lag": // samples begin when tasks are submitted
				submit(due, -1, s)
			case "late-schedule": // what is late moves all that follows
				if late := now() - due; late > 0 {
					delay += late
					due += late
				}
				submit(due, due, s)
			default:
				submit(due, due, s)
			}
		}
		p.wait(ops)
	}
	took := now() - start
	tasks := ops
	latency := slices.Clone(p.latency)
	switch mode {
	case "less-work":
		tasks, units = tasks/2, units/2
	case "fewer-samples":
		slices.Sort(latency)
		latency = latency[:len(latency)*9/10] // without the slowest
	case "more-operations":
		ops, tasks, units = 2*ops, 2*tasks, 2*units
		latency = append(latency, latency...)
		lag = append(lag, lag...)
	case "short-time":
		took = length / 2
	case "long-time":
		took += int64(10 * time.Second)
	case "hidden-time":
		time.Sleep(time.Second)
	case "hides-lag":
		clear(lag)
	case "free":
		waited = took * 1000
	case "hangs":
		time.Sleep(time.Hour)
	case "dies":
		fmt.Fprintln(os.Stderr, "out of cheese")
		os.Exit(7)
	case "floods-line":
		for {
			fmt.Print(strings.Repeat("x", 1<<16))
		}
	case "floods-lines":
		for {
			fmt.Println("ran")
		}
	case "floods-stderr":
		for {
			fmt.Fprintln(os.Stderr, strings.Repeat("x", 1<<10))
		}
	case "garbage":
		fmt.Println("ran ops=many")
		return
	case "closes-output":
		_ = os.Stdout.Close()
		time.Sleep(time.Hour)
	}
	busy = min(busy, took)
	fmt.Printf("ran ops=%d tasks=%d units=%d ns=%d busy=%d waited=%d latency=%s lag=%s\n", ops, tasks, units, took, busy, min(waited, 1<<60), list(latency), list(lag))
	if mode == "talks" {
		fmt.Println("ran again")
	}
}

func list(all []int64) string {
	var b strings.Builder
	for i, v := range all {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%d:1", v)
	}
	return b.String()
}
