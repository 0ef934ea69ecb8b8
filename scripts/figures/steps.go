package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/bench/selftest"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/page/browser"
)

// measure has bench write a folder, unless one is given, and returns it. The caller
// decides whether to remove it.
func measure(command string, args []string, more ...string) (folder string, remove func(), err error) {
	folder, args = given(args)
	if folder != "" {
		return folder, func() {}, nil
	}
	// In results: the folder is moved from there, and stays if something fails.
	if err := os.MkdirAll("results", 0o777); err != nil {
		return "", nil, err
	}
	parent, err := os.MkdirTemp("results", "figures-")
	if err != nil {
		return "", nil, err
	}
	folder = filepath.Join(parent, command)
	if err := run("bin/bench", slices.Concat([]string{command, "-o", folder}, more, args)...); err != nil {
		return "", nil, fmt.Errorf("%w; nothing was replaced. What was measured is in %s: look what failed, and take it with -from %[2]s", err, folder)
	}
	return folder, func() { os.RemoveAll(parent) }, nil
}

// run runs a program in the root of the repository.
func run(name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return nil
}

// sample replaces the sample: the data, packed, the page and its picture.
func sample(args []string) error {
	// A picture of the previous run next to the page of this one would be worse than no
	// new sample. So this is checked first.
	if _, err := browser.Find(); err != nil {
		return fmt.Errorf("the picture of the page: %w", err)
	}
	folder, remove, err := measure("run", args, "-profile", "cpu,mutex,block")
	if err != nil {
		return err
	}
	defer remove()
	if m, err := record.ReadManifest(folder); err != nil {
		return err
	} else if m.State.Partial() {
		return fmt.Errorf("%s: the run is %s: \"bench run -resume %[1]s\" measures the rest", folder, m.State)
	}
	if err := replaceFolder(folder, sampleFolder); err != nil {
		return err
	}
	if err := relative(sampleFolder); err != nil {
		return err
	}
	if err := record.Pack(sampleFolder); err != nil {
		return err
	}
	page := filepath.Join(sampleFolder, "report.html")
	if err := run("bin/report", "-o", page, sampleFolder); err != nil {
		return err
	}
	return run("go", "run", "./scripts/screenshots", "-first", page, picturesFolder)
}

// replaceFolder replaces a folder with a copy of another. The page that bench had made
// names the original folder, and is left out.
func replaceFolder(from, to string) error {
	fresh := to + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return err
	}
	if err := os.CopyFS(fresh, os.DirFS(from)); err != nil {
		return err
	}
	if err := os.Remove(filepath.Join(fresh, "report.html")); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	return os.Rename(fresh, to)
}

// picturesFolder is where README and docs have their pictures of the page.
const picturesFolder = "docs/pictures"

// selfTest replaces the evidence of the self-test. Its launches are not kept: there are
// several times as many as in the sample.
func selfTest(args []string) error {
	folder, remove, err := measure("selftest", args)
	if err != nil {
		return err
	}
	defer remove()
	f, err := selftest.Read(folder)
	if err != nil {
		return err
	}
	if f.Evidence == nil || f.Evidence.State.Partial() {
		return fmt.Errorf("%s: the self-test is not finished: \"bench selftest -resume %[1]s\" goes on", folder)
	}
	if err := os.MkdirAll(selftestFolder, 0o777); err != nil {
		return err
	}
	return selftest.Write(selftestFolder, f.Design, f.Evidence)
}

// audit writes the page about the result of "bench audit", and leaves the audit where
// "bench run" finds it for the sample.
func audit(args []string) error {
	folder, remove, err := measure("audit", args)
	if err != nil {
		return err
	}
	defer remove()
	m, err := record.ReadManifest(folder)
	if err != nil {
		return err
	}
	if m.State.Partial() {
		return fmt.Errorf("%s: the audit is %s: \"bench audit -resume %[1]s\" goes on", folder, m.State)
	}
	text, err := os.ReadFile(filepath.Join(folder, "audit.txt"))
	if err != nil {
		return err
	}
	if filepath.Clean(folder) != auditFolder {
		if err := replaceFolder(folder, auditFolder); err != nil {
			return err
		}
	}
	_, args = given(args)
	command := strings.TrimSpace("bench audit " + strings.Join(args, " "))
	return os.WriteFile("docs/audit.md", []byte(auditPage(m.Config, command, string(text))), 0o666)
}

// auditPage is docs/audit.md.
func auditPage(config []record.Pair, command, text string) string {
	return "# An audit\n\n" +
		wrap(fmt.Sprintf("What `%s` says on %s.", command, machine(config))) + "\n\n" +
		"Written by `make figures-audit`.\n\n" + fence(text)
}
