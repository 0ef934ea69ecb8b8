// Package catalog lists what can be measured. A catalogue is a value, not a registry: to
// measure your own idle manager, parker or workload, from any module, append it to
// [Default] and pass the catalogue to cli.Main.
package catalog

import (
	"fmt"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/builtin"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/impls/variant"
	"github.com/idlebench/idlebench/loadgen"
	"github.com/idlebench/idlebench/loadgen/calibrate"
	"github.com/idlebench/idlebench/loadgen/recording"
	"github.com/idlebench/idlebench/loadgen/workload"
	"github.com/idlebench/idlebench/record"
)

// All is the name of all implementations and references in a selection.
const All = "all"

// A Catalog has everything that a run can choose from. Names are unique in each
// kind. The order of the lists is that of "bench list" and of the matrix.
type Catalog struct {
	Implementations []impls.Implementation // measured by default
	Others          []impls.Implementation // measured if they are named, or with All
	Parkers         []park.Kind
	Workloads       []workload.Workload
	Peers           []Peer // programs around real runtimes, all of which are measured
}

// A Peer is a program around a real runtime; see docs/peers.md.
type Peer struct {
	record.Peer
	Held bool     // each of its workers is a thread on one CPU
	Can  []string // names of workloads
}

// Default returns the catalogue of the suite.
func Default() Catalog {
	return Catalog{
		Implementations: builtin.Implementations(),
		Others:          builtin.Others(),
		Parkers:         park.Kinds(),
		Workloads:       append(workload.All(), calibrate.Workloads()...),
	}
}

// With returns the catalogue with additional implementations and parkers whose names
// have a parameter, such as bitmap-late-1300ns and spin-futex-50us, and with the parkers
// that are measured only if they are named.
func (c Catalog) With(names ...string) Catalog {
	originals := slices.Concat(c.Implementations, c.Others)
	for _, name := range names {
		if _, known := park.Find(c.Parkers, name); !known {
			kind, ok := park.Find(park.Others(), name)
			if !ok {
				kind, ok = park.Parse(name)
			}
			if ok {
				c.Parkers = append(slices.Clip(c.Parkers), kind)
			}
		}
		if !slices.ContainsFunc(c.Implementations, func(i impls.Implementation) bool { return i.Name == name }) {
			if i, ok := variant.Parse(originals, name); ok {
				c.Implementations = append(slices.Clip(c.Implementations), i)
			}
		}
	}
	return c
}

// WithLoad returns the catalogue with the workload that replays a recording.
func (c Catalog) WithLoad(r *recording.Recording) Catalog {
	c.Workloads = append(slices.Clip(c.Workloads), workload.Recorded(r))
	return c
}

// Subjects returns everything that a workload can run on: first the references, then
// each implementation with each parker that this system has, or with its own, then the
// peers. Implementations of Others are marked as such.
//
// A parker that gives its thread back to Go's scheduler appears twice: with workers that
// are goroutines, and with workers that are locked to a thread each. The second is
// measured only on request ([loadgen.Subject].Aside).
func (c Catalog) Subjects() []loadgen.Subject {
	all := loadgen.References()
	for n, impl := range slices.Concat(c.Implementations, c.Others) {
		other := n >= len(c.Implementations)
		kinds := c.Parkers
		if impl.Parker != "" {
			kinds = []park.Kind{{Yields: impl.Yields}}
		}
		for _, kind := range kinds {
			if kind.Missing != "" {
				continue
			}
			if kind.Yields {
				goroutines := loadgen.Goroutines(impl, kind)
				goroutines.Aside = kind.Full
				goroutines.Other = other
				all = append(all, goroutines)
			}
			locked := loadgen.Scheduled(impl, kind)
			locked.Aside = kind.Full || kind.Yields
			locked.Other = other
			all = append(all, locked)
		}
	}
	for _, p := range c.Peers {
		all = append(all, loadgen.Subject{Impl: p.Name, Park: p.Park(), About: "a program around " + p.About(), WholeMask: !p.Held, External: p.Can})
	}
	return all
}

// Validate reports names that are missing, taken or reserved.
func (c Catalog) Validate() error {
	var impls, parkers, workloads []string
	for _, s := range loadgen.References() {
		if !slices.Contains(impls, s.Impl) {
			impls = append(impls, s.Impl)
		}
	}
	impls = append(impls, All)
	for _, i := range slices.Concat(c.Implementations, c.Others) {
		if i.New == nil {
			return fmt.Errorf("catalogue: implementation %q has no New", i.Name)
		}
		impls = append(impls, i.Name)
	}
	for _, k := range c.Parkers {
		if strings.HasPrefix(k.Name, loadgen.GoPrefix) {
			return fmt.Errorf("catalogue: parker %q: names that begin with %s are reserved for parkers whose workers are goroutines", k.Name, loadgen.GoPrefix)
		}
		parkers = append(parkers, k.Name)
	}
	for _, w := range c.Workloads {
		workloads = append(workloads, w.Name)
	}
	for _, list := range []struct {
		what  string
		names []string
	}{{"implementation", impls}, {"parker", parkers}, {"workload", workloads}} {
		for i, name := range list.names {
			if name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") != "" {
				return fmt.Errorf("catalogue: %s %q: a name consists of lower-case letters, digits, '_' and '-'", list.what, name)
			}
			if slices.Contains(list.names[:i], name) {
				return fmt.Errorf("catalogue: there are two %ss with the name %s", list.what, name)
			}
		}
	}
	return nil
}
