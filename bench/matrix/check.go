package matrix

import (
	"fmt"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/internal/nearest"
	"github.com/idlebench/idlebench/loadgen"
	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/record"
)

// check returns an error for names that do not exist, parkers that this system lacks,
// and parameters that no chosen workload has.
func (s Selection) check(c catalog.Catalog, subjects []loadgen.Subject) error {
	var impls, parks, workloads []string
	for _, subject := range subjects {
		impls = append(impls, subject.Impl)
		parks = append(parks, subject.Park)
	}
	impls = append(impls, catalog.All)
	for _, w := range c.Workloads {
		workloads = append(workloads, w.Name)
	}
	for _, k := range c.Parkers {
		if k.Missing != "" && slices.Contains(s.Parks, k.Name) {
			return fmt.Errorf("parker %s: %s", k.Name, k.Missing)
		}
	}
	for _, list := range []struct {
		what         string
		asked, known []string
		more         string
	}{
		{"implementation", s.Impls, impls, ""},
		{"parker", s.Parks, parks, spinFutex(c)},
		{"workload", s.Workloads, workloads, ""},
	} {
		for _, name := range list.asked {
			if !slices.Contains(list.known, name) {
				hint := nearest.Hint(name, list.known)
				if nearest.To(name, list.known) == "" {
					hint += list.more
				}
				return fmt.Errorf("unknown %s %q; %s", list.what, name, hint)
			}
		}
	}
	for _, n := range s.Workers {
		if n < 1 || n > maxWorkers {
			return fmt.Errorf("%d workers: want 1 to %d", n, maxWorkers)
		}
	}
	return s.checkParams(c)
}

// spinFutex describes the parkers that have a time in their name, if this system has
// them.
func spinFutex(c catalog.Catalog) string {
	if k, ok := park.Find(c.Parkers, "futex"); !ok || k.Missing != "" {
		return ""
	}
	return ", and spin-futex-<time> for any time up to 1s"
}

// maxWorkers is the largest number of workers, that of the host's cores.
const maxWorkers = host.MaxCores

func (s Selection) checkParams(c catalog.Catalog) error {
	var known, varied []string
	for _, v := range variations {
		varied = append(varied, v.param)
	}
	for _, w := range c.Workloads {
		if chosen(s.Workloads, w.Name) {
			for _, p := range w.Params {
				known = append(known, p.Name)
			}
		}
	}
	for _, p := range s.Params {
		if i := slices.IndexFunc(variations, func(v variation) bool { return v.param == p.Name }); i >= 0 {
			v := variations[i]
			if _, _, err := v.canonical(p.Value); err != nil && p.Value != v.usual {
				if name := nearest.To(p.Value, harnesses()); v.param == harnessParam && name != "" {
					return fmt.Errorf("unknown harness %q; did you mean %s?", p.Value, name)
				}
				return fmt.Errorf("%w; or %s=%s", err, v.param, v.usual)
			}
			if v.missing != nil && p.Value != v.usual {
				if err := v.missing(); err != nil {
					return fmt.Errorf("%s=%s: %w", p.Name, p.Value, err)
				}
			}
			continue
		}
		if !slices.Contains(known, p.Name) {
			if len(known) == 0 {
				return fmt.Errorf("unknown parameter %q; the chosen workloads have none", p.Name)
			}
			if name := nearest.To(p.Name, append(known, varied...)); name != "" {
				return fmt.Errorf("unknown parameter %q; did you mean %s?", p.Name, name)
			}
			return fmt.Errorf("unknown parameter %q; the chosen workloads have %s", p.Name, names(known))
		}
	}
	slack := func(p record.Param) bool { return p.Name == slackParam && p.Value != usualKernel }
	least := func(p record.Param) bool {
		h, err := loadgen.FindHarness(p.Value)
		return p.Name == harnessParam && err == nil && h.TimerSlack
	}
	if slices.ContainsFunc(s.Params, slack) && slices.ContainsFunc(s.Params, least) {
		return errTwoSlacks
	}
	return nil
}

// harnesses returns the names of the harnesses.
func harnesses() (names []string) {
	for _, h := range loadgen.Harnesses() {
		names = append(names, h.Name)
	}
	return names
}

// nothing says why no combination of the selection exists.
func (s Selection) nothing(c catalog.Catalog, subjects []loadgen.Subject) error {
	var reasons []string
	matched := false // some implementation and some parker go together
	for _, subject := range subjects {
		if !s.choosesImpl(subject) || !chosen(s.Parks, subject.Park) {
			continue
		}
		matched = true
		for _, p := range s.Params {
			for _, v := range variations {
				if v.param != p.Name || p.Value == v.usual {
					continue
				}
				_, unfit, err := v.canonical(p.Value)
				if err != nil {
					continue
				}
				for _, w := range c.Workloads {
					if chosen(s.Workloads, w.Name) && unfit(w, subject) != nil {
						reasons = appendOnce(reasons, fmt.Sprintf("%s %s: %v", v.param, p.Value, unfit(w, subject)))
					}
				}
			}
		}
		for _, w := range c.Workloads {
			if !slices.Contains(s.Workloads, w.Name) {
				continue
			}
			if err := unfit(w, subject); err != nil {
				reasons = appendOnce(reasons, err.Error())
			}
		}
	}
	if matched && reasons != nil {
		return fmt.Errorf("nothing to measure: %s", strings.Join(reasons, "; "))
	}
	return fmt.Errorf("nothing to measure: no combination of these exists; %s", pairs(subjects))
}

func appendOnce(list []string, text string) []string {
	if slices.Contains(list, text) {
		return list
	}
	return append(list, text)
}

// names lists each name once.
func names(list []string) string {
	var once []string
	for _, name := range list {
		if !slices.Contains(once, name) {
			once = append(once, name)
		}
	}
	return strings.Join(once, ", ")
}

// pairs lists which parkers go with which implementation.
func pairs(subjects []loadgen.Subject) string {
	var list []string
	for i, s := range subjects {
		if i > 0 && subjects[i-1].Impl == s.Impl {
			list[len(list)-1] += ", " + s.Park
			continue
		}
		list = append(list, s.Impl+" goes with parker "+s.Park)
	}
	return strings.Join(list, "; ")
}
