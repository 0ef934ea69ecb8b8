package cli

import (
	"testing"
	"testing/fstest"

	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/record/environ"
)

// A processor's name becomes that of a machine, which may be a preset's file name.
func TestNameOf(t *testing.T) {
	for processor, want := range map[string]string{
		"AMD EPYC 7742 64-Core Processor":           "amd-epyc-7742-64-core-processor",
		"Intel(R) Xeon(R) Platinum 8375C @ 2.90GHz": "intel-r-xeon-r-platinum-8375c-2-90ghz",
		"龙芯": "this-machine",
		"an endless name that goes on and on and on until nobody reads it any more": "an-endless-name-that-goes-on-and-on-and-on-until-nobody-read",
	} {
		if got := nameOf(processor); got != want {
			t.Errorf("%s: %s, want %s", processor, got, want)
		}
	}
}

// The file says on what it was measured, and nothing of the process that measured.
func TestHostOf(t *testing.T) {
	s := environ.System{GOOS: "linux", Go: "go1.99", FS: fstest.MapFS{
		"proc/cpuinfo":                      {Data: []byte("model name : Fast CPU\n")},
		"proc/sys/kernel/osrelease":         {Data: []byte("6.17.1\n")},
		"proc/sys/kernel/random/boot_id":    {Data: []byte("1234\n")},
		"sys/devices/system/cpu/smt/active": {Data: []byte("0\n")},
	}}
	h := hostOf(s, cpu.SetOf(0, 1))
	if h.Name != "fast-cpu" || h.Title != "Fast CPU, 2 CPUs, as measured" || h.Kernel != "6.17.1" {
		t.Errorf("%+v", h)
	}
	for key, want := range map[string]string{"cpu": "Fast CPU", "kernel": "6.17.1", "smt": "off", "go": "go1.99", "boot": "", "governor": ""} {
		if h.Facts[key] != want {
			t.Errorf("%s is %q, want %q", key, h.Facts[key], want)
		}
	}
}
