package cli

import (
	"cmp"
	"flag"
	"fmt"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/internal/nearest"
	"github.com/idlebench/idlebench/loadgen"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/kernel"
	"github.com/idlebench/idlebench/loadgen/workload"
)

const listText = `usage: bench list [name ...]

Lists what can be measured: implementations of the idle manager, references to compare
them with, parkers, variations of the harness, options of the host, places of a victim,
settings of the kernel, and workloads with their parameters. With names it lists only these.

The floors and the calibrations (platform) are yardsticks: every run measures them,
whatever implementations and parkers are chosen. There is one more workload, recorded,
which takes a file: see "bench record".
`

// An item is one thing that can be measured.
type item struct {
	name  string
	title string // of the line; the name if empty
	text  string
	block string // more lines, for a workload
}

// A section is a list of items of one kind.
type section struct {
	title string
	items []item
}

func (a app) list(args []string) error {
	flags := flag.NewFlagSet("bench list", flag.ContinueOnError)
	if err := command.Parse(flags, a.stdout, listText, args); err != nil {
		return err
	}
	use, err := cpu.Allowed()
	if err != nil {
		return err
	}
	a.catalog = a.catalog.With(flags.Args()...) // parkers with a time in their name
	width := a.width(a.stdout)
	sections := []section{
		implementations("Implementations that are measured by default (-impl)", a.catalog.Implementations),
		implementations(fmt.Sprintf("More implementations, measured if named (-impl NAME,NAME) or with all others (-impl %s)", catalog.All), a.catalog.Others),
		references(), a.parkers(), harnesses(), options(), victims(), settings(),
	}
	workloads, err := a.workloads(len(use), width)
	if err != nil {
		return err
	}
	sections = append(sections, workloads)
	sections = slices.DeleteFunc(sections, func(s section) bool { return len(s.items) == 0 })
	if sections, err = only(sections, flags.Args()); err != nil {
		return err
	}
	for i, s := range sections {
		if i > 0 {
			fmt.Fprintln(a.stdout)
		}
		fmt.Fprint(a.stdout, s.print(width))
	}
	return nil
}

// only returns the sections with the items of these names; all if there are none.
func only(all []section, names []string) (some []section, err error) {
	if len(names) == 0 {
		return all, nil
	}
	var known []string
	for _, s := range all {
		left := section{title: s.title}
		for _, i := range s.items {
			known = append(known, i.name)
			if slices.Contains(names, i.name) {
				left.items = append(left.items, i)
			}
		}
		if left.items != nil {
			some = append(some, left)
		}
	}
	for _, name := range names {
		switch meant := nearest.To(name, known); {
		case slices.Contains(known, name):
		case meant != "":
			return nil, command.Usagef("list: nothing is called %q; did you mean %s?", name, meant)
		default:
			return nil, command.Usagef("list: nothing is called %q; \"%s list\" shows all names", name, again())
		}
	}
	return some, nil
}

// print lays a section out: the names in one column, as far as they are short, and the
// texts in another.
func (s section) print(width int) string {
	const most = 22 // characters of the first column
	column := 0
	for _, i := range s.items {
		if n := len(i.heading()); n <= most {
			column = max(column, n)
		}
	}
	var b strings.Builder
	b.WriteString(hang(s.title, "", "  ", width))
	indent := strings.Repeat(" ", column+4)
	for n, i := range s.items {
		if i.block != "" {
			if n > 0 {
				b.WriteByte('\n')
			}
			b.WriteString(hang(i.name+": "+i.text, "  ", "      ", width) + i.block)
			continue
		}
		b.WriteString(hang(i.text, fmt.Sprintf("  %-*s  ", column, i.heading()), indent, width))
	}
	return b.String()
}

func (i item) heading() string { return cmp.Or(i.title, i.name) }

func implementations(title string, all []impls.Implementation) section {
	s := section{title: title}
	for _, i := range all {
		sleeps := ""
		if i.Parker != "" {
			sleeps = "; has its own parker, " + i.Parker
		}
		conserving := "work-conserving"
		for n, r := range i.Races {
			conserving += []string{" except ", ", "}[min(n, 1)] + r.Name
		}
		s.items = append(s.items, item{name: i.Name, text: fmt.Sprintf("%s; %s%s", i.About, conserving, sleeps)})
	}
	return s
}

func references() section {
	s := section{title: "References (-impl); floor and platform are in every run if the workload allows them"}
	for _, r := range loadgen.References() {
		s.items = append(s.items, item{name: r.Impl, title: r.Impl + ", parker " + r.Park, text: r.About})
	}
	return s
}

