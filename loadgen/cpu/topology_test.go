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

// sysfs returns files such as Linux shows them for the given places, without what
// is unknown.
func sysfs(topo Topology) fstest.MapFS {
	fsys := make(fstest.MapFS)
	write := func(name string, content any) { fsys[name] = &fstest.MapFile{Data: fmt.Appendln(nil, content)} }
	nodes, l3s := make(map[int][]int), make(map[int][]int)
	for cpu, p := range topo {
		nodes[p.Node] = append(nodes[p.Node], cpu)
		l3s[p.L3] = append(l3s[p.L3], cpu)
	}
	for cpu, p := range topo {
		write(cpuFile(cpu, "topology/physical_package_id"), p.Package)
		write(cpuFile(cpu, "topology/core_id"), p.Core)
		write(cpuFile(cpu, "topology/core_cpus_list"), p.Siblings)
		write(cpuFile(cpu, "topology/thread_siblings_list"), p.Siblings)
		if p.L3 >= 0 {
			write(cpuFile(cpu, "cache/index3/level"), 3)
			write(cpuFile(cpu, "cache/index3/shared_cpu_list"), SetOf(l3s[p.L3]...))
		}
		if p.Kind >= 0 {
			write(cpuFile(cpu, "cpufreq/cpuinfo_max_freq"), 4_000_000>>p.Kind)
		}
	}
	for node, cpus := range nodes {
		if node >= 0 {
			write(fmt.Sprintf("system/node/node%d/cpulist", node), SetOf(cpus...))
		}
	}
	return fsys
}

// place returns the place of a CPU about which nothing else is known.
func place(pkg, core int, siblings Set) Place {
	return Place{Package: pkg, Core: core, Siblings: siblings, Node: -1, L3: -1, Kind: -1}
}

