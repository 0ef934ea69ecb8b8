package engine

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/record"
)

var catalogue = catalog.Default()

// cellsFor returns the cells of the default run, or of a quick one, on a machine.
func cellsFor(t *testing.T, quick bool, cpus int) []record.Cell {
	t.Helper()
	s := matrix.Selection{CPUs: cpus, Cores: cpus}
	if quick {
		s.Size = matrix.Quick
	}
	cells, err := matrix.Cells(catalogue, s)
	if err != nil {
		t.Fatal(err)
	}
	return cells
}

func TestSpread(t *testing.T) {
	items := []int{0, 1, 2, 3, 4, 5, 6, 7}
	for n, want := range map[int][]int{1: {0}, 3: {0, 2, 5}, 4: {0, 2, 4, 6}, 8: items, 9: items} {
		if diff := cmp.Diff(want, spread(items, n)); diff != "" {
			t.Errorf("%d: (-want +got)\n%s", n, diff)
		}
	}
}

func TestNoisy(t *testing.T) {
	for _, tt := range []struct {
		invalid, launches int
		want              bool
	}{{0, 0, false}, {0, 10, false}, {5, 10, false}, {6, 10, true}, {1, 1, true}} {
		if got := (Look{Counts{Invalid: tt.invalid, Launches: tt.launches}}).Noisy(); got != tt.want {
			t.Errorf("%d of %d: %v, want %v", tt.invalid, tt.launches, got, tt.want)
		}
	}
}