func (a app) parkers() section {
	s := section{title: "Parkers (-park); with go-… each worker is an ordinary goroutine, otherwise a pinned thread"}
	const aside = " (only in the full matrix, or by name)"
	for _, k := range a.catalog.Parkers {
		notes := ""
		if k.Missing != "" {
			notes = " (not here: " + k.Missing + ")"
		}
		if k.Full {
			notes += aside
		}
		if k.Yields {
			s.items = append(s.items, item{name: loadgen.GoPrefix + k.Name, text: k.About + ", workers are goroutines" + notes})
			notes = strings.TrimSuffix(notes, aside) + aside
		}
		s.items = append(s.items, item{name: k.Name, text: k.About + notes})
	}
	return s
}

func harnesses() section {
	s := section{title: "Variations of the harness (-param harness=…), for every workload; \"bench audit\" measures all of them"}
	for _, h := range loadgen.Harnesses() {
		s.items = append(s.items, item{name: h.Name, text: h.About})
	}
	return s
}

func options() section {
	s := section{title: fmt.Sprintf("Options of the host (-param host=…), which every workload on an idle manager has: %s, %s, or settings joined by '+', as in %s+pause.none",
		host.DefaultSet, host.TokioSet, host.TokioSet)}
	for _, o := range host.OptionTexts() {
		name, _, _ := strings.Cut(o[0], ":")
		s.items = append(s.items, item{name: name, title: o[0], text: o[1]})
	}
	return s
}

func victims() section {
	s := section{title: "Where a victim runs (-param victim=…), for idle and trickle: fixed work of another process, whose slowdown is measured"}
	for _, v := range cpu.Victims() {
		s.items = append(s.items, item{name: v[0], text: v[1]})
	}
	return s
}

func settings() section {
	missing := func(err error) string {
		if err == nil {
			return ""
		}
		return fmt.Sprintf(" (not here: %v)", err)
	}
	return section{title: "Settings of the kernel (-param NAME=…), for every workload", items: []item{
		{name: "slack", title: "slack=50us", text: "timer slack of all threads, from 1ns to 1s; default keeps what bench was started with" + missing(kernel.MissingSlack())},
		{name: "futex_slots", title: "futex_slots=256", text: "buckets of the process's own futex hash, a power of two, or global; default leaves it to the kernel" + missing(kernel.MissingSlots())},
	}}
}

// workloads describes the workloads, for a machine with a number of CPUs.
func (a app) workloads(cpus, width int) (section, error) {
	s := section{title: "Workloads (-workload)"}
	const indent = "      "
	for _, w := range a.catalog.Workloads {
		block := fold(w.Doc, indent, width)
		if w.Submits != "" {
			block += fold("Who submits: "+w.Submits, indent, width)
		}
		workers := "all CPUs but those of the threads that submit"
		if w.Workers > 0 {
			workers = fmt.Sprint(w.Workers)
		}
		block += fold(fmt.Sprintf("Workers by default: %s. %s.", workers, primary(w)), indent, width)
		if w.Full {
			block += indent + "In the full matrix only.\n"
		}
		needs, err := needs(w, cpus)
		if err != nil {
			return s, err
		}
		block += fold(needs, indent, width)
		for _, p := range w.Params {
			values := "default " + p.Default
			if p.Sweep != nil {
				values += "; in the default matrix " + strings.Join(p.Sweep, ", ")
			}
			if p.Full != nil {
				values += "; in the full matrix " + strings.Join(p.Full, ", ")
			}
			block += hang(fmt.Sprintf("-param %s=…  %s; %s", p.Name, p.About, values), indent, indent+"  ", width)
		}
		s.items = append(s.items, item{name: w.Name, text: w.About, block: block})
	}
	return s, nil
}

// needs says how many CPUs a workload needs to be meaningful, and which values of its
// parameters need more than this machine has; "" if any machine will do.
func needs(w workload.Workload, cpus int) (string, error) {
	with := func(given map[string]string) (int, error) {
		v, err := w.Values(given)
		return w.Needs(v, w.DefaultWorkers(v, cpus)), err
	}
	least, err := with(nil)
	if least == 0 || err != nil {
		return "", err
	}
	text := fmt.Sprintf("Needs %d CPUs to be meaningful", least)
	for _, p := range w.Params {
		var more []string
		for _, value := range p.Full {
			n, err := with(map[string]string{p.Name: value})
			if err != nil {
				return "", err
			}
			if n > cpus && n != least {
				more = append(more, fmt.Sprintf("%d with %s=%s", n, p.Name, value))
			}
		}
		if more != nil {
			text += ", " + strings.Join(more, ", ")
		}
	}
	return fmt.Sprintf("%s; this machine has %d.", text, cpus), nil
}

// primary says by which unit a workload is judged.
func primary(w workload.Workload) string {
	if w.Primary == "" {
		return "Reported, not judged"
	}
	return "Primary metric: " + w.Primary
}
