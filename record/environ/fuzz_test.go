package environ

import (
	"strings"
	"testing"
)

// Whatever stands in the files, there is an answer of one line, and no panic.
func FuzzSystem(f *testing.F) {
	for _, m := range machines {
		for _, content := range m.files {
			f.Add(content)
		}
	}
	f.Add("cpu0 1 2 3 4 5 6 7 8 9 10\n")
	f.Add("nr_throttled 18446744073709551615\nthrottled_usec 9223372036854775807\n")
	f.Fuzz(func(t *testing.T, text string) {
		files := map[string]string{
			"proc/stat":                 text,
			"sys/fs/cgroup/cpu.stat":    text,
			"sys/fs/cgroup/cpuset.cpus": text,
			"sys/devices/system/cpu/cpu0/cpuidle/state0/name":     text,
			"sys/devices/system/cpu/cpu0/cpuidle/state0/latency":  text,
			"sys/devices/system/cpu/cpu0/topology/core_cpus_list": text,
			"proc/irq/1/smp_affinity_list":                        text,
			"proc/self/status":                                    "Cpus_allowed_list: " + text,
			"proc/self/timerslack_ns":                             text,
			"proc/self/cgroup":                                    "0::/\n" + text,
		}
		for _, m := range machines {
			for name := range m.files {
				if files[name] == "" {
					files[name] = text
				}
			}
		}
		s := System{FS: tree(files)}
		for _, fact := range Read(s) {
			if fact.Value == "" || strings.ContainsAny(fact.Value, "\n\r") {
				t.Errorf("%q", fact)
			}
		}
		c := s.Counters()
		for _, ticks := range c.Since(Counters{}).CPUs {
			if ticks.Busy+ticks.Steal > ticks.Total {
				t.Errorf("busy and stolen are more than all: %+v", ticks)
			}
		}
		s.Cpuset()
		s.Topology(s.Affinity())
	})
}
