//go:build simulate

package simulated

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/builtin"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/loadgen/workload"
)

var curves = []struct {
	name   string
	values map[string]string
	length time.Duration
}{
	{"skynet", map[string]string{"depth": "4"}, 5 * time.Millisecond},
	{"fork_join", map[string]string{"n": "20", "cutoff": "8"}, 3 * time.Millisecond},
	{"spawn_many_remote_idle", map[string]string{"tasks": "1000"}, 3 * time.Millisecond},
	{"spawn_many_local", map[string]string{"tasks": "1000"}, 3 * time.Millisecond},
	{"wakestorm", map[string]string{"tasks": "1000"}, 3 * time.Millisecond},
	{"wake", map[string]string{"gap": "200us"}, 20 * time.Millisecond},
	{"wake20", map[string]string{"gap": "20us"}, 10 * time.Millisecond},
	{"poisson", map[string]string{"load": "0.5", "service": "10us"}, 3 * time.Millisecond},
	{"poisson8", map[string]string{"load": "0.8", "service": "10us"}, 3 * time.Millisecond},
	{"ping_pong", map[string]string{"pings": "200"}, 2 * time.Millisecond},
	{"chained_spawn", map[string]string{"depth": "1000"}, 2 * time.Millisecond},
	{"yield_many", map[string]string{"tasks": "200", "yields": "10"}, 2 * time.Millisecond},
	{"burst", map[string]string{"tasks": "8", "period": "500us"}, 10 * time.Millisecond},
	{"ramp_up", map[string]string{}, 5 * time.Millisecond},
	{"remote_spawn", map[string]string{"tasks": "1000", "producers": "4"}, 3 * time.Millisecond},
}

func list(name, otherwise string) []string {
	v := os.Getenv(name)
	if v == "" {
		v = otherwise
	}
	return strings.Split(v, ",")
}

func TestCurves(t *testing.T) {
	all := append(builtin.Implementations(), builtin.Others()...)
	parker, _ := park.Find(park.Kinds(), list("PARK", "futex")[0])
	for _, c := range curves {
		if os.Getenv("W") != "" && !slices.Contains(list("W", ""), c.name) {
			continue
		}
		w, ok := workload.Find(workload.All(), strings.TrimRight(c.name, "0123456789"))
		if !ok {
			t.Fatal(c.name)
		}
		values, err := w.Values(c.values)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range list("I", "bitmap,multithread,gosched,bitmapfixed,ctlstack") {
			n := slices.IndexFunc(all, func(i impls.Implementation) bool { return i.Name == name })
			if n < 0 {
				t.Fatal(name)
			}
			for _, workers := range list("N", "2,8,16,63,255") {
				k, _ := strconv.Atoi(workers)
				cpus, _ := strconv.Atoi(list("CPUS", "64")[0])
				if k > 63 {
					cpus = 256
				}
				seeds := list("SEEDS", "1")
				var out string
				for _, seed := range seeds {
					s, _ := strconv.Atoi(seed)
					p := parker
					if all[n].Parker != "" {
						p = park.Kind{Name: all[n].Parker}
					}
					r, err := Run(Spec{
						Machine: machine(cpus), Seed: uint64(s), Impl: all[n], Parker: p, Workload: w, Values: values,
						Workers: k, WarmUp: time.Millisecond, Length: c.length,
					})
					if err != nil {
						t.Error(err)
						continue
					}
					p50, tail := int64(-1), int64(-1)
					if r.Samples != nil && r.Samples.TotalCount() > 0 {
						p50, tail = r.Samples.ValueAtQuantile(50), r.Samples.ValueAtQuantile(95)
					}
					tasks := float64(r.Counters.Tasks)
					out += fmt.Sprintf(" | op %8.0f p50 %6d p95 %6d w %.4f n %.4f s %.4f st %.4f p %.4f miss %.1f", float64(r.Time)/float64(max(1, r.Ops)), p50, tail,
						float64(r.Counters.Wakes)/tasks, float64(r.Counters.NoopWakes)/tasks, float64(r.Counters.Searches)/tasks, float64(r.Counters.Steals)/tasks, float64(r.Counters.Parks)/tasks, float64(r.Stats.Misses)/tasks)
				}
				fmt.Printf("%-12s %-13s %3d%s\n", c.name, name, k, out)
			}
		}
	}
}
