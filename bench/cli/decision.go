package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/benchstat"
	"github.com/idlebench/idlebench/stats/compare"
	"github.com/idlebench/idlebench/stats/gate"
)

// showDecision prints the decision, and writes it into the folder in all formats.
func (a app) showDecision(c comparison, d gate.Decision) error {
	var whole, brief string // tables of all units, and of those that are judged
	if len(d.Findings) > 0 {
		var err error
		if whole, err = benchstatOf(c, benchstat.Options{Filter: "*", Ignore: ignored}); err == nil {
			brief, err = benchstatOf(c, benchstat.Options{Filter: ".unit:(" + strings.Join(judged(d), " OR ") + ")", Table: ".name"})
		}
		if err != nil {
			d.Notes = append(d.Notes, fmt.Sprintf("the tables of benchstat: %v", err))
		}
	}
	forms := []struct {
		name, file string
		write      func(io.Writer) error
	}{
		{"text", "gate.txt", func(w io.Writer) error {
			if whole != "" {
				fmt.Fprintf(w, "%s\n", whole)
			}
			return d.Text(w)
		}},
		{"md", "gate.md", func(w io.Writer) error { return d.Markdown(w, brief) }},
		{"json", "gate.json", d.JSON},
	}
	wrong := os.MkdirAll(c.Folder, 0o777)
	for _, f := range forms {
		var text bytes.Buffer
		if err := f.write(&text); err != nil {
			return err
		}
		if f.name == c.format {
			if _, err := a.stdout.Write(text.Bytes()); err != nil {
				return err
			}
		}
		if wrong == nil {
			wrong = os.WriteFile(filepath.Join(c.Folder, f.file), text.Bytes(), 0o666)
		}
	}
	return wrong
}

// judged returns the units of the findings, as benchstat's filter has them.
func judged(d gate.Decision) (units []string) {
	for _, f := range d.Findings {
		if unit := strconv.Quote(f.Unit); f.Unit != "" && !slices.Contains(units, unit) {
			units = append(units, unit)
		}
	}
	return units
}

// benchstatOf returns benchstat's tables of old against new.
func benchstatOf(c comparison, o benchstat.Options) (string, error) {
	var files []benchstat.File
	for _, side := range []string{compare.Old, compare.New} {
		text, err := os.ReadFile(filepath.Join(c.Folder, side, record.BenchFile))
		if err != nil {
			return "", err
		}
		files = append(files, benchstat.File{Name: side, Text: record.ReadText(side, text)})
	}
	return benchstat.Text(o, files...)
}
