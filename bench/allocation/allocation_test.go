package allocation_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/idlebench/idlebench/bench/allocation"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/record/environ"
)

// A machine has 4 cores with two hardware threads: 0 and 4, 1 and 5, and so on.
func machine(quota string) environ.System {
	files := fstest.MapFS{
		"proc/self/cgroup":                 {Data: []byte("0::/\n")},
		"sys/fs/cgroup/cgroup.controllers": {Data: []byte("cpu\n")},
		"sys/fs/cgroup/cpu.max":            {Data: []byte(quota + "\n")},
	}
	for c := range 8 {
		dir := fmt.Sprintf("sys/devices/system/cpu/cpu%d/topology/", c)
		files[dir+"thread_siblings_list"] = &fstest.MapFile{Data: fmt.Appendf(nil, "%d,%d\n", c%4, c%4+4)}
		files[dir+"core_id"] = &fstest.MapFile{Data: fmt.Appendf(nil, "%d\n", c%4)}
		files[dir+"physical_package_id"] = &fstest.MapFile{Data: []byte("0\n")}
	}
	return environ.System{FS: files, Hostname: "host"}
}

func TestRead(t *testing.T) {
	const all, none = "0-7", "max 100000"
	for _, c := range []struct {
		name    string
		env     string // NAME=VALUE, separated by spaces
		allowed string
		quota   string

		use, machine string
		remarks      []string // the beginnings
		refused      string   // in the error; "" if there is none
	}{
		{name: "a machine of one's own", allowed: all, use: all, machine: "host"},
		{name: "affinity", allowed: "0-1,4-5", use: "0-1,4-5", machine: "host"},
		{name: "half of each core", allowed: "0-1", use: "0-1", machine: "host", remarks: []string{"shared cores: other hardware threads of the cores of CPUs 0-1"}},
		{name: "one CPU", allowed: "0,4", env: "IDLEBENCH_CPUS=1", use: "0", machine: "host", remarks: []string{"not bound: 1 CPU granted", "shared cores", "one CPU"}},
		{name: "quota", allowed: all, quota: "250000 100000", use: all, machine: "host", remarks: []string{"a CPU quota of 2.5 CPUs"}},
		{name: "named", allowed: all, env: "IDLEBENCH_MACHINE=rack1 SLURM_JOB_ID=7 SLURMD_NODENAME=n1", use: all, machine: "rack1"},
		{name: "slurm, whole node", allowed: all, env: "SLURM_JOB_ID=7 SLURM_CPUS_ON_NODE=8 SLURMD_NODENAME=n1", use: all, machine: "n1"},
		{name: "slurm, bound", allowed: "0-1,4-5", env: "SLURM_JOB_ID=7 SLURM_CPUS_ON_NODE=4 SLURM_CPUS_PER_TASK=4", use: "0-1,4-5", machine: "host"},
		{name: "slurm, a core for one CPU", allowed: "0,4", env: "SLURM_JOB_ID=7 SLURM_CPUS_ON_NODE=2 SLURM_CPUS_PER_TASK=1", use: "0,4", machine: "host"},
		{name: "slurm, not bound", allowed: all, env: "SLURM_JOB_ID=7 SLURM_CPUS_ON_NODE=2", use: "0-1", machine: "host",
			remarks: []string{"not bound: 2 CPUs granted, and the process may use 0-7; it keeps to 0-1", "shared cores"}},
		{name: "slurm, srun did not inherit -c", allowed: "0", env: "SLURM_JOB_ID=7 SLURM_CPUS_ON_NODE=4 SLURM_CPUS_PER_TASK=4", use: "0", machine: "host",
			remarks: []string{"shared cores", "one CPU"}, refused: "srun --exact --cpus-per-task=4"},
		{name: "slurm, a step with less", allowed: "0", env: "SLURM_JOB_ID=7 SLURM_JOB_NUM_NODES=1 SLURM_JOB_CPUS_PER_NODE=2(x1) SLURM_CPUS_ON_NODE=1", use: "0", machine: "host",
			remarks: []string{"a part of the job: this step has 1 of the 2 CPUs", "shared cores", "one CPU"}},
		{name: "slurm, hint without effect", allowed: "0,4", env: "SLURM_JOB_ID=7 SLURM_CPUS_ON_NODE=2 SLURM_HINT=nomultithread", use: "0,4", machine: "host",
			remarks: []string{"--hint=nomultithread had no effect: CPUs 0,4"}},
		{name: "slurm, hint with effect", allowed: "0-1", env: "SLURM_JOB_ID=7 SLURM_CPUS_ON_NODE=2 SLURM_HINT=nomultithread", use: "0-1", machine: "host",
			remarks: []string{"shared cores"}},
		{name: "kubernetes, exclusive", allowed: "1-3,5-7", env: "KUBERNETES_SERVICE_HOST=10.0.0.1 IDLEBENCH_CPUS=6", use: "1-3,5-7", machine: "host"},
		{name: "kubernetes, shared", allowed: all, env: "KUBERNETES_SERVICE_HOST=10.0.0.1 IDLEBENCH_CPUS=6", use: "0-5", machine: "host",
			remarks: []string{"not bound: 6 CPUs granted", "shared cores: other hardware threads of the cores of CPUs 2-3"}},
		{name: "nonsense", allowed: all, env: "IDLEBENCH_CPUS=many", use: all, machine: "host"},
	} {
		t.Run(c.name, func(t *testing.T) {
			env := make(map[string]string)
			for _, pair := range strings.Fields(c.env) {
				name, value, _ := strings.Cut(pair, "=")
				env[name] = value
			}
			allowed, err := cpu.Parse(c.allowed)
			if err != nil {
				t.Fatal(err)
			}
			quota := c.quota
			if quota == "" {
				quota = none
			}
			a := allocation.Read(func(name string) string { return env[name] }, machine(quota), allowed)
			if a.Use.String() != c.use || a.Machine != c.machine {
				t.Errorf("uses %v on %s, want %s on %s", a.Use, a.Machine, c.use, c.machine)
			}
			remarks := a.Remarks()
			ok := len(remarks) == len(c.remarks)
			for i := range c.remarks {
				ok = ok && strings.HasPrefix(remarks[i].Value, c.remarks[i])
			}
			if !ok {
				t.Errorf("remarks %q, want %q", remarks, c.remarks)
			}
			switch err := a.Refusal(); {
			case (err == nil) != (c.refused == ""), err != nil && !strings.Contains(err.Error(), c.refused):
				t.Errorf("refusal %v, want %q", err, c.refused)
			}
			if n := len(a.Said); n != strings.Count(c.env, "SLURM")+strings.Count(c.env, "IDLEBENCH_CPUS") {
				t.Errorf("%d facts of %s: %v", n, c.env, a.Said)
			}
		})
	}
}
