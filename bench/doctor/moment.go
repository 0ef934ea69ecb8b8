package doctor

import (
	"fmt"
	"strings"
)

// Shares of CPU time above which a topic gets a warning, or fails.
const (
	loadWarn, loadFail   = 0.02, 0.10
	stealWarn, stealFail = 0.01, 0.05
)

func load(p patient) Finding {
	averages, known := p.fact("load")
	t := p.watched.Of(p.Use)
	if t.Total == 0 {
		if !known {
			return found(Unknown, "what else runs is not known here")
		}
		return found(Unknown, "load averages %s; the present load was not watched", averages)
	}
	share := float64(t.Busy) / float64(t.Total)
	text := fmt.Sprintf("others used %s of CPUs %v while watched; load averages %s", percent(share), p.Use, averages)
	const remedy = "stop other processes (top shows them), or wait; bench run -cpus chooses other CPUs"
	switch {
	case share > loadFail:
		return found(Fail, "%s", text).with(remedy)
	case share > loadWarn:
		return found(Warn, "%s", text).with(remedy)
	default:
		return found(Good, "%s", text)
	}
}

func hypervisor(p patient) Finding {
	v, known := p.fact("virtualised")
	switch {
	case !known:
		return found(Unknown, "whether this is a virtual machine is not known here")
	case v == "no":
		return found(Good, "none")
	default:
		return found(Warn, "a virtual machine%s", strings.TrimPrefix(v, "yes")).with("compare only within a run, and expect long-gap wakes to show the host; for absolute times use a whole machine")
	}
}

func steal(p patient) Finding {
	boot, now := p.After.Of(p.Use), p.watched.Of(p.Use)
	if boot.Total == 0 {
		return found(Unknown, "stolen time is not known here")
	}
	since := float64(boot.Steal) / float64(boot.Total)
	text := fmt.Sprintf("%s of CPUs %v since boot", percent(since), p.Use)
	if now.Total == 0 {
		return found(Unknown, "%s; not watched now", text)
	}
	share := float64(now.Steal) / float64(now.Total)
	text = fmt.Sprintf("%s while watched, %s", percent(share), text)
	const remedy = "CPUs that are not shared (dedicated or pinned, from the provider), or a quieter hour; more rounds: bench run -count 20"
	switch {
	case share > stealFail:
		return found(Fail, "%s", text).with(remedy)
	case max(share, since) > stealWarn:
		return found(Warn, "%s", text).with(remedy)
	case boot.Steal == 0 && p.virtual():
		return found(Unknown, "%s; this host may not report it", text)
	default:
		return found(Good, "%s", text)
	}
}

func percent(share float64) string {
	switch p := 100 * share; {
	case p == 0:
		return "0 %"
	case p < 0.05:
		return "less than 0.1 %"
	case p < 10:
		return fmt.Sprintf("%.1f %%", p)
	default:
		return fmt.Sprintf("%.0f %%", p)
	}
}
