package sections

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/plot"
	"github.com/idlebench/idlebench/report/profile"
	"github.com/idlebench/idlebench/report/source"
)

// A profileGroup is the profiles of one kind in a scene, or all those that are of no cell:
// the scene has no series then.
type profileGroup struct {
	*scene
	profiles []namedProfile
}

type namedProfile struct {
	name string
	*profile.Profile
}

// profiled returns the groups of profiles of a kind in which one at least has
// something in it.
func (b *builder) profiled(kind profile.Kind) (groups []profileGroup) {
	// The profiles' cells are made into scenes of their own: the inputs may have
	// none, if profiles are all that was given.
	var inputs []*source.Input
	byFolder := map[string]*source.Input{}
	of := map[*source.Cell]*profile.Profile{}
	var others []*profile.Profile
	for _, p := range b.Source.Profiles {
		switch {
		case p.Kind != kind:
			continue
		case p.Cell == nil:
			others = append(others, p)
			continue
		}
		folder := filepath.Dir(filepath.Dir(p.File))
		in := byFolder[folder]
		if in == nil {
			in = &source.Input{Name: folder, Path: folder}
			byFolder[folder] = in
			inputs = append(inputs, in)
		}
		cell := &source.Cell{Name: p.Cell.Name(), Parsed: p.Cell, Role: record.RoleOf(*p.Cell)}
		in.Cells = append(in.Cells, cell)
		of[cell] = p
	}
	only := &builder{inputs: inputs, labels: map[*source.Input]string{}}
	for _, in := range inputs {
		only.labels[in] = filepath.Base(in.Name)
		for known, label := range b.labels {
			if filepath.Clean(known.Path) == in.Path {
				only.labels[in] = label
			}
		}
	}
	only.varying = b.varying
	if len(b.inputs) == 0 {
		only.findVarying()
	}
	only.scenes, _, _ = only.makeScenes()
	for i := range only.scenes {
		s := &only.scenes[i]
		g := profileGroup{scene: s}
		for _, series := range s.series {
			if series.role == record.Implementation || series.role == record.Reference {
				g.profiles = append(g.profiles, namedProfile{series.name, of[series.cell]})
			}
		}
		if slices.ContainsFunc(g.profiles, func(p namedProfile) bool { return p.Events > 0 }) {
			groups = append(groups, g)
		}
	}
	if g := foreign(others); len(g.profiles) > 0 {
		groups = append(groups, g)
	}
	// Files are in the order of their names; the page uses the order of the run.
	rank := map[string]int{}
	for i, s := range b.scenes {
		rank[s.full] = i + 1
	}
	slices.SortStableFunc(groups, func(a, b profileGroup) int { return rank[a.full] - rank[b.full] })
	return groups
}

// foreign groups the profiles of other programs that have something in them. They are
// compared with the first, in the order in which they were given. Those whose files have
// the same name are named by their paths.
func foreign(all []*profile.Profile) profileGroup {
	files := map[string]int{}
	for _, p := range all {
		files[filepath.Base(p.File)]++
	}
	var profiles []namedProfile
	for _, p := range all {
		if p.Events == 0 && p.Time == 0 {
			continue
		}
		name := filepath.Base(p.File)
		if files[name] > 1 {
			name = p.File
		}
		profiles = append(profiles, namedProfile{plot.Label(name), p})
	}
	title := fmt.Sprintf("%d profiles of other programs", len(profiles))
	if len(profiles) == 1 {
		title = profiles[0].name
	}
	return profileGroup{&scene{title: title, full: title}, profiles}
}

// isForeign reports whether the profiles are of other programs.
func (g profileGroup) isForeign() bool { return len(g.series) == 0 }

// some picks at most n of the groups, as pick does.
func some(groups []profileGroup, n int) (chosen []profileGroup) {
	picked := pick(scenesOf(groups), n)
	for _, g := range groups {
		if slices.Contains(picked, g.scene) {
			chosen = append(chosen, g)
		}
	}
	return chosen
}

// scenesOf returns the scenes of groups.
func scenesOf(groups []profileGroup) (scenes []*scene) {
	for _, g := range groups {
		scenes = append(scenes, g.scene)
	}
	return scenes
}

// first puts the baseline first.
func (g profileGroup) first(baseline string) profileGroup {
	g.profiles = slices.Clone(g.profiles)
	slices.SortStableFunc(g.profiles, func(a, b namedProfile) int {
		switch {
		case a.name == b.name:
			return 0
		case a.name == baseline:
			return -1
		case b.name == baseline:
			return 1
		}
		return 0
	})
	return g
}

