package doctor

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/loadgen/cpu"
)

func affinity(p patient) Finding {
	if len(p.Use) == 0 {
		return found(Unknown, "which CPUs the process may use is not known here")
	}
	text := fmt.Sprintf("%s to use: %v", phrase.Count(len(p.Use), "CPU"), p.Use)
	if all := p.System.Affinity(); len(all) > len(p.Use) {
		text += fmt.Sprintf(", of %v that the process may use", all)
	} else if group := p.System.Cpuset(); len(group) > len(all) {
		text += fmt.Sprintf(", of %v in its cpuset", group)
	}
	if len(p.Use) < 2 {
		return found(Fail, "%s", text).with("use at least 2: taskset -c 0-3 bench run, docker run --cpuset-cpus 0-3, bench run -cpus 0-3")
	}
	if goos, known := p.fact("goos"); known && goos != "linux" {
		return found(Warn, "%s; this system cannot pin threads to them", text).with("measure on Linux")
	}
	return found(Good, "%s", text)
}

func limit(p patient) Finding {
	text, known := p.fact("cpu-limit")
	if !known {
		return found(Unknown, "control groups cannot be read here")
	}
	before := ""
	if t := p.After.Throttled; t > 0 {
		before = fmt.Sprintf("; stopped %d times, for %v in all, since the group was created", t, p.After.ThrottledFor)
	}
	const remedy = "raise the quota above the number of CPUs (docker run --cpus, Kubernetes limits.cpu, systemd CPUQuota=), or use fewer: bench run -cpus"
	if n := p.watched.Throttled; n > 0 {
		return found(Fail, "%s CPUs; stopped %d times while watched%s", text, n, before).with(remedy)
	}
	quota, err := strconv.ParseFloat(text, 64)
	switch {
	case err != nil: // none
		return found(Good, "no limit%s", before)
	case quota < float64(len(p.Use)):
		return found(Fail, "%s CPUs, less than the %s to use%s", text, phrase.Count(len(p.Use), "CPU"), before).with(remedy)
	case before != "":
		return found(Warn, "%s CPUs%s", text, before).with(remedy)
	default:
		return found(Good, "%s CPUs, enough for %s", text, phrase.Count(len(p.Use), "CPU"))
	}
}

func siblings(p patient) Finding {
	if _, known := p.fact("cores"); !known || len(p.Use) == 0 {
		return found(Unknown, "which CPUs share a core is not known here")
	}
	topology := p.System.Topology(p.Use)
	var pairs []string
	var one cpu.Set // CPU of each core
	for _, c := range p.Use {
		all := topology[c].Siblings
		if i := slices.IndexFunc(all, func(s int) bool { return s != c && s < c && p.Use.Contains(s) }); i >= 0 {
			continue // the lower one has reported the pair
		}
		one = append(one, c)
		if len(all) > 1 {
			pairs = append(pairs, all.String())
		}
	}
	if len(pairs) == 0 {
		return found(Good, "each CPU to use is a core of its own")
	}
	const most = 4
	if len(pairs) > most {
		pairs = append(pairs[:most], "…")
	}
	text := "CPUs that share a core: " + strings.Join(pairs, "; ")
	const off = "echo off > /sys/devices/system/cpu/smt/control, as root"
	if len(one) < len(p.Use) {
		return found(Warn, "%s", text).with(fmt.Sprintf("bench run -cpus %v uses one CPU of each core; to keep other threads off the siblings too: %s", one, off))
	}
	return found(Warn, "%s; other threads may use the siblings", text).with(off)
}

func isolation(p patient) Finding {
	isolated, known := p.fact("isolated")
	if !known {
		return found(Unknown, "not known here")
	}
	text := fmt.Sprintf("isolated: %s; without tick: %s", isolated, p.facts["nohz-full"])
	set, err := cpu.Parse(isolated)
	workers := cpu.SetOf(p.plan.Workers...)
	switch {
	case err != nil:
		const spare = "not needed to compare implementations; for absolute times "
		if len(p.Use) < 3 {
			return found(Warn, "%s", text).with(spare + "use a machine with 3 CPUs or more, and isolate all but one")
		}
		return found(Warn, "%s", text).with(fmt.Sprintf(spare+"boot with isolcpus=%v nohz_full=%[1]v rcu_nocbs=%[1]v, and start with taskset -c %[1]v bench run", p.Use[1:]))
	case len(workers.Without(set)) == 0:
		return found(Good, "%s", text)
	default:
		f := found(Warn, "%s; workers would use %v", text, workers)
		if len(set) < 2 {
			return f.with("isolate at least 2 CPUs, one for a worker and one for the load generator, and start with taskset -c on them")
		}
		return f.with(fmt.Sprintf("start with taskset -c %v bench run", set))
	}
}

func interrupts(p patient) Finding {
	balanced := p.System.Runs("irqbalance")
	all := p.System.Interrupts()
	workers := cpu.SetOf(p.plan.Workers...)
	if len(all) == 0 || len(workers) == 0 {
		return found(Unknown, "where interrupts go is not known here")
	}
	n := 0
	for _, i := range all {
		if i.CPUs.Intersects(workers) {
			n++
		}
	}
	text := fmt.Sprintf("%d of %s may come to the CPUs of workers (%v)", n, phrase.Count(len(all), "device interrupt"), workers)
	switch {
	case balanced:
		return found(Warn, "%s, and irqbalance moves them", text).with(tune)
	case n > 0:
		return found(Warn, "%s", text).with(tune + "; those that are tied to their CPU stay")
	default:
		return found(Good, "%s", text)
	}
}
