package sections

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/plot"
	"github.com/idlebench/idlebench/report/profile"
)

// How many groups of profiles are drawn as bars, and as trees.
const (
	mostBars  = 3
	mostTrees = 2
)

// fewWaits is the least number of waits of a profile that is drawn: with fewer, the
// call sites and their order are chance.
const fewWaits = 30

func (b *builder) contention() page.Section {
	s := page.Section{
		ID:    "contention",
		Title: "Contention",
		Lead:  "Who waited for whom, by call site. Profiles are of launches of their own, which are slower than the timed ones: compare them with each other only.",
	}
	for _, k := range []struct {
		kind  profile.Kind
		title string
	}{
		{profile.Mutex, "Mutex profiles: who held what others waited for"},
		{profile.Block, "Block profiles: who waited"},
	} {
		s.Blocks = append(s.Blocks, page.Heading(k.title))
		s.Blocks = append(s.Blocks, b.contentionOf(k.kind)...)
	}
	return s
}

func (b *builder) contentionOf(kind profile.Kind) (blocks []page.Block) {
	groups := b.profiled(kind)
	if len(groups) == 0 {
		what := fmt.Sprintf("There is no %s profile.", kind)
		for _, p := range b.Source.Profiles {
			if p.Kind == kind {
				what = fmt.Sprintf("The %s profiles have no events: there were no waits.", kind)
			}
		}
		return []page.Block{page.Missing{What: what, How: b.advise(b.inputs, "-profile", string(kind))}}
	}
	blocks = append(blocks, page.Text(profile.Explain(kind)))
	var loud []profileGroup
	var quiet []string
	for _, g := range groups {
		if slices.ContainsFunc(g.profiles, func(p namedProfile) bool { return contended(p.Profile).Events >= fewWaits }) {
			loud = append(loud, g)
		} else {
			quiet = append(quiet, g.title)
		}
	}
	slices.SortStableFunc(loud, func(a, b profileGroup) int { return cmp.Compare(b.waited(), a.waited()) })
	bars := loudest(loud, mostBars)
	for i, g := range bars {
		g = g.first(b.baseline())
		blocks = append(blocks, b.sites(kind, g)...)
		if i < mostTrees {
			blocks = append(blocks, b.trees(kind, g)...)
		}
	}
	blocks = append(blocks, b.left(scenesOf(bars), scenesOf(loud))...)
	if len(quiet) > 0 {
		blocks = append(blocks, page.Text(fmt.Sprintf("With fewer than %d waits in each profile, and not drawn: %s.", fewWaits, strings.Join(quiet, "; "))))
	}
	if notes := notes(groups); len(notes) > 0 {
		blocks = append(blocks, page.Details{Summary: "Limits of these profiles", Blocks: []page.Block{page.List(notes)}})
	}
	return blocks
}

// loudest returns at most n of the groups, which are in the order of the time waited:
// the first of each workload, and then others.
func loudest(groups []profileGroup, n int) []profileGroup {
	var first, others []profileGroup
	seen := map[string]bool{}
	for _, g := range groups {
		if g.workload != "" && seen[g.workload] {
			others = append(others, g)
		} else {
			first = append(first, g)
		}
		seen[g.workload] = true
	}
	all := append(first, others...)
	return all[:min(n, len(all))]
}

// waited is the time waited in the contention of all profiles of the group: per
// second or operation if that is known.
func (g profileGroup) waited() float64 {
	sum, per := 0.0, g.per()
	for _, p := range g.profiles {
		sum += float64(contended(p.Profile).Time) / per.of(p.Profile)
	}
	return sum
}

// baseline is what others are compared with.
func (b *builder) baseline() string {
	for _, g := range b.Groups {
		if g.Baseline != "" {
			return g.Baseline
		}
	}
	return ""
}

// waits are the waits that are contention: all except that of a worker without a task.
var waits = []profile.Wait{profile.Lock, profile.RuntimeLock, profile.Event}

// contended returns the part of a profile that is contention.
func contended(p *profile.Profile) *profile.Profile {
	return p.Only(waits...)
}

