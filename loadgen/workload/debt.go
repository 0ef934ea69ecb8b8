package workload

import (
	"time"

	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/loadgen/host"
)

var debt = Workload{
	Name:  "debt",
	About: "how long workers sleep while there is work that they could do",
	Doc: "Work conservation: Go stranded work when it woke fewer threads (golang/go#45867), and so did Tokio " +
		"(tokio-rs/tokio#4941). An operation is one burst from outside, or one task that spawns the others " +
		"over time, from rest to rest. About once a microsecond the generator checks whether a worker is in " +
		"Park while a task waits in the injection queue or can be stolen. debt-ns/task is the time for " +
		"which that held at two consecutive checks, divided by tasks. Lower bound: one wake latency; in a " +
		"burst, as many as the manager takes one after the other. stranded-ns/task is the part of the debt " +
		"during which a core was available, all workers outside Park were running other tasks, and none was " +
		"on its way out of Park, so that no worker would have come. A strictly work-conserving manager " +
		"strands nothing. max-ns/debt and max-ns/stranded are the longest stretches. Time between two " +
		"checks more than 50 µs apart is not counted; unseen-ns/sec reports it. There are no latency " +
		"samples. The checks disturb what they observe, so compare these times between managers, not with " +
		"other workloads.",
	Submits: "A thread with a CPU of its own, which checks the pool about once a microsecond until all tasks " +
		"have run. It is the observer, so it cannot be a goroutine that blocks.",
	Primary: "debt-ns/task",
	Params: []Param{
		{
			Name:    "pattern",
			About:   "where tasks come from: burst, all at once from outside, or spawn, one by one from a task",
			Default: "burst",
			Full:    []string{"burst", "spawn"},
			Parse:   oneOf("burst", "spawn"),
		},
		{
			Name:    "tasks",
			About:   "tasks per operation",
			Default: "20",
			Parse:   count(1, 1_000_000),
		},
		{
			Name:    "service",
			About:   "mean service time of a task; service times are exponential",
			Default: "10us",
			Parse:   duration(0, time.Second),
		},
		{
			Name: "load",
			About: "for pattern=spawn: the utilisation of all workers except the spawning one; the times " +
				"between spawns are exponential",
			Default: "0.7",
			Parse:   perMille(0.01, 10),
		},
	},
	Workers:    4,
	Hosted:     true,
	MinWorkers: 3,
	Full:       true,
	Draws:      true,
	New: func(v Values) Load {
		l := &debtLoad{
			spawn:   v.Int("pattern") == 1,
			service: float64(v.Duration("service")),
			load:    float64(v.Int("load")) / 1000,
			tasks:   make([]debtTask, v.Int("tasks")),
		}
		for i := range l.tasks {
			l.tasks[i].load = l
			l.all = append(l.all, &l.tasks[i])
		}
		return l
	},
}

const (
	// debtPause is the time between two checks: enough for a worker to have its cache
	// lines to itself in between.
	debtPause = int64(500 * time.Nanosecond)

	// debtBlind is the longest time between two checks over which the state counts as
	// known. After a longer one, the generator's thread had been descheduled.
	debtBlind = int64(50 * time.Microsecond)
)

type debtLoad struct {
	spawn         bool
	service, load float64
	tasks         []debtTask
	all           []host.Task // the same tasks

	g         *Generator
	observer  *host.Observer
	activity  host.Activity
	schedule  schedule
	next      int // index in schedule of the next task
	remaining prim.Int64

	waiting, stranded stretches
	unseen            int64 // ns between checks that were too far apart
}

// A stretches adds up the times during which a condition held.
type stretches struct {
	total, longest int64 // ns
	since          int64 // when the current stretch began
	holds          bool  // as of the last check
}

// look records whether the condition holds now; last is the time of the previous check.
// A check too long after it ends the stretch.
func (s *stretches) look(holds bool, last, now int64, blind bool) {
	switch {
	case !holds:
	case !s.holds || blind:
		s.since = now
	default:
		s.total += now - last
		s.longest = max(s.longest, now-s.since)
	}
	s.holds = holds
}

// Seek is that of Scheduled.
func (l *debtLoad) Seek(part int) { l.next = partStart(part) }

func (l *debtLoad) Run(g *Generator, limit time.Duration) (Totals, error) {
	if l.observer == nil {
		l.g = g
		l.observer = g.Host.Observer(&l.activity)
		gap := l.service / (l.load * float64(max(1, g.Workers-1)))
		l.schedule = drawSchedule(scheduleLength, g.Seed, 0, gap, exponential, l.service, exponential)
	}
	l.waiting, l.stranded, l.unseen = stretches{}, stretches{}, 0
	tasks := len(l.tasks)
	if l.spawn {
		tasks++
	}
	t, err := g.Repeat(limit, tasks, l.op)
	if err != nil {
		return t, err
	}
	t.Figures = []Figure{
		Ratio(float64(l.waiting.total), float64(t.Tasks), "debt-ns/task"),
		AtMost(float64(l.waiting.longest), "max-ns/debt"),
		Ratio(float64(l.unseen), t.Time.Seconds(), "unseen-ns/sec"),
	}
	if l.observer.TellsStranded() {
		t.Figures = append(t.Figures,
			Ratio(float64(l.stranded.total), float64(t.Tasks), "stranded-ns/task"),
			AtMost(float64(l.stranded.longest), "max-ns/stranded"),
		)
	}
	return t, nil
}

func (l *debtLoad) op() (int64, error) {
	g := l.g
	g.Spin(g.Host.AtRest)
	for i := range l.tasks {
		t := &l.tasks[i]
		t.gap, t.service = l.schedule.gaps[l.next], l.schedule.services[l.next]
		l.next = (l.next + 1) % len(l.schedule.gaps)
	}
	l.remaining.Store(int64(len(l.tasks)))
	start := g.Now()
	var err error
	if l.spawn {
		err = g.Submit(start, (*debtSpawner)(l))
	} else {
		err = g.own().SubmitAll(start, l.all)
	}
	if err != nil {
		return 0, err
	}
	last := start
	by := g.own()
	if g.Shares {
		by.await()
		defer by.awaited()
	}
	for l.remaining.Load() > 0 {
		looked := g.Now()
		d := l.observer.Debt()
		now := g.Now()
		if !g.Shares {
			now = by.burn(looked)
		}
		blind := now-last > debtBlind
		if blind {
			l.unseen += now - last
		}
		l.waiting.look(d.Waiting, last, now, blind)
		l.stranded.look(d.Stranded, last, now, blind)
		last = now
		g.SpinUntil(now + debtPause)
	}
	l.waiting.holds, l.stranded.holds = false, false
	return g.Now() - start, nil
}

// A debtSpawner is the load as the task that spawns the others.
type debtSpawner debtLoad

// Run is the task.
func (l *debtSpawner) Run(w host.Worker) {
	l.activity.Begin()
	at := l.g.Now()
	for i := range l.tasks {
		t := &l.tasks[i]
		for at += t.gap; l.g.Now() < at; {
		}
		l.activity.End()
		w.Spawn(t)
		l.activity.Begin()
	}
	l.activity.End()
}

// A debtTask keeps its worker busy for its service time.
type debtTask struct {
	load         *debtLoad
	gap, service int64
}

// Run is the task.
func (t *debtTask) Run(host.Worker) {
	l := t.load
	l.activity.Begin()
	for end := l.g.Now() + t.service; l.g.Now() < end; {
	}
	l.activity.End()
	l.remaining.Add(-1)
}
