package fleet_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/idlebench/idlebench/internal/sums"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/job"
	"github.com/idlebench/idlebench/report/fleet"
	"github.com/idlebench/idlebench/report/fleet/fleettest"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/source/sourcetest"
)

// sample is a run of a few cells, in which mutexonly with a futex takes 1.2 times as
// long as bitmap.
func sample(t *testing.T) record.Run {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "sample")
	if err := sourcetest.Record(dir, 20, nil); err != nil {
		t.Fatal(err)
	}
	run, err := record.ReadLaunches(dir)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// made makes results in one folder, and returns it.
func made(t *testing.T, machines ...fleettest.Machine) string {
	t.Helper()
	run, into := sample(t), t.TempDir()
	for _, m := range machines {
		if m.Pack == "" {
			m.Pack = "pack"
		}
		if _, err := fleettest.Make(run, into, m); err != nil {
			t.Fatal(err)
		}
	}
	return into
}

// collected collects what is in folders, and returns what each folder is.
func collected(t *testing.T, o fleet.Options, roots ...string) (fleet.Collection, map[string]string) {
	t.Helper()
	folders, err := fleet.Folders(roots)
	if err != nil {
		t.Fatal(err)
	}
	c, err := fleet.Collect(folders, o)
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[string]string)
	for _, r := range c.Results {
		name, _ := filepath.Rel(roots[0], r.Folder)
		got[name] = strings.TrimSuffix(string(r.Status)+": "+r.Why, ": ")
	}
	return c, got
}