// Topologies of machines, with the reason why each is here.
var (
	oneCPU = Topology{0: place(0, 0, Set{0})}

	twoCores = Topology{
		0: place(0, 0, Set{0}),
		1: place(0, 1, Set{1}),
	}

	// Linux numbers the first siblings of all cores, then the second ones.
	fourCoresSMT = Topology{
		0: place(0, 0, Set{0, 4}), 4: place(0, 0, Set{0, 4}),
		1: place(0, 1, Set{1, 5}), 5: place(0, 1, Set{1, 5}),
		2: place(0, 2, Set{2, 6}), 6: place(0, 2, Set{2, 6}),
		3: place(0, 3, Set{3, 7}), 7: place(0, 3, Set{3, 7}),
	}

	// Core numbers are those of the package, and have gaps.
	twoPackagesSMT = Topology{
		0: place(0, 0, Set{0, 4}), 4: place(0, 0, Set{0, 4}),
		1: place(0, 8, Set{1, 5}), 5: place(0, 8, Set{1, 5}),
		2: place(1, 0, Set{2, 6}), 6: place(1, 0, Set{2, 6}),
		3: place(1, 8, Set{3, 7}), 7: place(1, 8, Set{3, 7}),
	}

	// Virtual machines often number siblings next to each other. CPU 3 is
	// offline, so CPU 2 has its core alone.
	offline = Topology{
		0: place(0, 0, Set{0, 1}), 1: place(0, 0, Set{0, 1}),
		2: place(0, 1, Set{2}),
		4: place(0, 2, Set{4, 5}), 5: place(0, 2, Set{4, 5}),
	}

	// Two nodes of two cores with SMT, each with a third-level cache.
	twoNodesSMT = Topology{
		0: {0, 0, Set{0, 4}, 0, 0, 0}, 4: {0, 0, Set{0, 4}, 0, 0, 0},
		1: {0, 1, Set{1, 5}, 0, 0, 0}, 5: {0, 1, Set{1, 5}, 0, 0, 0},
		2: {1, 0, Set{2, 6}, 1, 2, 0}, 6: {1, 0, Set{2, 6}, 1, 2, 0},
		3: {1, 1, Set{3, 7}, 1, 2, 0}, 7: {1, 1, Set{3, 7}, 1, 2, 0},
	}

	// Nodes whose CPUs take turns, as firmware often numbers them.
	nodesInTurn = Topology{
		0: {0, 0, Set{0}, 0, 0, 0}, 1: {1, 0, Set{1}, 1, 1, 0},
		2: {0, 1, Set{2}, 0, 0, 0}, 3: {1, 1, Set{3}, 1, 1, 0},
		4: {0, 2, Set{4}, 0, 0, 0}, 5: {1, 2, Set{5}, 1, 1, 0},
	}

	// One node with two third-level caches, as chiplets have them.
	twoL3s = Topology{
		0: {0, 0, Set{0}, 0, 0, 0}, 1: {0, 1, Set{1}, 0, 0, 0}, 2: {0, 2, Set{2}, 0, 0, 0}, 3: {0, 3, Set{3}, 0, 0, 0},
		4: {0, 4, Set{4}, 0, 4, 0}, 5: {0, 5, Set{5}, 0, 4, 0}, 6: {0, 6, Set{6}, 0, 4, 0}, 7: {0, 7, Set{7}, 0, 4, 0},
	}

	// Two performance cores with SMT, whose CPUs come first, and four
	// efficiency cores without.
	hybrid = Topology{
		0: {0, 0, Set{0, 1}, 0, 0, 0}, 1: {0, 0, Set{0, 1}, 0, 0, 0},
		2: {0, 4, Set{2, 3}, 0, 0, 0}, 3: {0, 4, Set{2, 3}, 0, 0, 0},
		4: {0, 8, Set{4}, 0, 0, 1}, 5: {0, 9, Set{5}, 0, 0, 1}, 6: {0, 10, Set{6}, 0, 0, 1}, 7: {0, 11, Set{7}, 0, 0, 1},
	}

	// On Arm the slow cores often come first.
	bigLittle = Topology{
		0: {0, 0, Set{0}, 0, -1, 1}, 1: {0, 1, Set{1}, 0, -1, 1}, 2: {0, 2, Set{2}, 0, -1, 0}, 3: {0, 3, Set{3}, 0, -1, 0},
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
		{"two nodes", twoNodesSMT},
		{"nodes whose CPUs take turns", nodesInTurn},
		{"two third-level caches", twoL3s},
		{"performance and efficiency cores", hybrid},
		{"slow cores first", bigLittle},
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
		want := Topology{0: place(-1, -1, Set{0}), 2: place(-1, -1, Set{2})}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("error %v (-want +got):\n%s", err, diff)
		}
	})
	t.Run("one CPU", func(t *testing.T) {
		got, err := ReadTopology(sysfs(offline), Set{2, 3})
		want := Topology{2: offline[2], 3: place(-1, -1, Set{3})}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("error %v (-want +got):\n%s", err, diff)
		}
	})
	t.Run("new name of the siblings", func(t *testing.T) {
		fsys := sysfs(fourCoresSMT)
		delete(fsys, "system/cpu/cpu1/topology/core_cpus_list")
		got, err := ReadTopology(fsys, Set{1})
		want := Topology{1: fourCoresSMT[1]}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("error %v (-want +got):\n%s", err, diff)
		}
	})
	t.Run("siblings", func(t *testing.T) {
		fsys := sysfs(fourCoresSMT)
		delete(fsys, "system/cpu/cpu1/topology/core_cpus_list")
		delete(fsys, "system/cpu/cpu1/topology/thread_siblings_list")
		got, err := ReadTopology(fsys, Set{1})
		want := Topology{1: place(0, 1, Set{1})}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("error %v (-want +got):\n%s", err, diff)
		}
	})
}

