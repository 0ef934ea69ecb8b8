package cpu

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
)

// A Topology says where CPUs are. A CPU that is not in it has a physical core of its
// own.
type Topology map[int]Place

// A Place is where a CPU is, and what it is. The numbers are the system's, need
// not be consecutive, and are -1 if unknown.
type Place struct {
	// Package is the number of the chip, or socket.
	Package int

	// Core is the number of the physical core. On some machines cores of different
	// packages or dies have the same number: to find out which CPUs share a core use
	// Siblings.
	Core int

	// Siblings are the online CPUs of the same physical core, including this one.
	Siblings Set

	// Node is the number of the NUMA node: CPUs of one node are equally far
	// from each piece of memory.
	Node int

	// L3 is the lowest number of the CPUs that share its third-level cache.
	L3 int

	// Kind is the kind of core: 0 for the fastest of those read together, 1 for the
	// next, and so on. A machine with performance and efficiency cores has two, most
	// have one.
	Kind int
}

// core returns a number for the physical core of cpu that its siblings share: the
// lowest of their numbers.
func (t Topology) core(cpu int) int {
	if p, ok := t[cpu]; ok && len(p.Siblings) > 0 {
		return p.Siblings[0]
	}
	return cpu
}

// node, l3 and kind are the fields of a CPU's place, -1 for a CPU that the
// topology does not know.
func (t Topology) node(cpu int) int { return t.field(cpu, func(p Place) int { return p.Node }) }
func (t Topology) l3(cpu int) int   { return t.field(cpu, func(p Place) int { return p.L3 }) }
func (t Topology) kind(cpu int) int { return t.field(cpu, func(p Place) int { return p.Kind }) }

func (t Topology) field(cpu int, of func(Place) int) int {
	if p, ok := t[cpu]; ok {
		return of(p)
	}
	return -1
}

// Cores returns the number of physical cores that some CPUs are on.
func (t Topology) Cores(cpus Set) int {
	cores := make(map[int]bool)
	for _, cpu := range cpus {
		cores[t.core(cpu)] = true
	}
	return len(cores)
}

// SystemTopology reads the places of the given CPUs from Linux's sysfs. On systems
// without it, every CPU has a core of its own.
func SystemTopology(cpus Set) (Topology, error) {
	const dir = "/sys/devices"
	t, err := ReadTopology(os.DirFS(dir), cpus)
	if err != nil {
		return nil, fmt.Errorf("%w (in %s)", err, dir)
	}
	return t, nil
}

// ReadTopology reads the places of the given CPUs from a tree of files like
// Linux's /sys/devices:
//
//	system/cpu/cpu0/topology/physical_package_id
//	system/cpu/cpu0/topology/core_id
//	system/cpu/cpu0/topology/core_cpus_list        or, before Linux 5.3,
//	system/cpu/cpu0/topology/thread_siblings_list
//	system/cpu/cpu0/cache/index3/shared_cpu_list
//	system/node/node0/cpulist
//
// and for the kinds of cores the files listed at [readKinds].
//
// A missing file is no error: files are missing for CPUs that are offline and in some
// containers. What the file would have said is then unknown, and a CPU whose siblings
// are unknown has a core of its own. A file that cannot be read or understood is an
// error.
func ReadTopology(fsys fs.FS, cpus Set) (Topology, error) {
	nodes, err := readNodes(fsys)
	if err != nil {
		return nil, fmt.Errorf("cpu: NUMA nodes: %w", err)
	}
	kinds, err := readKinds(fsys, cpus)
	if err != nil {
		return nil, fmt.Errorf("cpu: kinds of cores: %w", err)
	}
	t := make(Topology, len(cpus))
	for _, cpu := range cpus {
		p, err := readPlace(fsys, cpu)
		if err != nil {
			return nil, fmt.Errorf("cpu: topology of CPU %d: %w", cpu, err)
		}
		p.Node, p.Kind = -1, -1
		if node, ok := nodes[cpu]; ok {
			p.Node = node
		}
		if kind, ok := kinds[cpu]; ok {
			p.Kind = kind
		}
		t[cpu] = p
	}
	return t, nil
}

func readPlace(fsys fs.FS, cpu int) (p Place, err error) {
	if p.L3, err = readL3(fsys, cpu); err != nil {
		return Place{}, err
	}
	dir := cpuFile(cpu, "topology")
	if p.Package, err = readNumber(fsys, path.Join(dir, "physical_package_id")); err != nil {
		return Place{}, err
	}
	if p.Core, err = readNumber(fsys, path.Join(dir, "core_id")); err != nil {
		return Place{}, err
	}
	for _, base := range []string{"core_cpus_list", "thread_siblings_list"} {
		name := path.Join(dir, base)
		text, err := readLine(fsys, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return Place{}, err
		}
		if p.Siblings, err = Parse(text); err != nil {
			return Place{}, fmt.Errorf("%s: %w", name, err)
		}
		if !p.Siblings.Contains(cpu) {
			return Place{}, fmt.Errorf("%s: %v does not contain the CPU itself", name, p.Siblings)
		}
		return p, nil
	}
	p.Siblings = Set{cpu}
	return p, nil
}

// cpuFile returns the name of a file of a CPU.
func cpuFile(cpu int, name string) string { return fmt.Sprintf("system/cpu/cpu%d/%s", cpu, name) }

// readL3 returns the lowest CPU that shares the third-level cache, -1 if the
// CPU has none or that is unknown.
func readL3(fsys fs.FS, cpu int) (int, error) {
	level, err := readNumber(fsys, cpuFile(cpu, "cache/index3/level"))
	if err != nil {
		return 0, err
	}
	shared, err := readList(fsys, cpuFile(cpu, "cache/index3/shared_cpu_list"))
	if err != nil {
		return 0, err
	}
	// Index 3 is the third level where the first has two caches, for data and
	// for instructions, which is nearly everywhere.
	if len(shared) == 0 || level >= 0 && level != 3 {
		return -1, nil
	}
	return shared[0], nil
}

// readNodes returns the NUMA node of each CPU.
func readNodes(fsys fs.FS) (map[int]int, error) {
	// Glob fails only on malformed patterns.
	names, _ := fs.Glob(fsys, "system/node/node[0-9]*/cpulist")
	nodes := make(map[int]int)
	for _, name := range names {
		node, err := strconv.Atoi(strings.TrimPrefix(path.Base(path.Dir(name)), "node"))
		if err != nil {
			continue // not a node
		}
		cpus, err := readList(fsys, name)
		if err != nil {
			return nil, err
		}
		for _, cpu := range cpus {
			nodes[cpu] = node
		}
	}
	return nodes, nil
}

// readList reads a file with a list of CPUs. It returns nil if there is no such
// file or it is empty, as for a node that has only memory.
func readList(fsys fs.FS, name string) (Set, error) {
	text, err := readLine(fsys, name)
	if errors.Is(err, fs.ErrNotExist) || err == nil && text == "" {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	set, err := Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return set, nil
}

// readNumber reads a file with one number. It returns -1 if there is no such file; the
// kernel also writes -1 for what it does not know.
func readNumber(fsys fs.FS, name string) (int, error) {
	text, err := readLine(fsys, name)
	if errors.Is(err, fs.ErrNotExist) {
		return -1, nil
	}
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", name, err)
	}
	return n, nil
}

func readLine(fsys fs.FS, name string) (string, error) {
	b, err := fs.ReadFile(fsys, name)
	return strings.TrimSpace(string(b)), err
}
