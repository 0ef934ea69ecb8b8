package machine

// A Calibration is what was measured on a machine in addition to the constants, for those
// who read the file.
type Calibration struct {
	Facts map[string]string // of the machine: processor, kernel, date

	// CPUs and Lines are the time that a line takes from one CPU to another, one way, in
	// picoseconds. Lines is symmetric, and 0 in the diagonal.
	CPUs  []int
	Lines [][]int64

	// Wakes is the time of a wake-up by how long the sleeper had slept.
	Wakes []Wake

	// Figures are what the constants were computed from, by name, in picoseconds.
	Figures map[string]Constant
}

// A Wake is a wake-up through a futex after an idle gap, in picoseconds.
type Wake struct {
	Gap     int64
	Waker   Constant // the waker's system call
	Sleeper Constant // from before that call until the sleeper runs
}

// factLimit is how many bytes a fact may have: a list of CPUs can be long.
const factLimit = 4096

// maxPairs is up to how many CPUs a file has the lines between all pairs.
const maxPairs = 512

var (
	lineLimit   = constant{key: "lines", dimension: duration, most: ms}
	gapLimit    = constant{key: "gap", dimension: duration, most: 10 * s}
	figureLimit = constant{key: "figures", dimension: duration, most: s}
	wakeLimit   = constant{key: "wake", dimension: duration, most: s}
)

func (r *reader) calibration(n node) *Calibration {
	if !n.table("facts", "cpus", "lines", "wakes", "figures") {
		return nil
	}
	c := new(Calibration)
	if facts := n.child("facts"); facts.there() && facts.table() {
		c.Facts = make(map[string]string)
		for _, key := range facts.keys() {
			fact := facts.child(key)
			if c.Facts[key] = fact.text("text"); len(c.Facts[key]) > factLimit {
				fact.fail("has %d bytes; want at most %d", len(c.Facts[key]), factLimit)
			}
		}
	}
	if cpus := n.child("cpus"); cpus.there() || n.child("lines").there() {
		c.CPUs, c.Lines = r.pairs(cpus, n.child("lines"))
	}
	if wakes := n.child("wakes"); wakes.there() {
		for _, e := range wakes.list("tables with gap, waker and sleeper") {
			if e.table("gap", "waker", "sleeper") {
				c.Wakes = append(c.Wakes, Wake{
					Gap:     gapLimit.read(e.child("gap")),
					Waker:   r.constant(e.child("waker"), wakeLimit),
					Sleeper: r.constant(e.child("sleeper"), wakeLimit),
				})
			}
		}
	}
	if figures := n.child("figures"); figures.there() && figures.table() {
		c.Figures = make(map[string]Constant)
		for _, key := range figures.keys() {
			c.Figures[key] = r.constant(figures.child(key), figureLimit)
		}
	}
	return c
}

// pairs reads the lines between pairs of CPUs.
func (r *reader) pairs(cpus, lines node) (numbers []int, all [][]int64) {
	for _, e := range cpus.list("CPU numbers") {
		numbers = append(numbers, e.integer(0, 1<<20))
	}
	rows := lines.list("rows, one for each CPU")
	if len(rows) != len(numbers) || len(rows) > maxPairs {
		lines.fail("has %d rows for %d CPUs; want as many, at most %d", len(rows), len(numbers), maxPairs)
		return nil, nil
	}
	for i, row := range rows {
		elements := row.list("times, one for each CPU")
		if len(elements) != len(numbers) {
			row.fail("has %d times for %d CPUs", len(elements), len(numbers))
			return nil, nil
		}
		times := make([]int64, len(elements))
		for j, e := range elements {
			times[j] = lineLimit.read(e)
			if i == j && times[j] != 0 || j < i && times[j] != all[j][i] {
				e.fail("want the same as from CPU %d to %d, and 0 from a CPU to itself", numbers[j], numbers[i])
			}
		}
		all = append(all, times)
	}
	return numbers, all
}
