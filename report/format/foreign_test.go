package format_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/idlebench/idlebench/report/format"
)

// Files of other programs: an interval log with two tags, in a unit that is not said, and a
// profile of unknown duration.
func TestForeign(t *testing.T) {
	t.Chdir(t.TempDir())
	// Values of 0, and of 1 with a DoubleHistogram's factor of 0.25.
	const (
		zero    = "HISTEwAAAAEAAAAAAAAAAgAAAAAAAAABAAAAAAAAAAI/8AAAAAAAAAI="
		quarter = "DHISTgAAAAIAAAAAAAAAAhyEkxMAAAACAAAAAAAAAAIAAAAAAAAAAQAAAAAAAAACP9AAAAAAAAAAAg=="
	)
	files := map[string]string{
		"x.log": "Tag=a,0.250,1.000,0.000," + zero + "\nTag=b,1.250,1.000,0.000," + quarter + "\n",
		"x.txt": "--- mutex:\ncycles/second=1000000000\nsampling period=1\n3000000 2 @ 0x1010 0x2010\n#\t0x100f\tsync.(*Mutex).Unlock+0xf\t/go/sync/mutex.go:200\n#\t0x200f\tmain.f+0xf\t/a/main.go:7\n\n",
	}
	for name, text := range files {
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	r := report(t, "*", "x.log", "x.txt")
	text := write(t, "txt", r)
	for _, want := range []string{
		"x.log: 2 intervals of HdrHistogram\n",
		"  a            1       1     0     0      0     0\n",
		"  b            1       1  0.25  0.25   0.25  0.25\n",
		"  The log does not say the unit of its values.\n",
		"  The log does not say when it began: its times are from an unknown start.\n",
		"x.txt: a mutex profile of an unknown duration, with 3ms of waiting\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}

	var data format.Data
	if err := json.Unmarshal([]byte(write(t, "json", r)), &data); err != nil {
		t.Fatal(err)
	}
	log := data.Logs[0]
	if log.Unit != "" || len(log.Series) != 2 || log.Series[1].Tag != "b" || log.Series[1].Values.P50 != 0.25 {
		t.Errorf("%+v", log)
	}
	if i := log.Intervals[1]; !i.Start.IsZero() || i.After != 1250*time.Millisecond || i.Length != time.Second || i.Latency.Max != 0.25 {
		t.Errorf("%+v", i)
	}
}
