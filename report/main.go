// Command report says what measurements of idle managers mean. "report -h" shows its
// usage; package cli implements it.
package main

import (
	"os"

	"github.com/idlebench/idlebench/report/cli"
)

func main() {
	os.Exit(cli.Main(os.Args[1:], os.Stdout, os.Stderr))
}
