package launch_test

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/profile"
	read "github.com/idlebench/idlebench/report/profile"
)

// A profile has the measured operations in it, and says so.
func TestProfile(t *testing.T) {
	cell, err := record.ParseName("Wake/impl=bitmap/park=cond/workers=1/gap=2ms")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "wake.block.pb.gz")
	r := launch.Request{Cell: cell, Warmup: time.Millisecond, Time: 20 * time.Millisecond, Profile: profile.Block, File: file}
	if args := r.Args(); !slices.Equal(args[len(args)-4:], []string{"-profile", "block", "-o", file}) {
		t.Errorf("arguments %q", args)
	}
	l, err := r.Measure(t.Context(), catalog.Default())
	if err != nil {
		t.Fatal(err)
	}
	p, err := read.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	if p.Cell.Name() != cell.Name() || p.Kind != profile.Block || p.Ops != l.N || p.Duration < r.Time {
		t.Errorf("%+v of a launch with %d operations", p, l.N)
	}
	if sleeps := p.Only(read.Idle).Events; sleeps == 0 {
		t.Errorf("the worker is not seen to sleep: %+v", p)
	}
}
