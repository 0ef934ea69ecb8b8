// Package published lists what has been published about idle management, and how each
// claim is tested. It is data: nothing here measures.
//
// A claim is fixed before it is measured. Its limit is the figure of its source, or 1
// where the source only says "more" or "less".
package published

// A Claim is something that was published.
type Claim struct {
	ID   string // of its heading on the page
	Says string // the claim in our words
	By   string // project, file or thread, and version or date
	Link string
	Said string // the source's own words or figures, in short

	// Ratio says in words what the ratio is: of what to what, in which unit.
	Ratio string

	// The claim is confirmed by ratios on its side of the limit.
	Side  Side
	Limit float64

	Test Test // nil if nothing on this page can decide it

	// MinCPUs is how many CPUs it takes. On fewer it is not measured.
	MinCPUs int

	// Untested says why there is no test, or what a test here cannot show.
	Untested string

	Simulation *Simulation // nil if it is not simulated
}

// A Side of a limit.
type Side int

const (
	Below Side = iota
	Above
)

// Holds reports whether a ratio is on the side of the limit on which the claim is right.
func (c Claim) Holds(ratio float64) bool {
	if c.Side == Below {
		return ratio < c.Limit
	}
	return ratio > c.Limit
}

// A Test is Cells or Operations.
type Test interface{ isTest() }

// Cells compares cells of the suite in one unit: the geometric mean of the pairs' ratios.
type Cells struct {
	Unit  string
	Pairs []Pair
}

// A Pair is two cells that live at the same time.
type Pair struct{ New, Old Cell }

// A Cell is what is measured, with what differs from the defaults.
type Cell struct {
	Workload, Impl, Park string
	Workers              func(cpus int) int
	Params               map[string]string
	Host                 string // its options; "" for the default
}

// Operations compares benchmarks of operations in ns/op.
type Operations struct{ New, Old Operation }

// An Operation is a benchmark of a package under impls, by its full name.
type Operation struct{ Package, Benchmark string }

func (Cells) isTest()      {}
func (Operations) isTest() {}

// Machine is the preset of package simulate/machine on which claims are simulated.
const Machine = "epyc-rome"

// A Simulation is a claim on a part of the simulated machine, with a worker for each CPU
// but one, which is the submitter's. The ratio is that of the workload's primary unit.
type Simulation struct {
	CPUs []int
	Pair
}

// Numbers of workers.

func exactly(n int) func(int) int { return func(int) int { return n } }
func perCPU(n int) func(int) int  { return func(cpus int) int { return n * cpus } }
func upTo(n int) func(int) int    { return func(cpus int) int { return min(n, cpus) } }

// managers is a pair of a cell with two implementations.
func managers(c Cell, new, old string) Pair {
	p := Pair{c, c}
	p.New.Impl, p.Old.Impl = new, old
	return p
}

// parkers is a pair of a cell with two parkers.
func parkers(c Cell, new, old string) Pair {
	p := Pair{c, c}
	p.New.Park, p.Old.Park = new, old
	return p
}

// hosts is a pair of a cell with two hosts.
func hosts(c Cell, new, old string) Pair {
	p := Pair{c, c}
	p.New.Host, p.Old.Host = new, old
	return p
}

// A Simulated is the outcome of a claim's simulation with one seed.
type Simulated struct {
	Claim string  `json:"claim"` // its ID
	CPUs  int     `json:"cpus"`
	Seed  uint64  `json:"seed"`
	Ratio float64 `json:"ratio"`
}
