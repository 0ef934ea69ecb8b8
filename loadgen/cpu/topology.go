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

// A Topology says where CPUs are. A CPU it does not know has a physical core
// of its own.
type Topology map[int]Place

// A Place is where a CPU is. The numbers are the system's, need not be
// consecutive, and are -1 if unknown.
type Place struct {
	// Package is the number of the chip, or socket.
	Package int

	// Core is the number of the physical core. On some machines cores of
	// different packages or dies have the same one: to find out who shares a
	// core use Siblings.
	Core int

	// Siblings are the CPUs of the same physical core that are online,
	// including the one this is the place of.
	Siblings Set
}

// core returns a name of the physical core of cpu that its siblings share: the
// lowest of their numbers.
func (t Topology) core(cpu int) int {
	if p, ok := t[cpu]; ok && len(p.Siblings) > 0 {
		return p.Siblings[0]
	}
	return cpu
}

// SystemTopology reads the places of the given CPUs from Linux's sysfs. On
// systems without, every CPU has a core of its own.
func SystemTopology(cpus Set) (Topology, error) {
	const dir = "/sys/devices/system/cpu"
	t, err := ReadTopology(os.DirFS(dir), cpus)
	if err != nil {
		return nil, fmt.Errorf("%w (in %s)", err, dir)
	}
	return t, nil
}

// ReadTopology reads the places of the given CPUs from a tree of files like
// that in Linux's /sys/devices/system/cpu:
//
//	cpu0/topology/physical_package_id
//	cpu0/topology/core_id
//	cpu0/topology/core_cpus_list        or, before Linux 5.3,
//	cpu0/topology/thread_siblings_list
//
// A missing file is no error, as it is missing for CPUs that are offline and in
// some containers: what it would have said is then unknown, and the CPU has a
// core of its own. A file that cannot be read or understood is an error.
func ReadTopology(fsys fs.FS, cpus Set) (Topology, error) {
	t := make(Topology, len(cpus))
	for _, cpu := range cpus {
		p, err := readPlace(fsys, cpu)
		if err != nil {
			return nil, fmt.Errorf("cpu: topology of CPU %d: %w", cpu, err)
		}
		t[cpu] = p
	}
	return t, nil
}

func readPlace(fsys fs.FS, cpu int) (p Place, err error) {
	dir := fmt.Sprintf("cpu%d/topology", cpu)
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

// readNumber reads a file with one number. It returns -1 if there is no such
// file; the kernel, too, writes -1 for what it does not know.
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
