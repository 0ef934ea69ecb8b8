// Command mybench is the suite's command with an idle manager of another module.
package main

import (
	"os"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/cli"

	"example.org/mybench/busy"
)

func main() {
	c := catalog.Default()
	c.Implementations = append(c.Implementations, busy.Implementation)
	os.Exit(cli.Main(c, os.Args[1:], os.Stdout, os.Stderr))
}
