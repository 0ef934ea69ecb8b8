package main

import (
	"fmt"
	"runtime"
	"strings"
	"text/tabwriter"
	"time"
)

// summary is what is printed in the end: a line for each manager and parker, and
// the sum.
func (r *runner) summary() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "manager/parker\twake-ups\tlaunches\t")
	for _, name := range subjects(r.cells) {
		t := r.tallies[name]
		fmt.Fprintf(w, "%s\t%d\t%d\t\n", name, t.wakes, t.launches)
	}
	w.Flush()
	fmt.Fprintf(&b, "%d wake-ups, 0 lost, %d launches of %d of %d cells, seed %d, %v, %s %s/%s\n",
		r.wakes, r.launches, len(r.launched), len(r.cells), r.seed, time.Since(r.start).Round(time.Second),
		runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return b.String()
}
