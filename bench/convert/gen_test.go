package convert

import (
	"flag"
	"os"
	"path/filepath"
	"runtime/trace"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var (
	update  = flag.Bool("update", false, "write the golden files")
	retrace = flag.Bool("retrace", false, "trace the example again; then -update")
)

const exampleTrace = "testdata/example.trace"

// spend keeps a CPU busy.
func spend(d time.Duration) {
	for end := time.Now().Add(d); time.Now().Before(end); {
	}
}

// example is a program with arrivals from timers, tasks that start others, and tasks that
// wake others.
func example() {
	var all sync.WaitGroup
	for range 5 {
		time.Sleep(2 * time.Millisecond)
		all.Go(func() {
			spend(50 * time.Microsecond)
			ask := make(chan bool)
			all.Go(func() {
				<-ask
				spend(30 * time.Microsecond)
			})
			all.Go(func() { spend(20 * time.Microsecond) })
			spend(50 * time.Microsecond)
			ask <- true
		})
	}
	all.Wait()
}

// traced runs a program with a trace into a file.
func traced(t *testing.T, file string, program func()) {
	t.Helper()
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := trace.Start(f); err != nil {
		t.Skip(err) // the test itself is traced
	}
	program()
	trace.Stop()
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
