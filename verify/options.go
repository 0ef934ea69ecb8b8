package verify

import (
	"flag"
	"time"
)

// Options say how [Explore] explores. A nil *Options has the defaults of [Flags].
type Options struct {
	strategy   string
	bound      int
	depth      int
	seed       uint64
	executions int
	limit      time.Duration
	every      bool
	strict     bool
	minimise   int
	minimising time.Duration
	schedule   string
	part       string
	record     string
	plan       string
	futex      bool
}

// Flags defines the options as flags of a test, in any build, so that a schedule
// that failed can be run again:
//
//	var options = verify.Flags(flag.CommandLine)
func Flags(f *flag.FlagSet) *Options {
	o := new(Options)
	f.StringVar(&o.strategy, "strategy", "bounded", "bounded, reduced, random or pct")
	f.IntVar(&o.bound, "bound", 2, "preemptions, for bounded; fewer for parkers that spin and for large scenarios")
	f.IntVar(&o.depth, "depth", 3, "orderings, for pct")
	f.Uint64Var(&o.seed, "seed", 1, "for random and pct")
	f.IntVar(&o.executions, "executions", 0, "limit on executions of each scenario; 0: none, or 10,000 for random and pct, which without -all give scenarios with one or two workers a tenth")
	f.DurationVar(&o.limit, "limit", 0, "limit on the time of each scenario; 0: none")
	f.BoolVar(&o.every, "all", false, "explore every scenario with the full bound, also with a strategy that it is too large for")
	f.BoolVar(&o.strict, "strict", false, "fail in known deadlocks, too")
	f.IntVar(&o.minimise, "minimise", 200_000, "limit on executions that make a failure easier to read; 0: leave it as it was found")
	f.DurationVar(&o.minimising, "minimising", 20*time.Second, "limit on the time of that; 0: none")
	f.StringVar(&o.schedule, "schedule", "", "the one schedule to run, of the one scenario that -run chooses")
	f.StringVar(&o.part, "part", "1/1", "explore the i-th of n shares, for i/n: a process uses one CPU")
	f.StringVar(&o.record, "record", "", "file to append a line to for each scenario, for verify/coverage; what it has already is not explored again, unless it failed")
	f.StringVar(&o.plan, "plan", "", "file to append a line to for each scenario that would be explored, instead of exploring it")
	f.BoolVar(&o.futex, "futex", false, "the lock is a futex mutex instead of Go's")
	return o
}
