package cgroup

import (
	"io/fs"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func tree(files map[string]string) fs.FS {
	fsys := make(fstest.MapFS)
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func TestGroups(t *testing.T) {
	for _, test := range []struct {
		name  string
		files fs.FS
		want  []Group
	}{
		{"no file system", nil, nil},
		{"no control groups", tree(nil), nil},
		{"version 2", tree(map[string]string{"proc/self/cgroup": "0::/a/b\n"}), []Group{
			{"sys/fs/cgroup/a/b", 2}, {"sys/fs/cgroup/a", 2}, {"sys/fs/cgroup", 2},
			{"sys/fs/cgroup/unified/a/b", 2}, {"sys/fs/cgroup/unified/a", 2}, {"sys/fs/cgroup/unified", 2},
		}},
		{"version 1, two controllers mounted together", tree(map[string]string{
			"proc/self/cgroup":                   "5:cpu,cpuacct:/a\n4:memory:/m\n",
			"sys/fs/cgroup/cpu,cpuacct/cpu.stat": "",
		}), []Group{{"sys/fs/cgroup/cpu,cpuacct/a", 1}, {"sys/fs/cgroup/cpu,cpuacct", 1}}},
		{"version 1, mounted alone", tree(map[string]string{"proc/self/cgroup": "5:cpu,cpuacct:/\n"}), []Group{{"sys/fs/cgroup/cpu", 1}}},
		{"a path that leads out of the mount", tree(map[string]string{"proc/self/cgroup": "2:cpu:/../../x\n"}),
			[]Group{{"sys/fs/cgroup/cpu/x", 1}, {"sys/fs/cgroup/cpu", 1}}},
		{"other controllers, and no lines", tree(map[string]string{"proc/self/cgroup": "2:cpuset:/\n::\n0:/\n1:cpuacct\n"}),
			[]Group{{"sys/fs/cgroup", 2}, {"sys/fs/cgroup/unified", 2}}},
	} {
		if diff := cmp.Diff(test.want, Groups(test.files, "cpu")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestQuota(t *testing.T) {
	for _, test := range []struct {
		name  string
		files map[string]string
		cpus  float64
		known bool
	}{
		{"nothing", nil, 0, false},
		{"version 2, root alone", map[string]string{"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cgroup.controllers": "cpu"}, 0, true},
		{"version 2, none", map[string]string{"proc/self/cgroup": "0::/a\n", "sys/fs/cgroup/a/cpu.max": "max 100000\n", "sys/fs/cgroup/cgroup.controllers": "cpu"}, 0, true},
		{"version 2, the parent's is tighter", map[string]string{"proc/self/cgroup": "0::/a/b\n",
			"sys/fs/cgroup/a/cpu.max": "150000 100000\n", "sys/fs/cgroup/a/b/cpu.max": "400000 100000\n"}, 1.5, true},
		{"version 1", map[string]string{"proc/self/cgroup": "1:cpu:/\n",
			"sys/fs/cgroup/cpu/cpu.cfs_quota_us": "20000\n", "sys/fs/cgroup/cpu/cpu.cfs_period_us": "10000\n"}, 2, true},
		{"version 1, none", map[string]string{"proc/self/cgroup": "1:cpu:/\n",
			"sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n", "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n"}, 0, true},
		{"nonsense", map[string]string{"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "NaN 0\n"}, 0, false},
	} {
		if cpus, known := Quota(tree(test.files)); cpus != test.cpus || known != test.known {
			t.Errorf("%s: %v CPUs, known: %v; want %v, %v", test.name, cpus, known, test.cpus, test.known)
		}
	}
}

func TestThrottling(t *testing.T) {
	const ms = time.Millisecond
	for _, test := range []struct {
		name, stat string
		want       Throttling
	}{
		{"version 2", "usage_usec 900\nuser_usec 1\nnr_periods 16\nnr_throttled 9\nthrottled_usec 5000\nnr_bursts 0\n", Throttling{16, 9, 5 * ms}},
		{"version 1", "nr_periods 16\nnr_throttled 9\nthrottled_time 5000000\n", Throttling{16, 9, 5 * ms}},
		{"no quota", "usage_usec 900\nuser_usec 1\n", Throttling{}},
		{"nonsense", "nr_periods -1\nnr_throttled many\nthrottled_usec\n", Throttling{}},
		{"too long for a duration", "throttled_usec 4611686018427387903\n", Throttling{Time: maxTime}},
	} {
		files := tree(map[string]string{"g/cpu.stat": test.stat})
		if got, known := (Group{Dir: "g"}).Throttling(files); got != test.want || !known {
			t.Errorf("%s: got %+v, %v, want %+v", test.name, got, known, test.want)
		}
	}
	if got, known := (Group{Dir: "g"}).Throttling(tree(nil)); known {
		t.Errorf("without a file: %+v is known", got)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("0::/a\n", "100000 50000", "nr_throttled 1\nthrottled_usec 5\n")
	f.Add("1:cpu:/\n", "-1", "nr_periods 3\nthrottled_time 5\n")
	f.Fuzz(func(t *testing.T, groups, limit, stat string) {
		files := tree(map[string]string{
			"proc/self/cgroup": groups, "sys/fs/cgroup/a/cpu.max": limit, "sys/fs/cgroup/cpu/cpu.cfs_quota_us": limit,
			"sys/fs/cgroup/a/cpu.stat": stat, "sys/fs/cgroup/cpu/cpu.stat": stat,
		})
		if cpus, known := Quota(files); cpus < 0 || cpus > 0 && !known {
			t.Errorf("%v CPUs, known: %v", cpus, known)
		}
		for _, g := range Groups(files, "cpu") {
			if th, _ := g.Throttling(files); th.Periods < 0 || th.Throttled < 0 || th.Time < 0 {
				t.Errorf("%+v", th)
			}
		}
	})
}
