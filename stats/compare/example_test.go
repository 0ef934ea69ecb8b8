package compare_test

import (
	"fmt"
	"log"
	"math"
	"strings"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/compare"
)

// made returns benchmark lines of two implementations that take turns. The
// second is slower by 4 %, on a machine that gets slower all the time.
func made(rounds int) string {
	var b strings.Builder
	for r := range rounds {
		ns := 800 * math.Pow(1.1, float64(r))
		fmt.Fprintf(&b, "BenchmarkWake/impl=bitmap/park=futex/workers=1 5000 %.1f p50-ns/wake\n", ns)
		fmt.Fprintf(&b, "BenchmarkWake/impl=chan/park=futex/workers=1 5000 %.1f p50-ns/wake\n", ns*(1.035+0.001*float64(r*7%11)))
	}
	return b.String()
}

func Example() {
	table, err := compare.FromBenchmarks(compare.Selection{Col: "/impl"}, compare.File{Name: "bench.txt", Text: record.ReadText("bench.txt", []byte(made(10)))})
	if err != nil {
		log.Fatal(err)
	}
	table.Primary = map[string]string{"wake": "p50-ns/wake"}
	family, err := compare.Compare(table, "bitmap", compare.Options{})
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range family.Comparisons {
		i := c.Effect.Interval
		fmt.Printf("%s: %s is %s than %s\n", c.Row, c.New.Column, c.Verdict, c.Old.Column)
		fmt.Printf("%+.1f %%, from %+.1f to %+.1f; %d pairs could have shown %.1f %%\n",
			100*(c.Effect.Ratio-1), 100*(i.Lo-1), 100*(i.Hi-1), c.Pairs, 100**c.MDE)
	}
	// Output:
	// Wake/park=futex/workers=1: chan is worse than bitmap
	// +4.0 %, from +3.7 to +4.3; 10 pairs could have shown 0.4 %
}

// A planner wants to know how many rounds a family needs at least.
func ExampleLeastPairs() {
	const alpha = 0.05
	for _, comparisons := range []int{1, 20, 100} {
		fmt.Println(comparisons, compare.LeastPairs(alpha/float64(comparisons)))
	}
	// Output:
	// 1 6
	// 20 10
	// 100 12
}

// A run goes on until everything is decided, or the looks are spent.
func ExampleSequence() {
	schedule, err := compare.NewSchedule(0.05, compare.Pocock, 8, 12, 18, 27, 40)
	if err != nil {
		log.Fatal(err)
	}
	sequence, err := compare.NewSequence(schedule, "bitmap", compare.Options{Alpha: 0.05}, func(c compare.Comparison) bool { return c.Verdict != compare.Unresolved })
	if err != nil {
		log.Fatal(err)
	}
	for look, ok := sequence.Next(); ok; look, ok = sequence.Next() {
		measured := made(look.Rounds) // of the cells that are open, from the first round on
		table, err := compare.FromBenchmarks(compare.Selection{Col: "/impl"}, compare.File{Name: "bench.txt", Text: record.ReadText("bench.txt", []byte(measured))})
		if err != nil {
			log.Fatal(err)
		}
		table.Primary = map[string]string{"wake": "p50-ns/wake"}
		family, err := sequence.Look(table)
		if err != nil {
			log.Fatal(err)
		}
		open := 0
		for _, c := range family.Comparisons {
			if c.Verdict == compare.Unresolved {
				open++
			}
			fmt.Printf("after %d rounds: %s %s\n", look.Rounds, c.Verdict, c.Reason)
		}
		if open == 0 {
			break
		}
	}
	// Output:
	// after 8 rounds: worse
}
