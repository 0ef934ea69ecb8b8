// Figures regenerates the figures of the README and of docs, so that none of them is
// older than its data.
//
//	go run ./scripts/figures sample      measures results/sample, its page and its picture
//	go run ./scripts/figures selftest    measures results/selftest
//	go run ./scripts/figures audit       writes docs/audit.md
//	go run ./scripts/figures hosts       measures results/hosts
//	go run ./scripts/figures proof       measures results/proof: what "bench compare" says where the answer is known
//	go run ./scripts/figures text        writes what README.md and docs/*.md quote of these
//
// Arguments after the name of a step are passed to "bench run", "bench selftest" or
// "bench audit"; those of proof are its own. With -from FOLDER first, the step uses a folder that was measured
// already. It runs in the repository's root, with bin/bench and bin/report built; "make
// figures" does all of it.
//
// Generated text is between two comments:
//
//	<!-- figures:begin NAME -->
//	<!-- figures:end NAME -->
//
// A test fails if the text there is not what the committed data yield.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
)

// The folders of the data that are committed.
const (
	sampleFolder   = "results/sample"
	selftestFolder = "results/selftest"
	auditFolder    = "results/audit" // not committed: the sample has its evidence
)

func main() {
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: go run ./scripts/figures sample|selftest|audit|hosts|proof|text [-from folder] [flags of bench]")
	}
	flag.Parse()
	step, args := flag.Arg(0), flag.Args()
	var err error
	switch {
	case step == "sample":
		err = sample(args[1:])
	case step == "selftest":
		err = selfTest(args[1:])
	case step == "audit":
		err = audit(args[1:])
	case step == "hosts":
		err = hosts(args[1:])
	case step == "proof":
		err = proof(args[1:])
	case step == "text" && len(args) == 1:
		err = text(".")
	default:
		flag.Usage()
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "figures:", err)
		os.Exit(1)
	}
}

// given removes "-from FOLDER" from the arguments of a step.
func given(args []string) (folder string, rest []string) {
	if len(args) > 1 && strings.TrimLeft(args[0], "-") == "from" {
		return args[1], args[2:]
	}
	return "", args
}
