package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/idlebench/idlebench/stats/validate"
)

var block = regexp.MustCompile(`(?s)(<!-- validation:begin ([a-z0-9-]+) -->\n).*?(<!-- validation:end ([a-z0-9-]+) -->)`)

// filled returns the page with its blocks as the data say.
func filled(root, old string) (string, error) {
	d, err := readData(filepath.Join(root, curvesFile))
	if err != nil {
		return "", fmt.Errorf("%w: \"make curves\" simulates them", err)
	}
	var failed error
	fresh := block.ReplaceAllStringFunc(old, func(text string) string {
		m := block.FindStringSubmatch(text)
		if m[2] != m[4] {
			failed = errors.Join(failed, fmt.Errorf("the block %s ends as %s", m[2], m[4]))
		}
		text, err := blockText(root, d, m[2])
		failed = errors.Join(failed, err)
		return m[1] + text + m[3]
	})
	return fresh, failed
}

// blockText returns the text of a block.
func blockText(root string, d data, name string) (string, error) {
	switch name {
	case "judgement":
		return judgement(filepath.Join(root, judgementFile))
	case "tokio-8483":
		return d.plateau()
	case "tokio-5823":
		return d.crossing()
	case "dotnet-127484":
		return d.peak()
	}
	return "", fmt.Errorf("there is no block %s", name)
}

// judgement is what a validation said, as a table.
func judgement(file string) (string, error) {
	in, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return "Not measured yet: `make validate` does it.\n", nil
	} else if err != nil {
		return "", err
	}
	var j validate.Judgement
	if err := json.Unmarshal(in, &j); err != nil {
		return "", fmt.Errorf("%s: %w", file, err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d cells, measured with %d launches each and simulated with %d seeds on `%s`.\n\n", len(j.Cells), j.Launches, j.Seeds, j.Machine)
	b.WriteString("| cells | number | median error | worst | orders right | wakes/task within 2 |\n|---|---|---|---|---|---|\n")
	for _, h := range []struct {
		name string
		validate.Half
	}{{"held out", j.HeldOut}, {"the others", j.Fitted}} {
		fmt.Fprintf(&b, "| %s | %d | %.1f %% | %.2f times | %d of %d | %d of %d |\n",
			h.name, h.Cells, 100*max(0, h.Median-1), h.Worst, h.Right, h.Orders, h.WakesWithin, h.Wakes)
	}
	b.WriteString("\n| target | | figure |\n|---|---|---|\n")
	for _, t := range j.Targets {
		fmt.Fprintf(&b, "| %s | **%s** | %s |\n", t.Text, t.Outcome, figure(t.Figure))
	}
	if len(j.NotJudged) > 0 {
		fmt.Fprintf(&b, "\nNot judged: %d cells, listed in [the judgement](../results/validation/validation.txt) with the reason.\n", len(j.NotJudged))
	}
	return b.String(), nil
}

// cellName is the name of a cell in a figure.
var cellName = regexp.MustCompile(`[A-Z][A-Za-z0-9]*/impl=\S+`)

// figure marks the name of a cell as code.
func figure(text string) string { return cellName.ReplaceAllString(text, "`$0`") }
