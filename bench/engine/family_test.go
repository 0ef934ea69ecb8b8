package engine

import (
	"slices"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/record"
)

func cellsOf(t *testing.T, names string) (cells []record.Cell) {
	t.Helper()
	for name := range strings.FieldsSeq(names) {
		c, err := record.ParseName(name)
		if err != nil {
			t.Fatal(err)
		}
		cells = append(cells, c)
	}
	return cells
}

func TestFamiliesOf(t *testing.T) {
	primary := map[string]string{"wake": "p50-ns/wake", "idle": ""}
	for _, tt := range []struct {
		what, cells string
		want        []Family
	}{
		{"nothing", "", nil},
		{"yardsticks and references", `Wake/impl=floor/park=spin/workers=1/gap=1us
			Wake/impl=goroutine/park=go/workers=1/gap=1us`, nil},
		{"one implementation", `Wake/impl=channels/park=mailbox/workers=1/gap=1us
			Wake/impl=floor/park=spin/workers=1/gap=1us`, nil},
		{"the canonical one, wherever it is", `Wake/impl=mutexonly/park=cond/workers=1/gap=1us
			Wake/impl=mutexonly/park=futex/workers=1/gap=1us
			Wake/impl=bitmap/park=cond/workers=1/gap=1us
			Wake/impl=channels/park=mailbox/workers=1/gap=1us`,
			[]Family{{"/impl", "bitmap", 3, 7}}}, // 2^(1-7) = 0.0156 ≤ 0.05/3
		{"parkers of the canonical one", `Wake/impl=bitmap/park=cond/workers=1/gap=1us
			Wake/impl=bitmap/park=futex/workers=1/gap=1us
			Wake/impl=bitmap/park=chan/workers=1/gap=1us`,
			[]Family{{"/park", "futex", 2, 7}}},
		{"the one with most cells", `Wake/impl=a/park=cond/workers=1/gap=1us
			Wake/impl=b/park=cond/workers=1/gap=1us
			Wake/impl=b/park=futex/workers=1/gap=1us`,
			[]Family{{"/impl", "b", 1, 6}, {"/park", "futex", 1, 6}}},
		{"other parameters and workers", `Wake/impl=bitmap/park=cond/workers=1/gap=1us
			Wake/impl=channels/park=mailbox/workers=1/gap=2us
			Wake/impl=channels/park=mailbox/workers=2/gap=1us`, nil},
		{"not judged", `Idle/impl=bitmap/park=cond/workers=1
			Idle/impl=mutexonly/park=cond/workers=1`, nil},
	} {
		if got := FamiliesOf(record.Plan{Cells: cellsOf(t, tt.cells)}, primary); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %+v, want %+v", tt.what, got, tt.want)
		}
	}
}

// The default run and the quick one have enough rounds for a verdict, on machines of any
// size.
func TestEnoughRounds(t *testing.T) {
	for _, quick := range []bool{false, true} {
		for _, cpus := range []int{2, 3, 4, 8, 64} {
			timing, cells := Normal, cellsFor(t, quick, cpus)
			if quick {
				timing = Quick
			}
			e := Engine{Catalog: catalogue}
			families := e.Families(record.Plan{Cells: cells})
			if len(families) != 2 {
				t.Errorf("quick %v, %d CPUs: %+v", quick, cpus, families)
			}
			for _, f := range families {
				if timing.Rounds < f.Rounds {
					t.Errorf("quick %v, %d CPUs: %d rounds for %+v", quick, cpus, timing.Rounds, f)
				}
			}
		}
	}
}

// A quick run takes less than a minute on 2 CPUs.
func TestQuickIsQuick(t *testing.T) {
	p := record.Plan{Cells: cellsFor(t, true, 2), Rounds: Quick.Rounds, Warmup: Quick.Warmup, Time: Quick.Time}
	if d := Estimate(p); d.Minutes() >= 1 {
		t.Errorf("a quick run takes about %v", d)
	}
}

func TestCheckSize(t *testing.T) {
	for _, tt := range []struct {
		cells, rounds int
		want          string // in the error; "" for none
	}{
		{1, 0, "at least 1"},
		{1, -1, "at least 1"},
		{1, 1, ""},
		{130, MaxRounds, ""},
		{1, MaxRounds + 1, "at most 500"},
		{1, 1_000_000_000, "at most 500"},
		{MaxSlots / MaxRounds, MaxRounds, ""},
		{3445, MaxRounds, "at most 290 rounds, or fewer cells"},
	} {
		err := CheckSize(tt.cells, tt.rounds)
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%d cells, %d rounds: %v, want %q", tt.cells, tt.rounds, err, tt.want)
		}
	}
}
