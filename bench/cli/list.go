package cli

import (
	"flag"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/loadgen"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/workload"
)

const listText = `usage: bench list

Lists what can be measured: implementations of the idle manager, references to compare
them with, parkers, and workloads with their parameters.

The floors and the calibrations (platform) are yardsticks: every run measures them,
whatever implementations and parkers are chosen.
`

func (a app) list(args []string) error {
	if err := command.ParseAll(flag.NewFlagSet("bench list", flag.ContinueOnError), a.stdout, listText, args); err != nil {
		return err
	}
	use, err := cpu.Allowed()
	if err != nil {
		return err
	}
	cpus := len(use)
	w := tabwriter.NewWriter(a.stdout, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "Implementations (-impl)")
	for _, i := range a.catalog.Implementations {
		sleeps := ""
		if i.Parker != "" {
			sleeps = "; has its own parker, " + i.Parker
		}
		conserving := "work-conserving"
		for n, r := range i.Races {
			conserving += []string{" except ", ", "}[min(n, 1)] + r.Name
		}
		fmt.Fprintf(w, "  %s\t%s; %s%s\n", i.Name, i.About, conserving, sleeps)
	}
	fmt.Fprintln(w, "\nReferences (-impl); floor and platform are in every run if the workload allows them")
	for _, s := range loadgen.References() {
		fmt.Fprintf(w, "  %s\t%s\n", s.Impl+", parker "+s.Park, s.About)
	}
	fmt.Fprintln(w, "\nParkers (-park); with go-… each worker is an ordinary goroutine, otherwise a pinned thread")
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
			fmt.Fprintf(w, "  %s\t%s, workers are goroutines%s\n", loadgen.GoPrefix+k.Name, k.About, notes)
			notes = strings.TrimSuffix(notes, aside) + aside
		}
		fmt.Fprintf(w, "  %s\t%s%s\n", k.Name, k.About, notes)
	}
	fmt.Fprintln(w, "\nVariations of the harness (-param harness=…), for every workload; \"bench audit\" measures all of them")
	for _, h := range loadgen.Harnesses() {
		fmt.Fprintf(w, "  %s\t%s\n", h.Name, h.About)
	}
	fmt.Fprintf(w, "\nOptions of the host (-param host=…), which every workload on an idle manager has: %s, %s, or settings joined by '+', as in %s+pause.none\n",
		host.DefaultSet, host.TokioSet, host.TokioSet)
	for _, o := range host.OptionTexts() {
		fmt.Fprintf(w, "  %s\t%s\n", o[0], o[1])
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(a.stdout, "\nWorkloads (-workload)")
	for _, l := range a.catalog.Workloads {
		workers := "all CPUs but those of the threads that submit"
		if l.Workers > 0 {
			workers = fmt.Sprint(l.Workers)
		}
		fmt.Fprintf(a.stdout, "  %s: %s\n", l.Name, l.About)
		fmt.Fprintf(a.stdout, "%s", phrase.Fold(l.Doc, "      ", "      ", 80))
		if l.Submits != "" {
			fmt.Fprintf(a.stdout, "%s", phrase.Fold("Who submits: "+l.Submits, "      ", "      ", 80))
		}
		fmt.Fprintf(a.stdout, "      Workers by default: %s. %s.\n", workers, primary(l))
		if l.Full {
			fmt.Fprintln(a.stdout, "      In the full matrix only.")
		}
		needs, err := needs(l, cpus)
		if err != nil {
			return err
		}
		fmt.Fprint(a.stdout, phrase.Fold(needs, "      ", "      ", 80))
		for _, p := range l.Params {
			values := "default " + p.Default
			if p.Sweep != nil {
				values += "; in the default matrix " + strings.Join(p.Sweep, ", ")
			}
			if p.Full != nil {
				values += "; in the full matrix " + strings.Join(p.Full, ", ")
			}
			fmt.Fprintf(a.stdout, "      -param %s=…  %s; %s\n", p.Name, p.About, values)
		}
		fmt.Fprintln(a.stdout)
	}
	return nil
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
