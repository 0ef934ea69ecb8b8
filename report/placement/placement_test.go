package placement

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/source"
)

// input makes one of the conditions of launches, each of a cell of its own, written
// as in a file. A cell that begins with "go" is of Go's own scheduler.
func input(config string, launches ...string) *source.Input {
	in := &source.Input{}
	for pair := range strings.FieldsSeq(config) {
		key, value, _ := strings.Cut(pair, "=")
		in.Config = append(in.Config, record.Pair{Key: key, Value: value})
	}
	for _, text := range launches {
		c := &source.Cell{Role: record.Implementation}
		l := &source.Launch{}
		for pair := range strings.FieldsSeq(text) {
			key, value, ok := strings.Cut(pair, "=")
			if !ok {
				c.Role = record.Reference
				continue
			}
			l.Conditions = append(l.Conditions, record.Pair{Key: key, Value: value})
		}
		c.Launches = []*source.Launch{l}
		in.Launches = append(in.Launches, l)
		in.Cells = append(in.Cells, c)
	}
	return in
}

func TestOf(t *testing.T) {
	const (
		well  = "pinned=yes oversubscribed=no worker-cpus=0,1,2 generator-cpu=7 runtime-cpus=5-6 runtime-shares=none shared-cores=no generator-sibling=no nodes=1 l3s=1 core-kinds=1 throttled-periods=0 throttled=0s"
		where = "Workers ran on CPUs 0-2, the load generator on CPU 7, the housekeeping threads on CPUs 5-6."
	)
	but := func(changes ...string) string { return strings.NewReplacer(changes...).Replace(well) }
	for _, test := range []struct {
		name string
		in   *source.Input
		want Summary
	}{
		{"no launches", input(""), Summary{}},
		{"no conditions", input("", "", ""), Summary{}},
		{"all is well", input("", well, well), Summary{Where: where}},
		{"not pinned", input("", but("pinned=yes", "pinned=no")), Summary{}},
		{"damaged lists", input("", but("worker-cpus=0,1,2", "worker-cpus=x", "generator-cpu=7", "generator-cpu=")), Summary{}},
		{"different cells", input("", well, but("worker-cpus=0,1,2", "worker-cpus=0", "runtime-cpus=5-6", "runtime-cpus=1,6")),
			Summary{Where: "Workers ran on CPUs 0-2, the load generator on CPU 7, the housekeeping threads on CPUs 1,5-6, over all launches."}},
		{"of a time before the runtime's CPUs", input("", "pinned=yes oversubscribed=no worker-cpus=0 generator-cpu=1 shared-cores=no"),
			Summary{Where: "Workers ran on CPU 0, the load generator on CPU 1."}},
		{"and before the sibling", input("", "pinned=yes oversubscribed=no worker-cpus=0 generator-cpu=1 shared-cores=yes"),
			Summary{"Workers ran on CPU 0, the load generator on CPU 1.", []string{"Workers shared physical cores with each other, or with the load generator, in the only cell."}}},
		{"some oversubscribed", input("", well, but("oversubscribed=no", "oversubscribed=yes", "shares=none", "shares=workers", "cores=no", "cores=yes", "worker-cpus=0,1,2", "worker-cpus=0,1,0,1", "generator-cpu=7", "generator-cpu=1")),
			Summary{Where: where + " In oversubscribed launches all of them shared CPUs 0-1."}},
		{"all oversubscribed", input("", but("oversubscribed=no", "oversubscribed=yes")),
			Summary{Where: "All launches were oversubscribed: workers, load generator and housekeeping threads shared CPUs 0-2,7."}},
		{"siblings", input("", well, but("sibling=no", "sibling=yes"), but("cores=no", "cores=yes")), Summary{where, []string{
			"The load generator ran on an SMT sibling of a worker in 1 of 3 cells. It is always busy, so this worker is slower than the others.",
			"Workers shared physical cores in 1 of 3 cells: they slow each other while both are busy."}}},
		{"unequal cores", input("", but("core-kinds=1", "core-kinds=2"), but("core-kinds=1", "core-kinds=2")), Summary{where, []string{
			"Workers and load generator ran on fast and on slow cores in all 2 cells, so latency depends on which worker is woken."}}},
		{"nodes, which have caches of their own", input("", but("nodes=1", "nodes=2", "l3s=1", "l3s=2")), Summary{where, []string{
			"Workers and load generator ran on several NUMA nodes in the only cell: some tasks and wake-ups cross between nodes, others do not."}}},
		{"caches", input("", but("l3s=1", "l3s=2")), Summary{where, []string{
			"Workers and load generator ran on CPUs with different third-level caches in the only cell: some tasks and wake-ups cross between caches, others do not."}}},
		{"the generator's CPU", input("", but("shares=none", "shares=generator")), Summary{where, []string{
			"The housekeeping threads (Go runtime) shared the load generator's CPU in the only cell, since no other was free: while they run, tasks are submitted late."}}},
		{"the generator's sibling", input("", but("shares=none", "shares=sibling")), Summary{Where: where}},
		{"workers' siblings", input("", but("shares=none", "shares=workers")), Summary{where, []string{
			"The housekeeping threads (Go runtime) ran on SMT siblings of workers in the only cell, since no other CPUs were free: while they run, these workers are slower."}}},
		{"workers that are goroutines are the same threads", input("", well, but("shares=none", "shares=workers", "runtime-cpus=5-6", "runtime-cpus=0-2,7")), Summary{Where: where}},
		{"Go's own scheduler is meant to", input("", well, "go "+but("shares=none", "shares=workers", "runtime-cpus=5-6", "runtime-cpus=0-2")), Summary{Where: where}},
		{"throttled", input("", well, but("periods=0", "periods=9", "throttled=0s", "throttled=63.4ms"), but("periods=0", "periods=unknown", "throttled=0s", "throttled=unknown")), Summary{where, []string{
			"A CPU quota stopped the threads of 1 of 3 launches, for a total of 63ms of thread time."}}},
		{"a quota that is too small", input("cpu-quota-short=yes", well), Summary{where, []string{
			"The CPU quota was smaller than the busiest cell needs, and the run went on because of -throttled: latencies may be those of the quota."}}},
	} {
		if diff := cmp.Diff(test.want, Of(test.in)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}
