package workload

import (
	"fmt"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/loadgen/host"
)

// batchLoads are the loads whose tasks can be counted exactly: least and most say
// how often the host runs a task for each that the load counts.
var batchLoads = []struct {
	workload    Workload
	given       map[string]string
	least, most int64
	samples     bool // of every eighth task, the first among them
}{
	{wake, map[string]string{"gap": "1us"}, 1, 1, false},
	{spawnManyRemoteIdle, map[string]string{"tasks": "300"}, 1, 1, true},
	{spawnManyLocal, map[string]string{"tasks": "300"}, 1, 1, true},
	// Outer tasks run twice if the answer is late, inner ones if the message is.
	{pingPong, map[string]string{"pings": "50"}, 1, 2, false},
	{yieldMany, map[string]string{"tasks": "20", "yields": "10"}, 1, 1, false},
	{chainedSpawn, map[string]string{"depth": "100"}, 1, 1, false},
	{remoteSpawn, map[string]string{"tasks": "300", "producers": "1"}, 1, 1, true},
	{remoteSpawn, map[string]string{"tasks": "300", "producers": "4"}, 1, 1, true},
	{mixed, map[string]string{"ratio": "1"}, 1, 1, false},
	{forkJoin, map[string]string{"n": "12", "cutoff": "5"}, 1, 1, false},
	{skynet, map[string]string{"depth": "3"}, 1, 1, false},
	{wakestorm, map[string]string{"shape": "tight", "tasks": "200"}, 1, 1, true},
	{wakestorm, map[string]string{"shape": "sync", "tasks": "40"}, 1, 1, true},
	{wakestorm, map[string]string{"shape": "bursty", "tasks": "80"}, 1, 1, true},
}

// Every task of a batch runs, as often as it should, on every idle manager with
// every parker; and running the load again does no harm.
func TestBatches(t *testing.T) {
	for _, test := range batchLoads {
		t.Run(fmt.Sprint(test.workload.Name, test.given), func(t *testing.T) {
			onHosts(t, 3, func(t *testing.T, g *Generator) {
				l := load(t, test.workload, test.given)
				var tasks, ops int64
				for range 2 {
					totals := run(t, l, g, 0)
					tasks += totals.Tasks
					ops += totals.Ops
				}
				n := ran(t, g)
				if n < test.least*tasks || n > test.most*tasks {
					t.Errorf("the host ran %d tasks, the load counts %d", n, tasks)
				}
				if got, want := samples(g), ops*((tasks/ops+sampleEvery-1)/sampleEvery); test.samples && got != want {
					t.Errorf("%d samples of %d tasks, want %d", got, tasks, want)
				}
			})
		})
	}
}

// In nested storms the tasks from outside, which spawn the others, are not
// counted.
func TestNestedStorm(t *testing.T) {
	onHosts(t, 2, func(t *testing.T, g *Generator) {
		totals := run(t, load(t, wakestorm, map[string]string{"shape": "nested", "tasks": "100"}), g, 0)
		if n, want := ran(t, g), totals.Tasks+4*totals.Ops; n != want {
			t.Errorf("the host ran %d tasks, want %d", n, want)
		}
	})
}

// Busy loads run their batch while background tasks keep the workers busy, and leave
// none of these behind.
func TestBusy(t *testing.T) {
	for _, w := range []Workload{spawnManyRemoteBusy1, spawnManyRemoteBusy2} {
		t.Run(w.Name, func(t *testing.T) {
			onHosts(t, 2, func(t *testing.T, g *Generator) {
				l := load(t, w, map[string]string{"tasks": "50"}).(*busyLoad)
				for range 2 {
					run(t, l, g, 0)
					if n := l.live.Load(); n != 0 {
						t.Fatalf("%d background tasks are left", n)
					}
				}
				background := int64(2 * len(l.background))
				if n := ran(t, g); n < 2*50+background {
					t.Errorf("the host ran %d tasks, want at least %d", n, 2*50+background)
				}
			})
		})
	}
}

// The loads that check a result find out about a task that ran twice.
func TestTreesNoticeFaults(t *testing.T) {
	for _, test := range []struct {
		workload Workload
		given    map[string]string
	}{
		{forkJoin, map[string]string{"n": "6", "cutoff": "3"}},
		{skynet, map[string]string{"depth": "2"}},
	} {
		g := poolGenerator(nil, 1)
		serial := &serialPool{}
		g.Pool = serial
		l := load(t, test.workload, test.given)
		if _, err := l.Run(g, 0); err != nil {
			t.Errorf("%s: %v", test.workload.Name, err)
		}
		serial.again = 5 // this task runs twice
		if _, err := l.Run(g, 0); err == nil || !strings.Contains(err.Error(), "a task ran twice, or not at all") {
			t.Errorf("%s: a task ran twice, and the load says %v", test.workload.Name, err)
		}
	}
}

// A serialPool runs tasks at once, on the generator's thread.
type serialPool struct {
	queue []host.Task
	again int // the number of the task to run twice
	n     int
}

func (p *serialPool) Submit(t host.Task) error {
	p.queue = append(p.queue, t)
	for p.n = 0; len(p.queue) > 0; p.n++ {
		t := p.queue[0]
		p.queue = p.queue[1:]
		t.Run(p)
		if p.n == p.again && p.again > 0 {
			t.Run(p)
		}
	}
	return nil
}

func (p *serialPool) SubmitAll([]host.Task) error { panic("not here") }
func (p *serialPool) Spawn(t host.Task)           { p.queue = append(p.queue, t) }
func (p *serialPool) Yield(t host.Task)           { p.queue = append(p.queue, t) }
func (p *serialPool) ID() int                     { return 0 }
