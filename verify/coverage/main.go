// Coverage writes what "make verify" explored as a page, in Markdown. It reads the
// journal of make verify (package journal) and the file with the results of
// verify/model/run, which is there once it has passed.
//
// If a result is missing, it says what and writes nothing: there is no page of a
// part.
//
//	go run ./verify/coverage bin/verify bin/verify/model-0123456789ab.txt > docs/verify.md
//
// Exit status: 0 done, 1 the journal is not whole or cannot be read, 2 usage.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/idlebench/idlebench/verify/journal"
	"github.com/idlebench/idlebench/verify/origin"
)

func main() {
	if len(os.Args) != 3 || strings.HasPrefix(os.Args[1], "-") {
		fmt.Fprintln(os.Stderr, "usage: coverage journal model, such as bin/verify and bin/verify/model-0123456789ab.txt of make verify")
		os.Exit(2)
	}
	if err := run(os.Stdout, os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "coverage:", err)
		os.Exit(1)
	}
}

// run writes the page. It takes this machine and this source for those of the
// journal, which is the case when make verify calls it.
func run(w io.Writer, folder, model string) error {
	plan, err := journal.ReadPlan(filepath.Join(folder, "plan.tsv"))
	if err != nil {
		return err
	}
	name := filepath.Join(folder, "record.tsv")
	record, err := journal.ReadRecord(name)
	if err != nil {
		return err
	}
	results, err := whole(plan, record)
	if err != nil {
		return err
	}
	if _, err := os.Stat(model); err != nil {
		return errors.New("not whole: the model was not checked, or not with success; the first part of make verify does it")
	}
	written, err := os.Stat(name)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, page(results, origin.Of(written.ModTime())))
	return err
}

// whole returns the results of all explorations of a plan, in its order.
func whole(plan []journal.Exploration, record journal.Record) (results []journal.Result, err error) {
	var missing []journal.Exploration
	for _, e := range plan {
		r, ok := record[e]
		if !ok {
			missing = append(missing, e)
		}
		results = append(results, r)
	}
	switch {
	case len(plan) == 0:
		return nil, errors.New("the plan is empty")
	case len(missing) > 0:
		e := missing[0]
		return nil, fmt.Errorf("not whole: %d of %d explorations are missing, such as %s of %s by %s",
			len(missing), len(plan), e.Scenario, e.Subject, e.Strategy)
	}
	return results, nil
}
