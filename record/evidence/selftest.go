package evidence

import (
	"encoding/json"
	"fmt"
	"path/filepath"
)

// A SelftestResult is what a report needs of a self-test's evidence. Package
// bench/selftest defines and writes the whole.
type SelftestResult struct {
	Outcome Outcome `json:"outcome"`
	Claims  []Claim `json:"claims"`

	// Whole is all of the evidence as it was written.
	Whole json.RawMessage `json:"-"`
}

// An Outcome is the result of a claim. A self-test's outcome is the worst of its
// claims'.
type Outcome string

const (
	Passed     Outcome = "passed"
	Unresolved Outcome = "unresolved"
	Failed     Outcome = "failed"
)

// A Claim is one that a self-test checks.
type Claim struct {
	Name    string  `json:"name"`
	Outcome Outcome `json:"outcome"`
	Text    string  `json:"text"` // why, in a sentence or two
}

// ReadSelftest returns the result of the self-test in a result folder, nil while its
// run goes on. If the folder is not that of a self-test, the error is fs.ErrNotExist.
func ReadSelftest(dir string) (*SelftestResult, error) {
	doc, err := Read[json.RawMessage, json.RawMessage](Selftest, dir)
	if err != nil || doc.Evidence == nil {
		return nil, err
	}
	result := SelftestResult{Whole: *doc.Evidence}
	if err := json.Unmarshal(result.Whole, &result); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, Selftest.File), err)
	}
	return &result, nil
}
