// Command bench measures idle managers of work-stealing schedulers. "bench -h"
// tells how to use it; package cli is what it does.
package main

import (
	"os"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/cli"
)

func main() {
	os.Exit(cli.Main(catalog.Default(), os.Args[1:], os.Stdout, os.Stderr))
}
