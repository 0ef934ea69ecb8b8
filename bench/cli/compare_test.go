package cli

import (
	"slices"
	"testing"

	"github.com/idlebench/idlebench/record"
)

// A comparison measures what it can judge: what both have, under test, in a workload
// with a primary unit.
func TestCommon(t *testing.T) {
	cell := func(workload, impl string) record.Cell {
		return record.Cell{Workload: workload, Impl: impl, Park: "futex", Workers: 1}
	}
	side := func(name string, primary map[string]string, cells ...record.Cell) rival {
		return rival{name: name, manifest: record.Manifest{Plan: record.Plan{Cells: cells}, Primary: primary}}
	}
	both := []record.Cell{cell("wake", "floor"), cell("wake", "bitmap"), cell("idle", "bitmap"), cell("idle", "mutexonly")}
	// The old revision still judged the workload.
	old := side("old", map[string]string{"wake": "p50-ns/wake", "idle": "cpu-ns/sec"}, append(slices.Clip(both), cell("wake", "gone"))...)
	new := side("new", map[string]string{"wake": "p50-ns/wake", "idle": ""}, both...)
	cells, notes := common(old, new)
	if len(cells) != 1 || cells[0].Name() != cell("wake", "bitmap").Name() {
		t.Errorf("cells %v", cells)
	}
	if want := []string{"idle is not measured: it is reported, not judged", "only old has Wake/impl=gone/park=futex/workers=1"}; !slices.Equal(notes, want) {
		t.Errorf("notes %q, want %q", notes, want)
	}
}
