package format

import (
	"cmp"
	"fmt"
	"strconv"
	"time"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/report/source"
)

// log writes what an interval log has: a row for each series, and what was inferred.
func (t *text) log(l *source.Log) {
	fmt.Fprintf(&t.b, "%s: %s of HdrHistogram\n", name(l.File), phrase.Count(len(l.Intervals), "interval"))
	rows := table{titles: []string{"tag", "intervals", "values", "p50", "p99", "p99.9", "max"}, right: []bool{false, true, true, true, true, true, true}}
	all := l.Series()
	for i, s := range all {
		if i == mostFacts && !t.All {
			break
		}
		row := []string{name(cmp.Or(s.Tag, "(none)")), fmt.Sprint(len(s.Intervals)), fmt.Sprint(s.Values.Count())}
		for _, q := range []float64{0.5, 0.99, 0.999, 1} {
			row = append(row, logValue(s.Values.Quantile(q), l.Unit))
		}
		rows.rows = append(rows.rows, row)
	}
	rows.text(&t.b, "  ")
	if more := len(all) - len(rows.rows); more > 0 {
		fmt.Fprintf(&t.b, "  … and %d more series (-all shows them)\n", more)
	}
	t.list("", l.Notes)
}

// logValue writes a value with the digits that a histogram distinguishes.
func logValue(v float64, unit string) string {
	v, _ = strconv.ParseFloat(strconv.FormatFloat(v, 'g', 4, 64), 64)
	if unit == "ns" {
		return time.Duration(v).String()
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}
