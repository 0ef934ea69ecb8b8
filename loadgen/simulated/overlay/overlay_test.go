package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/simulate/annotate"
)

// Every access of what is simulated is classified, and the overlay is the same each
// time.
func TestOverlay(t *testing.T) {
	var first string
	for range 2 {
		dir := t.TempDir()
		if err := run(dir); err != nil {
			t.Fatal(err)
		}
		var all strings.Builder
		files := 0
		err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			files++
			all.WriteString(strings.ReplaceAll(path+"\n"+string(text), dir, "DIR"))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if files < 50 {
			t.Errorf("the overlay has only %d files", files)
		}
		if first == "" {
			first = all.String()
		} else if all.String() != first {
			t.Error("the second overlay differs from the first")
		}
	}
}

// All packages that are simulated are charged: those of the program that reach the
// primitives through the door, unless they know the simulator.
func TestNoPackageIsLeftOut(t *testing.T) {
	const module = "github.com/idlebench/idlebench/"
	out, err := exec.Command("go", "list", "-tags", "simulate", "-deps",
		"-f", `{{.ImportPath}} {{.Dir}} {{join .Imports " "}}`, module+"loadgen/simulated", module+"impls/builtin").Output()
	if err != nil {
		t.Fatal(err)
	}
	files, err := annotate.Packages("simulate", charged...)
	if err != nil {
		t.Fatal(err)
	}
	annotated := make(map[string]bool)
	for _, f := range files {
		annotated[filepath.Dir(f.Name)] = true
	}
	simulated := 0
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		imports := " " + strings.Join(f[2:], " ") + " "
		if !strings.Contains(imports, " "+module+"impls/prim ") || strings.Contains(imports, " "+module+"simulate ") {
			continue
		}
		simulated++
		if !annotated[f[1]] {
			t.Errorf("%s is simulated, and its accesses to plain memory are not annotated", f[0])
		}
	}
	if simulated < 15 {
		t.Errorf("only %d packages are simulated", simulated)
	}
}
