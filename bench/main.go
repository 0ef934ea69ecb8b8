// Command bench measures idle managers of work-stealing schedulers. "bench -h" says how
// to use it; package cli implements it.
package main

import (
	"os"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/cli"
)

func main() {
	os.Exit(cli.Main(catalog.Default(), os.Args[1:], os.Stdout, os.Stderr))
}
