package victim

import (
	"io/fs"
	"strings"
)

// Meters are what the machine measures itself, as far as it can.
type Meters struct {
	root     fs.FS
	packages []Package
	noEnergy error

	counters  [len(events)]*counter
	noCounter error
}

// OpenMeters opens the meters of a machine, whose root this is. The counters are those of
// the calling thread, which must be locked and closes them.
func OpenMeters(root fs.FS) Meters {
	m := Meters{root: root}
	m.packages, m.noEnergy = Packages(root)
	if m.noCounter = CanCount(root); m.noCounter == nil {
		m.open(events)
	}
	return m
}

// open opens those that there are. A machine may lack some.
func (m *Meters) open(all [len(events)]event) {
	for i, e := range all {
		c, err := open(e)
		if err != nil {
			m.noCounter = Lack{"refused", err.Error()}
			continue
		}
		m.counters[i] = &c
	}
}

// Close closes the counters.
func (m *Meters) Close() {
	for i, c := range m.counters {
		if c != nil {
			c.close()
			m.counters[i] = nil
		}
	}
}

// HasEnergy reports whether energy is measured.
func (m Meters) HasEnergy() bool { return m.noEnergy == nil && len(m.packages) > 0 }

// HasCounter reports whether an event is counted.
func (m Meters) HasCounter(i int) bool { return m.counters[i] != nil }

// Energy names what is measured, or says why nothing is.
func (m Meters) Energy() string {
	if m.noEnergy != nil {
		return none(m.noEnergy)
	}
	var names []string
	for _, p := range m.packages {
		names = append(names, p.Name)
	}
	return strings.Join(names, ",")
}

// Counters names what is counted, or says why nothing is.
func (m Meters) Counters() string {
	var names []string
	for i, e := range events {
		if m.HasCounter(i) {
			names = append(names, e.name)
		}
	}
	if names == nil {
		return none(m.noCounter)
	}
	return strings.Join(names, ",")
}

// readEnergy reads all packages; -1 for one that cannot be read any more.
func (m Meters) readEnergy() (all []int64) {
	for _, p := range m.packages {
		n, err := p.read(m.root)
		if err != nil {
			n = -1
		}
		all = append(all, n)
	}
	return all
}

// energySince returns the µJ of all packages since they were read.
func (m Meters) energySince(before []int64) (sum int64) {
	for i, after := range m.readEnergy() {
		if before[i] >= 0 && after >= 0 {
			sum += m.packages[i].since(before[i], after)
		}
	}
	return sum
}

// readCounts reads all counters.
func (m Meters) readCounts() (all [len(events)]float64) {
	for i, c := range m.counters {
		if c == nil {
			continue
		}
		if r, err := c.read(); err == nil {
			all[i] = r.scaled()
		}
	}
	return all
}
