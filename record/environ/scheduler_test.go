package environ_test

import (
	"bytes"
	"compress/gzip"
	"testing"
	"testing/fstest"

	"github.com/idlebench/idlebench/record/environ"
)

func zipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPreemption(t *testing.T) {
	const debug, version, cmdline, config = "sys/kernel/debug/sched/preempt", "proc/version", "proc/cmdline", "proc/config.gz"
	none := zipped(t, "CONFIG_PREEMPT_NONE=y\n# CONFIG_PREEMPT_LAZY is not set\nCONFIG_PREEMPT_DYNAMIC=y\n")
	lazy := zipped(t, "# CONFIG_PREEMPT_NONE is not set\nCONFIG_PREEMPT_LAZY=y\n")
	for _, test := range []struct {
		files map[string]string
		want  string
	}{
		{nil, ""},
		{map[string]string{debug: "none voluntary full (lazy)\n", cmdline: "preempt=none"}, "lazy"},
		{map[string]string{version: "Linux version 6.18 #1 SMP PREEMPT_DYNAMIC x", cmdline: "quiet preempt=full", config: none}, "full"},
		{map[string]string{version: "Linux version 6.18 #1 SMP PREEMPT_DYNAMIC x", config: none}, "none"},
		{map[string]string{version: "Linux version 6.18 #1 SMP PREEMPT_DYNAMIC x"}, ""},
		{map[string]string{version: "Linux version 6.18 #1 SMP x", cmdline: "preempt=full", config: lazy}, "lazy"}, // cannot choose
		{map[string]string{version: "Linux version 6.18 #1 SMP PREEMPT_LAZY x"}, "lazy"},
		{map[string]string{version: "Linux version 6.18 #1 SMP PREEMPT x"}, "full"},
		{map[string]string{version: "Linux version 6.18 #1 SMP PREEMPT_RT x", config: lazy}, "rt"},
		{map[string]string{version: "Linux version 6.18 #1 SMP x", config: "no gzip"}, ""},
	} {
		files := fstest.MapFS{}
		for name, text := range test.files {
			files[name] = &fstest.MapFile{Data: []byte(text)}
		}
		if got := (environ.System{FS: files}).Preemption(); got != test.want {
			t.Errorf("%v: %q, want %q", test.files, got, test.want)
		}
	}
}

func TestSchedulerFeatures(t *testing.T) {
	for _, test := range []struct {
		features  string
		on, known bool
	}{
		{"", false, false}, {"PLACE_LAG DELAY_DEQUEUE DELAY_ZERO", true, true}, {"PLACE_LAG NO_DELAY_DEQUEUE", false, true}, {"PLACE_LAG", false, false},
	} {
		s := environ.System{FS: fstest.MapFS{"sys/kernel/debug/sched/features": {Data: []byte(test.features)}}}
		if on, known := s.DelayedDequeue(); on != test.on || known != test.known {
			t.Errorf("%q: %v, %v", test.features, on, known)
		}
	}
}

func TestNewer(t *testing.T) {
	for _, test := range []struct {
		release string
		want    bool
	}{{"6.16.0-rc1", true}, {"6.18.44-x", true}, {"7.0.1", true}, {"6.12.9", false}, {"5.20.1", false}, {"", false}, {"x.y", false}} {
		s := environ.System{FS: fstest.MapFS{"proc/sys/kernel/osrelease": {Data: []byte(test.release)}}}
		if got := s.Newer(6, 16); got != test.want {
			t.Errorf("%q: %v", test.release, got)
		}
	}
}
