// Package allocation finds out which CPUs the engine that started a job gave it, and what
// about them a measurement has to say.
//
// # What binds
//
// The kernel binds by the affinity of the process, which contains the cpuset of its control
// groups, and by the quota of these groups. Both are read back: an engine may accept a
// request and do something else. Slurm 22.05, for example, lets srun ignore the -c of the
// job, hand a step every CPU without --exact, and combine --hint with other bindings
// without a word.
//
// What an engine says it granted is a number of CPUs:
//
//   - Slurm: SLURM_CPUS_PER_TASK of the task, at most SLURM_CPUS_ON_NODE.
//   - Others: IDLEBENCH_CPUS, which a Kubernetes manifest fills from limits.cpu.
//
// # What follows
//
// If the process may use fewer CPUs than were granted, something was lost on the way, and
// the measurement would waste what was reserved: it is refused, with what to write instead
// ([Allocation.Refusal]). If it may use more, it is not bound. Then it keeps to as many as
// it was granted, on cores of their own as far as there are some, and says that others may
// use these too. A quota, and cores whose other hardware threads belong to others, are
// said as well ([Allocation.Remarks]), and a reader of many machines decides what follows. A quota that is too small for the plan is for the
// engine of runs to refuse (bench/engine.Shortage).
package allocation

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/environ"
	"github.com/idlebench/idlebench/record/job"
)

// The engines that are recognised.
const (
	Slurm      = "slurm"
	Kubernetes = "kubernetes"
)

// Variables of the environment that are this suite's own.
const (
	MachineVariable = "IDLEBENCH_MACHINE"
	JobVariable     = "IDLEBENCH_JOB"
	CPUsVariable    = "IDLEBENCH_CPUS"
)

// An Allocation is what an engine gave a job.
type Allocation struct {
	Engine  string        // Slurm, Kubernetes, or ""
	Machine string        // the name of the machine
	Allowed cpu.Set       // on which the process may run
	Use     cpu.Set       // on which it is to measure: all of Allowed, or as many as were granted
	Said    []record.Pair // the variables of the environment that describe the allocation

	least, most int     // CPUs granted; 0 if the engine does not say
	ofJob       int     // CPUs that the job has on this machine, of which a step may have fewer; 0 if unknown
	shared      cpu.Set // CPUs of Use whose core has others that are not in it
	double      cpu.Set // CPUs of Use whose core has others that are in it
	quota       float64
	hint        string
}

// variables are those that are recorded, as far as they are set.
var variables = []string{
	CPUsVariable,
	"SLURM_JOB_ID", "SLURM_ARRAY_JOB_ID", "SLURM_ARRAY_TASK_ID", "SLURM_RESTART_COUNT", "SLURM_JOB_PARTITION", "SLURMD_NODENAME",
	"SLURM_JOB_NUM_NODES", "SLURM_JOB_CPUS_PER_NODE", "SLURM_CPUS_ON_NODE", "SLURM_CPUS_PER_TASK", "SLURM_NTASKS",
	"SLURM_CPU_BIND", "SLURM_HINT", "SLURM_THREADS_PER_CORE",
}

// Read reads the allocation of this process. allowed are the CPUs that it may use.
func Read(getenv func(string) string, system environ.System, allowed cpu.Set) Allocation {
	a := Allocation{Allowed: allowed, Use: allowed, Machine: system.Hostname, hint: getenv("SLURM_HINT")}
	for _, v := range variables {
		if value := getenv(v); value != "" {
			a.Said = append(a.Said, record.Pair{Key: v, Value: value})
		}
	}
	switch {
	case getenv("SLURM_JOB_ID") != "":
		a.Engine = Slurm
		a.most = number(getenv("SLURM_CPUS_ON_NODE"))
		a.least = number(getenv("SLURM_CPUS_PER_TASK"))
		if getenv("SLURM_JOB_NUM_NODES") == "1" {
			perNode, _, _ := strings.Cut(getenv("SLURM_JOB_CPUS_PER_NODE"), "(") // 4(x2)
			a.ofJob = number(perNode)
		}
		if node := getenv("SLURMD_NODENAME"); node != "" {
			a.Machine = node
		}
	case getenv("KUBERNETES_SERVICE_HOST") != "":
		a.Engine = Kubernetes
	}
	if n := number(getenv(CPUsVariable)); n > 0 {
		a.least, a.most = n, n
	}
	if name := getenv(MachineVariable); name != "" {
		a.Machine = name
	}
	topology := system.Topology(allowed)
	if a.most > 0 && len(allowed) > a.most {
		a.Use = spread(allowed, topology, a.most)
	}
	for _, c := range a.Use {
		siblings := topology[c].Siblings
		if len(siblings.Without(a.Use)) > 0 {
			a.shared = append(a.shared, c)
		}
		if siblings.Without(cpu.SetOf(c)).Intersects(a.Use) {
			a.double = append(a.double, c)
		}
	}
	a.quota, _ = system.CPUQuota()
	return a
}

// number returns a positive number, or 0.
func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return max(n, 0)
}

// spread returns n of the CPUs, on cores of their own as far as there are some.
func spread(from cpu.Set, topology cpu.Topology, n int) cpu.Set {
	var first, further []int
	seen := make(map[int]bool) // cores, by the lowest of their CPUs
	for _, c := range from {
		core := c
		if s := topology[c].Siblings; len(s) > 0 {
			core = s[0]
		}
		if seen[core] {
			further = append(further, c)
		} else {
			first = append(first, c)
		}
		seen[core] = true
	}
	return cpu.SetOf(append(first, further...)[:n]...)
}

// Refusal returns an error if the process may use fewer CPUs than were granted.
func (a Allocation) Refusal() error {
	if a.least <= len(a.Allowed) {
		return nil
	}
	remedy := "give the process all CPUs that it was granted"
	if a.Engine == Slurm {
		remedy = fmt.Sprintf("since Slurm 22.05 srun does not inherit -c from the job: write srun --exact --cpus-per-task=%d, or start the job without srun", a.least)
	}
	return fmt.Errorf("%s granted, but the process may use only %v: %s", phrase.Count(a.least, "CPU"), a.Allowed, remedy)
}

// Remarks says what distinguishes these CPUs from a machine of one's own.
func (a Allocation) Remarks() (list []record.Pair) {
	remark := func(kind, format string, args ...any) {
		list = append(list, record.Pair{Key: kind, Value: fmt.Sprintf(format, args...)})
	}
	if len(a.Use) < len(a.Allowed) {
		remark(job.Unbound, "not bound: %s granted, and the process may use %v; it keeps to %v, which others may use too", phrase.Count(a.most, "CPU"), a.Allowed, a.Use)
	}
	if a.most > 0 && a.most < a.ofJob {
		remark(job.Part, "a part of the job: this step has %d of the %s that the job has on this machine", a.most, phrase.Count(a.ofJob, "CPU"))
	}
	if a.quota > 0 {
		remark(job.Quota, "a CPU quota of %.4g CPUs may stop threads", a.quota)
	}
	if len(a.shared) > 0 {
		remark(job.SharedCores, "shared cores: other hardware threads of the cores of CPUs %v are not part of this job", a.shared)
	}
	if a.hint == "nomultithread" && len(a.double) > 0 {
		remark(job.Hint, "--hint=nomultithread had no effect: CPUs %v share cores with each other", a.double)
	}
	if len(a.Use) < 2 {
		remark(job.OneCPU, "one CPU: workers and load generator take turns on it")
	}
	return list
}
