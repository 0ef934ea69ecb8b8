package cpu

import (
	"fmt"
	"io/fs"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// sysfs returns files such as Linux shows them for the given places.
func sysfs(topo Topology) fstest.MapFS {
	fsys := make(fstest.MapFS)
	for cpu, p := range topo {
		write := func(base string, content any) {
			name := fmt.Sprintf("cpu%d/topology/%s", cpu, base)
			fsys[name] = &fstest.MapFile{Data: fmt.Appendln(nil, content)}
		}
		write("physical_package_id", p.Package)
		write("core_id", p.Core)
		write("core_cpus_list", p.Siblings)
		write("thread_siblings_list", p.Siblings)
	}
	return fsys
}

// Topologies of machines, and beside each how it came about.
var (
	oneCPU = Topology{0: {0, 0, Set{0}}}

	twoCores = Topology{
		0: {0, 0, Set{0}},
		1: {0, 1, Set{1}},
	}

	// Linux numbers the first siblings of all cores, then the second ones.
	fourCoresSMT = Topology{
		0: {0, 0, Set{0, 4}}, 4: {0, 0, Set{0, 4}},
		1: {0, 1, Set{1, 5}}, 5: {0, 1, Set{1, 5}},
		2: {0, 2, Set{2, 6}}, 6: {0, 2, Set{2, 6}},
		3: {0, 3, Set{3, 7}}, 7: {0, 3, Set{3, 7}},
	}

	// Core numbers are those of the package, and have gaps.
	twoPackagesSMT = Topology{
		0: {0, 0, Set{0, 4}}, 4: {0, 0, Set{0, 4}},
		1: {0, 8, Set{1, 5}}, 5: {0, 8, Set{1, 5}},
		2: {1, 0, Set{2, 6}}, 6: {1, 0, Set{2, 6}},
		3: {1, 8, Set{3, 7}}, 7: {1, 8, Set{3, 7}},
	}

	// Virtual machines often number siblings next to each other. CPU 3 is
	// offline, so CPU 2 has its core alone.
	offline = Topology{
		0: {0, 0, Set{0, 1}}, 1: {0, 0, Set{0, 1}},
		2: {0, 1, Set{2}},
		4: {0, 2, Set{4, 5}}, 5: {0, 2, Set{4, 5}},
	}
)

func cpusOf(topo Topology) Set {
	var s []int
	for cpu := range topo {
		s = append(s, cpu)
	}
	return SetOf(s...)
}

func TestReadTopology(t *testing.T) {
	for _, test := range []struct {
		name string
		topo Topology
	}{
		{"one CPU", oneCPU},
		{"two cores", twoCores},
		{"four cores with SMT", fourCoresSMT},
		{"two packages", twoPackagesSMT},
		{"offline", offline},
	} {
		got, err := ReadTopology(sysfs(test.topo), cpusOf(test.topo))
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if diff := cmp.Diff(test.topo, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestReadTopologyMissing(t *testing.T) {
	t.Run("all", func(t *testing.T) {
		got, err := ReadTopology(fstest.MapFS{}, Set{0, 2})
		want := Topology{0: {-1, -1, Set{0}}, 2: {-1, -1, Set{2}}}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("error %v (-want +got):\n%s", err, diff)
		}
	})
	t.Run("one CPU", func(t *testing.T) {
		got, err := ReadTopology(sysfs(offline), Set{2, 3})
		want := Topology{2: offline[2], 3: {-1, -1, Set{3}}}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("error %v (-want +got):\n%s", err, diff)
		}
	})
	t.Run("new name of the siblings", func(t *testing.T) {
		fsys := sysfs(fourCoresSMT)
		delete(fsys, "cpu1/topology/core_cpus_list")
		got, err := ReadTopology(fsys, Set{1})
		want := Topology{1: fourCoresSMT[1]}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("error %v (-want +got):\n%s", err, diff)
		}
	})
	t.Run("siblings", func(t *testing.T) {
		fsys := sysfs(fourCoresSMT)
		delete(fsys, "cpu1/topology/core_cpus_list")
		delete(fsys, "cpu1/topology/thread_siblings_list")
		got, err := ReadTopology(fsys, Set{1})
		want := Topology{1: {0, 1, Set{1}}}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("error %v (-want +got):\n%s", err, diff)
		}
	})
}

func TestReadTopologyUnknownIsNotAnError(t *testing.T) {
	fsys := sysfs(Topology{0: {-1, -1, Set{0}}})
	got, err := ReadTopology(fsys, Set{0})
	if err != nil || got[0].Package != -1 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestReadTopologyErrors(t *testing.T) {
	for _, test := range []struct{ base, content, want string }{
		{"physical_package_id", "zero", "cpu1/topology/physical_package_id"},
		{"core_id", "", "cpu1/topology/core_id"},
		{"core_cpus_list", "", "empty"},
		{"core_cpus_list", "5-1", "reversed"},
		{"core_cpus_list", "0,4", "does not contain the CPU itself"},
	} {
		fsys := sysfs(fourCoresSMT)
		fsys["cpu1/topology/"+test.base] = &fstest.MapFile{Data: []byte(test.content)}
		_, err := ReadTopology(fsys, Set{0, 1})
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "CPU 1") {
			t.Errorf("%s with %q: error %v, want one about CPU 1 that contains %q", test.base, test.content, err, test.want)
		}
	}
	fsys := sysfs(oneCPU)
	fsys["cpu0/topology/core_id"] = &fstest.MapFile{Mode: fs.ModeDir}
	if _, err := ReadTopology(fsys, Set{0}); err == nil {
		t.Error("a file that cannot be read is no error")
	}
}

func TestSystemTopology(t *testing.T) {
	cpus, err := Allowed()
	if err != nil {
		t.Fatal(err)
	}
	topo, err := SystemTopology(cpus)
	if err != nil {
		t.Fatal(err)
	}
	for _, cpu := range cpus {
		p, ok := topo[cpu]
		if !ok || !p.Siblings.Contains(cpu) {
			t.Errorf("%s: CPU %d is at %+v", runtime.GOOS, cpu, p)
		}
	}
}
