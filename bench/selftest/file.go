package selftest

import "github.com/idlebench/idlebench/record/evidence"

// A File is selftest.json, in the folder of the self-test's run.
type File = evidence.Document[Design, Evidence]

// Read reads selftest.json of a result folder. If there is none, the error is
// fs.ErrNotExist.
func Read(dir string) (File, error) { return evidence.Read[Design, Evidence](evidence.Selftest, dir) }

// Write replaces selftest.json in a result folder; e is nil while the run goes on.
func Write(dir string, d Design, e *Evidence) error {
	return evidence.Write(evidence.Selftest, dir, d, e)
}
