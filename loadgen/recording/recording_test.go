package recording_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/idlebench/idlebench/loadgen/recording"
)

var update = flag.Bool("update", false, "write the golden files")

// example is the file in the package documentation.
const example = "idlebench-load 1\nsource csv\nduration 2000000\ntasks 4\n\n0 4000\n1200 300\n+150 500 1\n1900000 300\n"

func header(tasks int) string {
	return fmt.Sprintf("idlebench-load 1\nsource csv\nduration 2000000\ntasks %d\n\n", tasks)
}

func TestRead(t *testing.T) {
	r, err := recording.Read("x.load", strings.NewReader(example))
	if err != nil {
		t.Fatal(err)
	}
	want := &recording.Recording{Source: "csv", Duration: 2 * time.Millisecond, Tasks: []recording.Task{
		{At: 0, Service: 4000, Parent: recording.None},
		{At: 1200, Service: 300, Parent: recording.None},
		{After: 150, Service: 500, Parent: 1},
		{At: 1900000, Service: 300, Parent: recording.None},
	}}
	if diff := cmp.Diff(want, r, cmpopts.IgnoreUnexported(recording.Recording{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := r.Digest(); got != "f7a9d7e8b552" {
		t.Errorf("digest %s; a changed one makes old results another load", got)
	}
	if r.Arrivals() != 3 || r.Busy() != 5100./2e6 || r.Each(time.Millisecond) != 2 {
		t.Errorf("%d arrivals, %v busy, %v tasks in 1 ms", r.Arrivals(), r.Busy(), r.Each(time.Millisecond))
	}
	var b bytes.Buffer
	if err := r.Write(&b); err != nil || b.String() != example {
		t.Errorf("written: %v\n%s", err, b.String())
	}
}

// bad files: each error has the line and says what to do. The golden file has them all.
func TestBadFiles(t *testing.T) {
	long := strings.Repeat("9", 200)
	tree := header(5000) + "0 1\n" + strings.Repeat("+0 1 0\n", 4999)
	var got strings.Builder
	for _, f := range []struct{ name, text string }{
		{"empty", ""},
		{"another kind of file", "arrival,service\n1,2\n"},
		{"binary", "\x7fELF\x00\x01"},
		{"a later version", strings.Replace(example, "load 1", "load 2", 1)},
		{"no newline at all", "idlebench-load 1"},
		{"only the first line", "idlebench-load 1\n"},
		{"a header out of order", "idlebench-load 1\nduration 5\n"},
		{"a source with a space", strings.Replace(example, "source csv", "source My Program", 1)},
		{"no duration", strings.Replace(example, "2000000", "0", 1)},
		{"a negative duration", strings.Replace(example, "2000000", "-5", 1)},
		{"a huge duration", strings.Replace(example, "2000000", "9223372036854775807", 1)},
		{"a duration beyond 64 bits", strings.Replace(example, "2000000", "92233720368547758070", 1)},
		{"no tasks", header(0)},
		{"too many tasks", header(1<<20 + 1)},
		{"a rate that nothing carries", strings.Replace(example, "2000000", "39", 1)},
		{"no empty line", strings.Replace(example, "\n\n", "\n", 1)},
		{"a header alone", header(1)},
		{"cut after a line", example[:len(example)-len("1900000 300\n")]},
		{"cut within a line", example[:len(example)-4]},
		{"more than the header says", example + "1900001 1\n"},
		{"a long line", header(1) + "0 " + long + "\n"},
		{"an empty line among tasks", header(2) + "0 1\n\n5 5\n"},
		{"a missing service time", header(1) + "0\n"},
		{"a third number", header(1) + "0 1 2\n"},
		{"a fraction", header(1) + "0 1.5\n"},
		{"a negative time", header(1) + "0 -1\n"},
		{"a leading zero", header(1) + "0 01\n"},
		{"carriage returns", header(1) + "0 1\r\n"},
		{"a service time beyond 64 bits", header(1) + "0 92233720368547758070\n"},
		{"a service time that is too long", header(1) + "0 9223372036854775807\n"},
		{"a tree that takes too long", header(2) + "0 600000000\n+0 600000000 0\n"},
		{"a tree that is too large", tree},
		{"unsorted", header(2) + "1000 1\n999 1\n"},
		{"beyond the end", header(1) + "2000000 1\n"},
		{"its own parent", header(1) + "+0 1 0\n"},
		{"a parent that comes later", header(2) + "+0 1 1\n0 1\n"},
		{"a parent beyond 32 bits", header(2) + "0 1\n+0 1 4294967296\n"},
		{"spawned after its parent", header(2) + "0 10\n+11 1 0\n"},
	} {
		_, err := recording.Read("x.load", strings.NewReader(f.text))
		var e *recording.Error
		if !errors.As(err, &e) {
			t.Errorf("%s: %v", f.name, err)
			continue
		}
		fmt.Fprintf(&got, "%s\n\t%v\n", f.name, err)
	}
	golden(t, "bad.golden", got.String())
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// A header that promises much makes nothing large, and the error comes at the end.
func TestPromisedTasksTakeNoMemory(t *testing.T) {
	text := header(1<<20) + "0 1\n"
	n := testing.AllocsPerRun(10, func() {
		if _, err := recording.Read("x", strings.NewReader(text)); err == nil {
			t.Error("no error")
		}
	})
	if n > 100 {
		t.Errorf("%v allocations", n)
	}
}

// failing is a reader that fails in the middle.
type failing struct{ r *strings.Reader }

var errDisk = errors.New("the disk failed")

func (f failing) Read(p []byte) (int, error) {
	if f.r.Len() == 0 {
		return 0, errDisk
	}
	return f.r.Read(p)
}

func TestReadErrors(t *testing.T) {
	for n := range len(example) {
		if _, err := recording.Read("x", failing{strings.NewReader(example[:n])}); !errors.Is(err, errDisk) {
			t.Fatalf("after %d bytes: %v", n, err)
		}
	}
	if _, err := recording.Open(filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

// generated is a recording that keeps the rules.
func generated(t *rapid.T) (time.Duration, []recording.Task) {
	var tasks []recording.Task
	at := int64(0)
	for i := range rapid.IntRange(1, 50).Draw(t, "tasks") {
		service := rapid.Int64Range(0, 1_000_000).Draw(t, "service")
		if i > 0 && rapid.Bool().Draw(t, "spawned") {
			parent := rapid.IntRange(0, i-1).Draw(t, "parent")
			tasks = append(tasks, recording.Task{
				Service: service, Parent: int32(parent),
				After: rapid.Int64Range(0, tasks[parent].Service).Draw(t, "after"),
			})
			continue
		}
		at += rapid.Int64Range(0, 1_000_000).Draw(t, "gap")
		tasks = append(tasks, recording.Task{At: at, Service: service, Parent: recording.None})
	}
	return time.Duration(max(at+1, int64(len(tasks))*10) + rapid.Int64Range(0, 1000).Draw(t, "rest")), tasks
}

// What is written is read again, as the same load.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		duration, tasks := generated(t)
		r, _, err := recording.Make("csv", duration, tasks)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := r.Write(&b); err != nil {
			t.Fatal(err)
		}
		again, err := recording.Read("x", &b)
		if err != nil {
			t.Fatal(err)
		}
		if r.Digest() != again.Digest() {
			t.Errorf("digests %s and %s", r.Digest(), again.Digest())
		}
		if diff := cmp.Diff(tasks, again.Tasks); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestMakeRefuses(t *testing.T) {
	one := []recording.Task{{Service: 1, Parent: recording.None}}
	for _, c := range []struct {
		source   string
		duration time.Duration
		tasks    []recording.Task
		task     int
	}{
		{"my program", 1, one, -1},
		{"csv", 0, one, -1},
		{"csv", 2 * time.Hour, one, -1},
		{"csv", 1, nil, -1},
		{"csv", 9, one, -1},
		{"csv", 20, append(one, recording.Task{At: 20, Parent: recording.None}), 1},
		{"csv", 20, append(one, recording.Task{Service: -1, Parent: recording.None}), 1},
		{"csv", 20, append(one, recording.Task{After: -1, Parent: 0}), 1},
		{"csv", 20, append(one, recording.Task{Parent: -2}), 1},
	} {
		if _, task, err := recording.Make(c.source, c.duration, c.tasks); err == nil || task != c.task {
			t.Errorf("%+v: task %d, %v", c, task, err)
		}
	}
}

// FuzzRead: whatever the bytes are, the reader returns a recording that is written as the
// same bytes, or an error with a line.
func FuzzRead(f *testing.F) {
	f.Add([]byte(example))
	f.Add([]byte(header(2) + "0 10\n+10 5 0\n"))
	f.Add([]byte(""))
	f.Add([]byte("idlebench-load 1\nsource x\nduration 10\ntasks 1\n\n8 1"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := recording.Read("x", bytes.NewReader(data))
		if err != nil {
			var e *recording.Error
			if !errors.As(err, &e) || e.Line < 1 || e.Remedy == "" || strings.ContainsAny(err.Error(), "\n\x00\x1b") {
				t.Errorf("%q", err)
			}
			return
		}
		var b bytes.Buffer
		if err := r.Write(&b); err != nil || !bytes.Equal(b.Bytes(), data) {
			t.Errorf("%v: written\n%s", err, b.Bytes())
		}
	})
}

// BenchmarkRead reads the largest recording: what each launch does first.
func BenchmarkRead(b *testing.B) {
	var text strings.Builder
	fmt.Fprintf(&text, "idlebench-load 1\nsource csv\nduration 3600000000000\ntasks %d\n\n", recording.MaxTasks)
	for i := range recording.MaxTasks {
		fmt.Fprintf(&text, "%d 12345\n", 3_000_000*i)
	}
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		if _, err := recording.Read("x", strings.NewReader(text.String())); err != nil {
			b.Fatal(err)
		}
	}
}