// Each result is one of the five kinds or used, and says why.
func TestCollect(t *testing.T) {
	dir := made(t,
		fleettest.Machine{Name: "good"},
		fleettest.Machine{Name: "again"},
		fleettest.Machine{Name: "again", Job: "second"},
		fleettest.Machine{Name: "late", Later: 30 * time.Hour},
		fleettest.Machine{Name: "half", State: record.Interrupted},
		fleettest.Machine{Name: "cut"},
		fleettest.Machine{Name: "other", Pack: "older"},
		fleettest.Machine{Name: "twice"},
		fleettest.Machine{Name: "torn"},
	)
	copyTo := func(from, to string) {
		if err := os.CopyFS(filepath.Join(dir, to), os.DirFS(filepath.Join(dir, from))); err != nil {
			t.Fatal(err)
		}
	}
	copyTo("good-pack", "home/good")
	copyTo("twice-pack", "home/twice")
	edit(t, filepath.Join(dir, "home/twice", job.File), `"cpus": "`, `"cpus": "0,`)
	reseal(t, filepath.Join(dir, "home/twice"))
	edit(t, filepath.Join(dir, "cut-pack", record.BenchFile), "Benchmark", "Benchmarl")
	if err := os.WriteFile(filepath.Join(dir, "torn-pack", job.File), []byte("{"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := sourcetest.Record(filepath.Join(dir, "run"), 1, nil); err != nil {
		t.Fatal(err)
	}
	by := sample(t).Start.Add(24 * time.Hour)
	c, got := collected(t, fleet.Options{Pack: "pack", By: by, Expect: []string{"good", "half", "other", "nothing"}}, dir)
	want := map[string]string{
		"good-pack":    "used",
		"again-pack":   "used",
		"again-second": "used",
		"late-pack":    "late: it ended at ",
		"half-pack":    "half-written: it has no SHA256SUMS",
		"cut-pack":     "half-written: bench.txt was changed or cut",
		"torn-pack":    "half-written: ",
		"other-older":  "foreign: it is of the pack older",
		"run":          "foreign: it is not of a packed job",
		"home/good":    "duplicated: it is a copy of ",
		"home/twice":   "duplicated: ",
		"twice-pack":   "duplicated: ",
	}
	// Which of two copies is used depends on their paths only.
	want["home/good"], want["good-pack"] = "duplicated", "used"
	if got["home/good"] == "used" {
		want["home/good"], want["good-pack"] = want["good-pack"], want["home/good"]
	}
	for name, status := range want {
		if !strings.HasPrefix(got[name], status) {
			t.Errorf("%s: %q, want %q", name, got[name], status)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d results, want %d: %v", len(got), len(want), got)
	}
	if !slices.Equal(c.Lost, []string{"other", "nothing"}) || c.Complete() {
		t.Errorf("lost: %v", c.Lost)
	}
}

func edit(t *testing.T, file, old, new string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil || !bytes.Contains(data, []byte(old)) {
		t.Fatalf("%s has no %s: %v", file, old, err)
	}
	if err := os.WriteFile(file, bytes.Replace(data, []byte(old), []byte(new), 1), 0o666); err != nil {
		t.Fatal(err)
	}
}

func reseal(t *testing.T, dir string) {
	t.Helper()
	if err := os.Remove(filepath.Join(dir, sums.File)); err != nil {
		t.Fatal(err)
	}
	if err := job.Seal(dir); err != nil {
		t.Fatal(err)
	}
}

func TestSeveralPacks(t *testing.T) {
	dir := made(t, fleettest.Machine{Name: "a"}, fleettest.Machine{Name: "b", Pack: "older"})
	folders, err := fleet.Folders([]string{dir})
	if err != nil {
		t.Fatal(err)
	}
	var several *fleet.SeveralError
	if _, err := fleet.Collect(folders, fleet.Options{}); !errors.As(err, &several) || len(several.Packs) != 2 {
		t.Errorf("%v", err)
	}
}

// A folder with no result in it is not passed over.
func TestEmptyFolder(t *testing.T) {
	if _, got := collected(t, fleet.Options{}, t.TempDir()); !strings.HasPrefix(got["."], "foreign") {
		t.Errorf("%v", got)
	}
}

func TestUnfit(t *testing.T) {
	invalid := sample(t)
	for i := range invalid.Recorded {
		if i%3 != 0 {
			invalid.Recorded[i].Invalid = []string{"steal"}
		}
	}
	dir := made(t,
		fleettest.Machine{Name: "fit", Remarks: []record.Pair{{Key: job.Quota, Value: "a CPU quota of 9 CPUs"}}},
		fleettest.Machine{Name: "unbound", Remarks: []record.Pair{{Key: job.Unbound, Value: "not bound"}}},
		fleettest.Machine{Name: "x1", Boot: "same"},
		fleettest.Machine{Name: "x2", Boot: "same"},
		fleettest.Machine{Name: "x3", Boot: "same", Later: 100_000 * time.Hour},
		fleettest.Machine{Name: "busy", Facts: []record.Pair{{Key: "oversubscribed", Value: "yes"}}},
		fleettest.Machine{Name: "parts", Facts: []record.Pair{{Key: "oversubscribed", Value: "yes, with workers=4"}}},
	)
	if _, err := fleettest.Make(invalid, dir, fleettest.Machine{Name: "noisy", Pack: "pack"}); err != nil {
		t.Fatal(err)
	}
	c, _ := collected(t, fleet.Options{}, dir)
	machines, err := fleet.Machines(c.Of(fleet.Used))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"unbound": "not bound", "x1": "at the same time as x2", "x2": "at the same time as x1", "busy": "more busy threads", "noisy": "launches were invalid"}
	for _, m := range machines {
		got := strings.Join(m.Unfit, "; ")
		if w := want[m.Name]; !strings.Contains(got, w) || w == "" && got != "" {
			t.Errorf("%s: %q, want %q", m.Name, got, w)
		}
	}
	if n := len(fleet.Fit(machines)); n != 3 {
		t.Errorf("%d fit, want fit, x3 and parts", n)
	}
}

// What was planted is found: who wins on which machine, and where machines disagree. How
// fast a machine is changes nothing.
func TestAgreement(t *testing.T) {
	twice := func(impl string, by float64) func(record.Cell) float64 {
		return func(c record.Cell) float64 {
			if c.Impl == impl {
				return by
			}
			return 1
		}
	}
	var machines []fleettest.Machine
	for i := range 6 {
		m := fleettest.Machine{Name: fmt.Sprint("m", i), Seed: uint64(i), Speed: float64(1 + 3*i)}
		switch {
		case i < 3:
			m.Factor = twice("mutexonly", 2)
		case i == 3:
			m.Factor = twice("mutexonly", 0.5)
		}
		machines = append(machines, m)
	}
	c, _ := collected(t, fleet.Options{}, made(t, machines...))
	summaries, err := fleet.Machines(c.Of(fleet.Used))
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, a := range fleet.Agreements(summaries) {
		if a.Family == fleet.Managers && a.Other == "mutexonly" {
			found++
			worse, same := 3, 2
			if strings.HasSuffix(a.Question, "futex") {
				worse, same = 5, 0
			}
			if a.Worse != worse || a.Equivalent != same || a.Better != 1 || !a.Opposite() {
				t.Errorf("%+v, want worse on %d machines, the same on %d and better on 1", a, worse, same)
			}
		}
	}
	if found == 0 {
		t.Error("mutexonly was compared nowhere")
	}
	for subject, x := range summaries[0].Multiples {
		if y := summaries[5].Multiples[subject]; strings.HasPrefix(subject.Of, "bitmap") && (y < 0.9*x || y > 1.1*x) {
			t.Errorf("%v: %.3g times the floor, and on a machine 16 times as slow %.3g", subject, x, y)
		}
	}
}

// The page renders, all its links lead somewhere, and a machine's own report is linked
// from where the page is.
func TestDocument(t *testing.T) {
	dir := made(t, fleettest.Machine{Name: "a"}, fleettest.Machine{Name: "b"}, fleettest.Machine{Name: "half", State: record.Interrupted})
	if err := os.WriteFile(filepath.Join(dir, "a-pack", job.Page), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, root := range []string{dir, t.TempDir()} {
		c, _ := collected(t, fleet.Options{Expect: []string{"z"}}, root)
		machines, err := fleet.Machines(c.Of(fleet.Used))
		if err != nil {
			t.Fatal(err)
		}
		var html bytes.Buffer
		if err := page.Render(&html, fleet.Document(c, machines, nil, dir)); err != nil {
			t.Fatal(err)
		}
		want := []string{"Lost: z."}
		if root == dir {
			want = append(want, `<a href="a-pack/report.html">`, "half-written", "2 of 3 results used", "1 machine is lost.")
		}
		for _, w := range want {
			if !strings.Contains(html.String(), w) {
				t.Errorf("the page has no %s", w)
			}
		}
	}
}

// archive makes an archive of files, by name.
func archive(t *testing.T, files ...[2]string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for _, f := range files {
		err := w.WriteHeader(&tar.Header{Name: f[0], Mode: 0o644, Size: int64(len(f[1])), Typeflag: tar.TypeReg})
		if err == nil {
			_, err = w.Write([]byte(f[1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "a.tar.gz")
	if err := os.WriteFile(file, b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestUnpack(t *testing.T) {
	file := archive(t, [2]string{"./m/one", "1"}, [2]string{"m/deep/two", "2"})
	into := filepath.Join(t.TempDir(), "into")
	if err := fleet.Unpack(file, into); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"m/one": "1", "m/deep/two": "2"} {
		if got, err := os.ReadFile(filepath.Join(into, name)); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if err := fleet.Unpack(file, into); !errors.Is(err, fs.ErrExist) {
		t.Errorf("into a folder that exists: %v", err)
	}
}

// An archive from another machine writes nowhere but into its folder.
func TestUnpackEscapes(t *testing.T) {
	dir := t.TempDir()
	for i, name := range []string{"../out", "m/../../out", "/out"} {
		if err := fleet.Unpack(archive(t, [2]string{name, "x"}), filepath.Join(dir, fmt.Sprint(i), "in")); err == nil {
			t.Errorf("%s was unpacked", name)
		}
	}
}

// What is in a cut archive is found, and the cut is said.
func TestUnpackCut(t *testing.T) {
	file := archive(t, [2]string{"m/one", "1"}, [2]string{"m/two", strings.Repeat("2", 1000)})
	data, err := os.ReadFile(file)
	if err == nil {
		err = os.WriteFile(file, data[:len(data)-20], 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
	into := filepath.Join(t.TempDir(), "into")
	if err := fleet.Unpack(file, into); err == nil {
		t.Error("a cut archive has no error")
	}
	if _, err := os.Stat(filepath.Join(into, "m/one")); err != nil {
		t.Error(err)
	}
}

func TestPackID(t *testing.T) {
	list := []byte(sums.Line("run", nil))
	file := archive(t, [2]string{"idlebench/" + sums.File, string(list)})
	for _, pack := range []string{file, sums.ID(list)} {
		if got, err := fleet.PackID(pack); err != nil || got != sums.ID(list) {
			t.Errorf("%s: %s, %v", pack, got, err)
		}
	}
	if _, err := fleet.PackID(archive(t, [2]string{"x", ""})); err == nil {
		t.Error("an archive that is no pack has an identity")
	}
}

var machinesFlag = flag.Int("fleet", 100, "machines of BenchmarkFleet")

// BenchmarkFleet makes the page of many machines of a default run each: results/sample with
// planted factors. It reports the size of the page and the memory that the process took.
func BenchmarkFleet(b *testing.B) {
	run, err := record.ReadLaunches("../../results/sample")
	if err != nil {
		b.Fatal(err)
	}
	dir := b.TempDir()
	for i := range *machinesFlag {
		m := fleettest.Machine{Name: fmt.Sprintf("node%03d", i), Pack: "pack", Seed: uint64(i), Speed: 1 + float64(i%7)/5,
			Facts: []record.Pair{{Key: "kernel", Value: fmt.Sprintf("6.%d", i%4)}},
			Factor: func(c record.Cell) float64 {
				if c.Impl == "mutexonly" && c.Workload == "wake" {
					return []float64{0.8, 1, 1.25}[i%3]
				}
				return 1
			}}
		if _, err := fleettest.Make(run, dir, m); err != nil {
			b.Fatal(err)
		}
	}
	run = record.Run{}
	runtime.GC()
	var html bytes.Buffer
	for b.Loop() {
		html.Reset()
		folders, err := fleet.Folders([]string{dir})
		if err != nil {
			b.Fatal(err)
		}
		c, err := fleet.Collect(folders, fleet.Options{})
		if err != nil {
			b.Fatal(err)
		}
		machines, err := fleet.Machines(c.Of(fleet.Used))
		if err != nil {
			b.Fatal(err)
		}
		if err := page.Render(&html, fleet.Document(c, machines, nil, dir)); err != nil {
			b.Fatal(err)
		}
	}
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	b.ReportMetric(float64(html.Len()), "page-bytes")
	b.ReportMetric(float64(mem.Sys), "B-sys")
}
