package cli

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/evidence"
)

// reportFile is the page about a run, in its folder.
const reportFile = "report.html"

// reporter returns the path of the program report, if it is in the folder of this
// program, or "".
func reporter() string {
	self, err := os.Executable()
	if err != nil {
		return ""
	}
	program, err := exec.LookPath(filepath.Join(filepath.Dir(self), "report"))
	if err != nil {
		return ""
	}
	return program
}

// report has a program make the page of a run; if it is "", it says how to. This program does not
// do that itself: it is the one that is measured. An error means that there is no new
// page; the program reports other problems itself.
func (a app) report(program, folder string) error {
	if program == "" {
		info, _ := debug.ReadBuildInfo()
		fmt.Fprintf(a.stdout, "To make the page:\n%s\n", pageCommand(info, folder).fold(a.width(a.stdout)))
		return nil
	}
	page := filepath.Join(folder, reportFile)
	before, _ := os.Stat(page)
	cmd := exec.Command(program, "-o", page, folder)
	cmd.Stderr = a.stderr
	failure := cmd.Run()
	now, err := os.Stat(page)
	if failure != nil && (err != nil || os.SameFile(before, now)) {
		return fmt.Errorf("%s could not be made: %w; \"%s run -resume %s\" tries again", page, failure, again(), folder)
	}
	fmt.Fprintf(a.stdout, "Report: %s\n", page)
	return nil
}

// page makes the page of a run, and first copies the audit of the machine for it.
func (a app) page(folder string) error {
	if err := a.takeAudit(folder); err != nil {
		fmt.Fprintf(a.stderr, "bench: %v\n", err)
	}
	return a.report(reporter(), folder)
}

// takeAudit copies the newest audit of this machine into the folder of a run, from a
// neighbouring folder or from results, or says that there is none.
func (a app) takeAudit(folder string) error {
	m, err := record.ReadManifest(folder)
	if err != nil {
		return err
	}
	var folders []string
	for _, dir := range []string{filepath.Dir(folder), "results"} {
		// Glob fails only on malformed patterns, which the name of a folder may be.
		files, _ := filepath.Glob(filepath.Join(dir, "*", evidence.Audit.File))
		for _, f := range files {
			folders = append(folders, filepath.Dir(f))
		}
	}
	from := evidence.Newest(folders, m.Config)
	switch {
	case from == "":
		a.note("not audited on this machine: \"%s audit\" shows which of these results depend on the harness", again())
		return nil
	case filepath.Clean(from) == filepath.Clean(folder):
		return nil // the run was resumed and has it already
	}
	return evidence.Copy(folder, from)
}
