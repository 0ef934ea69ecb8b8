// Command report says what measurements of idle managers mean. "report -h" tells
// how to use it; package cli is what it does.
package main

import (
	"os"

	"github.com/idlebench/idlebench/report/cli"
)

func main() {
	os.Exit(cli.Main(os.Args[1:], os.Stdout, os.Stderr))
}
