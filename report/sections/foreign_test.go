package sections

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	pprof "github.com/google/pprof/profile"

	"github.com/idlebench/idlebench/report/page"
)

// writeForeign writes a profile of another program without a duration. It has two functions,
// and their times.
func writeForeign(t *testing.T, file, typ string, times ...int64) {
	t.Helper()
	p := &pprof.Profile{SampleType: []*pprof.ValueType{{Type: "samples", Unit: "count"}, {Type: typ, Unit: "nanoseconds"}}}
	if typ == "delay" {
		p.SampleType[0].Type = "contentions"
	}
	leaf := &pprof.Function{ID: 9, Name: "sync.(*Mutex).Lock"}
	p.Function = []*pprof.Function{leaf}
	p.Location = []*pprof.Location{{ID: 9, Line: []pprof.Line{{Function: leaf}}}}
	for i, ns := range times {
		id := uint64(i + 1)
		f := &pprof.Function{ID: id, Name: []string{"main.a", "main.b"}[i]}
		l := &pprof.Location{ID: id, Line: []pprof.Line{{Function: f, Line: 1}}}
		p.Function, p.Location = append(p.Function, f), append(p.Location, l)
		p.Sample = append(p.Sample, &pprof.Sample{Location: []*pprof.Location{p.Location[0], l}, Value: []int64{100, ns}})
	}
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		t.Fatal(err)
	}
	write(t, file, b.String())
}

// described are the IDs of those in a document, and the captions of the tables and figures.
func described(d page.Document) (ids, text []string) {
	walk(d, func(_ page.Section, b page.Block) {
		switch b := b.(type) {
		case page.Figure:
			ids = append(ids, b.ID)
			text = append(text, b.Desc)
			for _, r := range b.Table.Rows {
				text = append(text, r...)
			}
		case page.Missing:
			text = append(text, b.What)
		}
	})
	return ids, text
}

// Profiles of other programs are compared with each other, by their shares if their
// durations are not known: the files have times that differ by a factor of ten.
func TestForeignProfiles(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, dir := range []string{"old", "new"} {
		if err := os.Mkdir(dir, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	writeForeign(t, "old/x.pb.gz", "cpu", 30e6, 10e6)
	writeForeign(t, "new/x.pb.gz", "cpu", 100e6, 300e6)
	writeForeign(t, "a.pb.gz", "wall", 1e6, 3e6)
	writeForeign(t, "b.pb.gz", "delay", 1e6, 3e6)
	writeForeign(t, "c.pb.gz", "delay", 3e6, 1e6)
	ids, text := described(Document(report(t, "*", "old/x.pb.gz", "new/x.pb.gz", "a.pb.gz", "b.pb.gz", "c.pb.gz")))
	for _, want := range []string{"cpu", "cpu-icicle", "cpu-difference", "wall", "wall-icicle", "block-sites", "block-icicle", "block-difference"} {
		if !slices.Contains(ids, want) {
			t.Errorf("no figure %s among %q", want, ids)
		}
	}
	if slices.Contains(ids, "wall-difference") {
		t.Error("one profile has a difference")
	}
	all := strings.Join(text, "\n")
	for _, want := range []string{"old/x.pb.gz", "new/x.pb.gz", "0.75", "0.25"} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in the figures:\n%s", want, all)
		}
	}
}

// A tag of an interval log is a series of its own, and values without a unit are not drawn
// next to times.
func TestTags(t *testing.T) {
	t.Chdir(t.TempDir())
	const payload = "HISTEwAAAAEAAAAAAAAAAgAAAAAAAAABAAAAAAAAAAI/8AAAAAAAAAI=\n" // a value of 0
	write(t, "a.hlog", "Tag=read,1790000000.789,1.000,0.000,"+payload+"Tag=write,1790000001.789,1.000,0.000,"+payload+"1790000001.789,1.000,0.000,"+payload)
	ids, text := described(Document(report(t, "*", "a.hlog")))
	if want := []string{"logs", "logs-heat"}; !slices.Equal(ids, want) {
		t.Errorf("figures %q, want %q", ids, want)
	}
	for _, want := range []string{"a.hlog read", "a.hlog write", "a.hlog"} {
		if !slices.Contains(text, want) {
			t.Errorf("no series %q in %q", want, text)
		}
	}
}
