package environ_test

import (
	"fmt"
	"testing/fstest"

	"github.com/idlebench/idlebench/record/environ"
)

func ExampleRead() {
	// environ.Host() is the machine at hand; this one is made up.
	machine := environ.System{
		GOOS: "linux",
		FS: fstest.MapFS{
			"proc/self/status":                  {Data: []byte("Cpus_allowed_list:\t0-7\n")},
			"sys/devices/system/cpu/smt/active": {Data: []byte("1\n")},
		},
	}
	for _, f := range environ.Read(machine)[:7] {
		fmt.Println(f)
	}
	// Output:
	// goos: linux
	// goarch: unknown
	// machine: unknown
	// cpu: unknown
	// cpus: 8
	// cores: unknown
	// smt: on
}