// of names one of the profiles in a title, unless the group has the same name.
func (g profileGroup) of(p namedProfile) string {
	if p.name == g.title {
		return ""
	}
	return ", " + p.name
}

// A rate is what the time of a group's profiles is counted per.
type rate string

const (
	perSecond rate = "second of wall-clock time"
	perOp     rate = "operation"
	perWhole  rate = "whole" // a share of the profile's time
	total     rate = ""
)

// per returns the rate that all profiles of the group have.
func (g profileGroup) per() rate {
	seconds, ops := true, true
	for _, p := range g.profiles {
		seconds = seconds && p.Duration > 0
		ops = ops && p.Ops > 0
	}
	switch {
	case seconds:
		return perSecond
	case ops:
		return perOp
	case len(g.profiles) > 1:
		return perWhole // times of unknown durations say nothing about each other
	}
	return total
}

// per is the rate as differences have it.
func (r rate) per() profile.Per {
	switch r {
	case perOp:
		return profile.Op
	case perWhole:
		return profile.Whole
	}
	return profile.Second
}

// of returns by what a profile's numbers are divided.
func (r rate) of(p *profile.Profile) float64 {
	switch r {
	case perSecond:
		return p.Duration.Seconds()
	case perOp:
		return float64(p.Ops)
	case perWhole:
		return float64(max(1, p.Time))
	}
	return 1
}

// count is how often something was at the rate: its unit is written behind a number.
func (r rate) count() plot.Quantity {
	switch r {
	case perSecond:
		return plot.Quantity{Name: "waits", Unit: " /s"}
	case perOp:
		return plot.Quantity{Name: "waits", Unit: " per operation"}
	case perWhole:
		return plot.Quantity{Name: "waits per ns waited"}
	}
	return plot.Quantity{Name: "waits", Unit: " waits"}
}

// quantity is a time at the rate.
func (r rate) quantity(name string) plot.Quantity {
	switch r {
	case total:
	case perWhole:
		return plot.Quantity{Name: name + ", share of all of the profile"}
	default:
		name += " per " + string(r)
	}
	return plot.Quantity{Name: name, Unit: "ns"}
}

// profileCaption is the caption of a figure of a group.
func (b *builder) profileCaption(prefix, title string, g profileGroup) plot.Caption {
	return b.caption(prefix, title, g.scene)
}

// origins are the classes of package profile as package plot has them.
var origins = map[profile.Class]plot.Origin{
	profile.Implementation: plot.ImplementationCode,
	profile.Parker:         plot.ParkerCode,
	profile.Host:           plot.HostCode,
	profile.Workload:       plot.WorkloadCode,
	profile.Runtime:        plot.RuntimeCode,
}

// stacks takes a tree apart: each node's own value is a stack.
func stacks(root *profile.Node, scale float64) (all []plot.Stack) {
	var walk func(n *profile.Node, above []plot.Frame)
	walk = func(n *profile.Node, above []plot.Frame) {
		own := n.Value
		for _, c := range n.Children {
			own -= c.Value
			walk(c, append(above[:len(above):len(above)], plot.Frame{Func: cmp.Or(c.Function, c.Name), Origin: origins[c.Class]}))
		}
		if own > 0 && len(above) > 0 {
			all = append(all, plot.Stack{Frames: above, Value: own / scale})
		}
	}
	if root != nil {
		walk(root, nil)
	}
	return all
}

// sides takes a difference apart.
func sides(root *profile.Diff) (old, new []plot.Stack) {
	var walk func(n *profile.Diff, above []plot.Frame)
	walk = func(n *profile.Diff, above []plot.Frame) {
		a, b := n.Old, n.New
		for _, c := range n.Children {
			a, b = a-c.Old, b-c.New
			walk(c, append(above[:len(above):len(above)], plot.Frame{Func: cmp.Or(c.Function, c.Name), Origin: origins[c.Class]}))
		}
		if len(above) == 0 {
			return
		}
		if a > 0 {
			old = append(old, plot.Stack{Frames: above, Value: a})
		}
		if b > 0 {
			new = append(new, plot.Stack{Frames: above, Value: b})
		}
	}
	if root != nil {
		walk(root, nil)
	}
	return old, new
}