// Files beyond those that every machine has: what each means, and that without it
// nothing is claimed.
func TestReadTopologyMore(t *testing.T) {
	files := func(pairs ...string) fstest.MapFS {
		fsys := sysfs(Topology{0: place(0, 0, Set{0}), 1: place(0, 1, Set{1}), 2: place(0, 2, Set{2})})
		for i := 0; i < len(pairs); i += 2 {
			fsys[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1] + "\n")}
		}
		return fsys
	}
	all := func(name string, values ...string) (pairs []string) {
		for i, v := range values {
			pairs = append(pairs, cpuFile(i, name), v)
		}
		return pairs
	}
	type three [3]int
	unknown := three{-1, -1, -1}
	for _, test := range []struct {
		name              string
		files             []string
		nodes, l3s, kinds three
	}{
		{"nothing more", nil, unknown, unknown, unknown},
		{"a node without CPUs", []string{"system/node/node0/cpulist", "0-2", "system/node/node1/cpulist", ""}, three{}, unknown, unknown},
		{"a CPU that no node has", []string{"system/node/node3/cpulist", "0-1"}, three{3, 3, -1}, unknown, unknown},
		{"a file that is no node's", []string{"system/node/node0x/cpulist", "0-2"}, unknown, unknown, unknown},
		{"a cache of another level", all("cache/index3/level", "2", "2", "2"), unknown, unknown, unknown},
		{"the cache of a CPU that may not be used", all("cache/index3/shared_cpu_list", "0-2,7", "0-2,7", ""), unknown, three{0, 0, -1}, unknown},
		{"Intel's lists", []string{"cpu_core/cpus", "2", "cpu_atom/cpus", "0-1"}, unknown, unknown, three{1, 1, 0}},
		{"Intel's lists; one kind may be used", []string{"cpu_core/cpus", "4-7", "cpu_atom/cpus", "0-2"}, unknown, unknown, three{}},
		{"Intel's lists, not of all", []string{"cpu_core/cpus", "1", "cpu_atom/cpus", "0"}, unknown, unknown, three{1, 0, -1}},
		{"the lists count before capacities", append(all("cpu_capacity", "1024", "1024", "1024"), "cpu_core/cpus", "0-1", "cpu_atom/cpus", "2"), unknown, unknown, three{0, 0, 1}},
		{"capacities", all("cpu_capacity", "446", "1024", "1024"), unknown, unknown, three{1, 0, 0}},
		{"three kinds", all("cpu_capacity", "250", "1024", "700"), unknown, unknown, three{2, 0, 1}},
		{"capacities that say nothing", all("cpu_capacity", "1024", "1024", "1024"), unknown, unknown, unknown},
		{"then frequencies", append(all("cpu_capacity", "1024", "1024", "1024"), all("cpufreq/cpuinfo_max_freq", "3300000", "5100000", "5100000")...), unknown, unknown, three{1, 0, 0}},
		{"one kind, each core rated by itself", all("cpufreq/cpuinfo_max_freq", "5000000", "4700000", "4900000"), unknown, unknown, three{}},
		{"a frequency is missing", all("cpufreq/cpuinfo_max_freq", "5000000", "3000000"), unknown, unknown, unknown},
	} {
		got, err := ReadTopology(files(test.files...), Set{0, 1, 2})
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		var nodes, l3s, kinds three
		for i := range 3 {
			nodes[i], l3s[i], kinds[i] = got[i].Node, got[i].L3, got[i].Kind
		}
		if nodes != test.nodes || l3s != test.l3s || kinds != test.kinds {
			t.Errorf("%s: nodes %v, caches %v, kinds %v; want %v, %v, %v", test.name, nodes, l3s, kinds, test.nodes, test.l3s, test.kinds)
		}
	}
}

func TestReadTopologyUnknownIsNotAnError(t *testing.T) {
	fsys := sysfs(Topology{0: place(-1, -1, Set{0})})
	got, err := ReadTopology(fsys, Set{0})
	if err != nil || got[0].Package != -1 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestReadTopologyErrors(t *testing.T) {
	for _, test := range []struct{ base, content, want string }{
		{"physical_package_id", "zero", "system/cpu/cpu1/topology/physical_package_id"},
		{"core_id", "", "system/cpu/cpu1/topology/core_id"},
		{"core_cpus_list", "", "empty"},
		{"core_cpus_list", "5-1", "reversed"},
		{"core_cpus_list", "0,4", "does not contain the CPU itself"},
	} {
		fsys := sysfs(fourCoresSMT)
		fsys["system/cpu/cpu1/topology/"+test.base] = &fstest.MapFile{Data: []byte(test.content)}
		_, err := ReadTopology(fsys, Set{0, 1})
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "CPU 1") {
			t.Errorf("%s with %q: error %v, want one about CPU 1 that contains %q", test.base, test.content, err, test.want)
		}
	}
	for name, content := range map[string]string{
		"system/node/node0/cpulist": "0-", "cpu_core/cpus": "many", "cpu_atom/cpus": "many",
		"system/cpu/cpu0/cpu_capacity": "all", "system/cpu/cpu0/cpufreq/cpuinfo_max_freq": "5 GHz",
		"system/cpu/cpu0/cache/index3/shared_cpu_list": "x", "system/cpu/cpu0/cache/index3/level": "L3",
	} {
		fsys := sysfs(oneCPU)
		fsys[name] = &fstest.MapFile{Data: []byte(content)}
		if _, err := ReadTopology(fsys, Set{0}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s with %q: error %v, want one that names the file", name, content, err)
		}
	}
	fsys := sysfs(oneCPU)
	fsys["system/cpu/cpu0/topology/core_id"] = &fstest.MapFile{Mode: fs.ModeDir}
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