// sites are bars of the time waited by call site.
func (b *builder) sites(kind profile.Kind, g profileGroup) (blocks []page.Block) {
	per := g.per()
	var sites []plot.CallSite
	var quiet []string
	for _, p := range g.profiles {
		c, err := contended(p.Profile).Contention()
		if err != nil {
			continue // it is a profile of contention, see profiled
		}
		if len(c.Sites) == 0 {
			quiet = append(quiet, p.name)
		}
		for _, s := range c.Sites {
			sites = append(sites, plot.CallSite{
				Name:        p.name,
				Site:        strings.TrimSpace(fmt.Sprintf("%s %s", s.Name, place(s.Frame))),
				Delay:       float64(s.Waited) / per.of(p.Profile),
				Contentions: float64(s.Contentions) / per.of(p.Profile),
			})
		}
	}
	if len(sites) > 0 {
		f := plot.Contention(b.profileCaption(string(kind)+"-sites", fmt.Sprintf("Time waited by call site, of the %s", profile.Blames(kind)), g), per.quantity("time waited"), per.count(), sites...)
		blocks = append(blocks, b.figure(f, howContention[kind], g.words()))
	}
	if len(quiet) > 0 {
		blocks = append(blocks, page.Text(fmt.Sprintf("%s: no waits with %s, except of idle workers.", capital(g.full), strings.Join(quiet, " and "))))
	}
	return blocks
}

// place is the file and the line of a frame.
func place(f profile.Frame) string {
	if f.File == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", path.Base(f.File), f.Line)
}

// trees are an icicle graph of the first profile, and its differences with others.
func (b *builder) trees(kind profile.Kind, g profileGroup) (blocks []page.Block) {
	per := g.per()
	q := per.quantity("time waited")
	first := g.profiles[0]
	enough := func(p namedProfile) bool { return contended(p.Profile).Events >= fewWaits }
	if calls := stacks(contended(first.Profile).Tree(profile.Reduced), per.of(first.Profile)); enough(first) && len(calls) > 0 {
		title := fmt.Sprintf("Calls of the %s%s", profile.Blames(kind), g.of(first))
		f := plot.Icicle(b.profileCaption(string(kind)+"-icicle", title, g), q, calls...)
		blocks = append(blocks, b.figure(f, howIcicle, g.words()))
	}
	if len(g.profiles) < 2 {
		return append(blocks, page.Missing{What: fmt.Sprintf("There is no difference of two %s profiles of %s: only %s has one.", kind, g.title, first.name), How: b.advise(b.inputs, "-profile", string(kind))})
	}
	for _, other := range g.profiles[1:min(3, len(g.profiles))] {
		if !enough(first) || !enough(other) {
			blocks = append(blocks, page.Text(fmt.Sprintf("%s: the difference of %s and %s is not drawn: one of them has fewer than %d waits.", capital(g.title), first.name, other.name, fewWaits)))
			continue
		}
		d, err := profile.Difference(contended(first.Profile), contended(other.Profile), per.per(), profile.Reduced)
		if err != nil {
			blocks = append(blocks, page.Missing{What: sentence(fmt.Sprintf("There is no difference of %s and %s: %v", first.name, other.name, err))})
			continue
		}
		old, new := sides(d)
		if len(old) == 0 || len(new) == 0 {
			blocks = append(blocks, page.Text(fmt.Sprintf("The difference of %s and %s is not drawn: one of them has no waits.", first.name, other.name)))
			continue
		}
		title := fmt.Sprintf("Calls of the %s, from %s to %s", profile.Blames(kind), first.name, other.name)
		f := plot.DiffIcicle(b.profileCaption(string(kind)+"-difference", title, g), q, first.name, other.name, old, new)
		blocks = append(blocks, b.figure(f, howDiff, g.words()))
	}
	return blocks
}

// notes are the notes of the profiles, without repetition.
func notes(groups []profileGroup) (all []string) {
	for _, g := range groups {
		for _, p := range g.profiles {
			for _, n := range p.Notes() {
				all = addNew(all, n)
			}
		}
	}
	return all
}
