package evidence

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/idlebench/idlebench/record"
)

func parse(t testing.TB, name string) record.Cell {
	t.Helper()
	c, err := record.ParseName(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var machine = []record.Pair{{Key: "cpu", Value: "Made up"}, {Key: "go", Value: "go1.26"}, {Key: "cpus-used", Value: "0-1"}, {Key: "load", Value: "1"}}

// changed is the configuration with one fact changed.
func changed(key, value string) []record.Pair {
	var c []record.Pair
	for _, p := range machine {
		if p.Key == key {
			p.Value = value
		}
		c = append(c, p)
	}
	return c
}

func sample(t testing.TB) (Design, Evidence) {
	t.Helper()
	cell, against := parse(t, "Wake/impl=mutexonly/park=futex/workers=1"), parse(t, "Wake/impl=bitmap/park=futex/workers=1")
	varied, other := parse(t, "Wake/impl=mutexonly/park=futex/workers=1/harness=mirrored"), parse(t, "Wake/impl=bitmap/park=futex/workers=1/harness=mirrored")
	d := Design{
		Whole: true, Baseline: "bitmap", Properties: []Property{{"mirrored", "exchanged"}},
		Subjects: []Subject{{Cell: cell, Variations: []Variation{{"mirrored", varied}}}, {Cell: against, Variations: []Variation{{"mirrored", other}}}},
	}
	e := Evidence{
		State: record.Complete, Start: time.Unix(100, 0).UTC(), Whole: true, Rounds: 6, Config: machine, Properties: d.Properties,
		Results: []Result{
			{Kind: Value, Workload: "wake", Property: "mirrored", Unit: "p50-ns/wake", Primary: true, Cell: cell, Varied: varied, Ratio: 2, Lo: 1.5, Hi: 3, Pairs: 6, Status: Moved},
			{Kind: Ratio, Workload: "wake", Property: "mirrored", Unit: "p50-ns/wake", Primary: true, Cell: cell, Varied: varied,
				Against: &against, VariedAgainst: &other, Status: Undecided, Reason: "why"},
		},
	}
	return d, e
}

func TestFile(t *testing.T) {
	dir := t.TempDir()
	if _, err := ReadAudit(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: error %v", err)
	}
	d, e := sample(t)
	if err := Write[Design, Evidence](Audit, dir, d, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadAudit(dir); !errors.Is(err, errOpen) {
		t.Errorf("no evidence yet: error %v", err)
	}
	if err := Write(Audit, dir, d, &e); err != nil {
		t.Fatal(err)
	}
	got, err := Read[Design, Evidence](Audit, dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Document[Design, Evidence]{Audit.Version, d, &e}, got); diff != "" {
		t.Error(diff)
	}
	for text, want := range map[string]string{
		"{":              Audit.File,
		`{"version": 7}`: "version 7",
		`{"version": 1, "evidence": {"rounds": "x"}}`: Audit.File,
	} {
		if err := os.WriteFile(filepath.Join(dir, Audit.File), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadAudit(dir); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one with %q", text, err, want)
		}
	}
}

func TestFind(t *testing.T) {
	d, e := sample(t)
	cell, against := d.Subjects[0].Cell, d.Subjects[1].Cell
	if n := len(e.Of(cell, "p50-ns/wake")); n != 1 {
		t.Errorf("%d results of the cell", n)
	}
	if n := len(e.Of(against, "p50-ns/wake")) + len(e.Of(cell, "ns/op")); n != 0 {
		t.Errorf("%d results of others", n)
	}
	for _, pair := range [][2]record.Cell{{cell, against}, {against, cell}} {
		if n := len(e.Between(pair[0], pair[1], "p50-ns/wake")); n != 1 {
			t.Errorf("%d results between %s and %s", n, pair[0].Name(), pair[1].Name())
		}
	}
	if n := len(e.Between(cell, cell, "p50-ns/wake")); n != 0 {
		t.Errorf("%d results between a cell and itself", n)
	}
}

func TestDiffers(t *testing.T) {
	_, e := sample(t)
	for _, c := range []struct{ key, value, want string }{
		{"load", "7", ""},
		{"cpu", "Another", "cpu: the audit's is Made up, the run's is Another"},
		{"go", "go1.27", "go: the audit's is go1.26, the run's is go1.27"},
		{"cpus-used", "0", "cpus-used: the audit's is 0-1, the run's is 0"},
	} {
		if got := strings.Join(e.Differs(changed(c.key, c.value)), "; "); got != c.want {
			t.Errorf("%s: %q, want %q", c.key, got, c.want)
		}
	}
}

func TestNewest(t *testing.T) {
	dir := t.TempDir()
	d, e := sample(t)
	var folders []string
	add := func(name string, change func(*Evidence)) {
		e := e
		change(&e)
		folder := filepath.Join(dir, name)
		if err := os.Mkdir(folder, 0o777); err != nil {
			t.Fatal(err)
		}
		if err := Write(Audit, folder, d, &e); err != nil {
			t.Fatal(err)
		}
		folders = append(folders, folder)
	}
	check := func(want string) {
		t.Helper()
		got := Newest(folders, machine)
		if got != "" {
			got = filepath.Base(got)
		}
		if got != want {
			t.Errorf("the newest is %q, want %q", got, want)
		}
	}
	after := func(s int) time.Time { return e.Start.Add(time.Duration(s) * time.Second) }
	check("")
	folders = append(folders, filepath.Join(dir, "nosuch"))
	add("elsewhere", func(e *Evidence) { e.Config = changed("cpu", "Another") })
	add("interrupted", func(e *Evidence) { e.State = record.Interrupted })
	check("")
	add("selection", func(e *Evidence) { e.Whole, e.Start = false, after(90) })
	check("selection")
	add("whole", func(e *Evidence) {})
	check("whole")
	add("newer", func(e *Evidence) { e.Start = after(10) })
	check("newer")
	add("older", func(e *Evidence) { e.Start = after(5) })
	check("newer")
	add("newer_selection", func(e *Evidence) { e.Whole, e.Start = false, after(99) })
	check("newer")

	to := t.TempDir()
	if err := Copy(to, folders[len(folders)-1]); err != nil {
		t.Fatal(err)
	}
	if got, err := ReadAudit(to); err != nil || got.Whole {
		t.Errorf("the copy is %+v, %v", got, err)
	}
}
