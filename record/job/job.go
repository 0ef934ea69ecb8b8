// Package job defines what a packed job leaves in a result folder besides the run: on
// which machine and for which pack it measured, what the engine gave it, and the seal.
//
// job.json ([File]) is replaced as a whole when the job starts, and when it ends. A job
// that was preempted has several starts. The seal is a list of checksums of all files of
// the folder (package sums), written when the run is over and nothing is written any more.
// So a folder with a seal that holds is complete, and one without is not: it is still
// measured, or was cut short on the machine or on the way home.
//
// The page report.html is not sealed. It is made from the others, and may be made again.
package job

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/idlebench/idlebench/internal/replace"
	"github.com/idlebench/idlebench/internal/sums"
	"github.com/idlebench/idlebench/record"
)

// File is the name of job.json.
const File = "job.json"

// Version is that of its form.
const Version = 1

// Page is the file that the seal leaves out.
const Page = "report.html"

// A Job is job.json.
type Job struct {
	Version int     `json:"version"`
	Pack    string  `json:"pack"`    // identifies the pack: what measured, and the plan
	Machine string  `json:"machine"` // its name
	Job     string  `json:"job"`     // distinguishes several measurements of one machine
	Starts  []Start `json:"starts"`  // at least one, in their order
}

// A Start is one process of a job.
type Start struct {
	Time time.Time `json:"time"`
	End  time.Time `json:"end,omitzero"` // zero while it runs, and if it was killed

	Engine string        `json:"engine,omitempty"` // slurm, kubernetes; "" if unknown
	CPUs   string        `json:"cpus"`             // on which it measured
	Said   []record.Pair `json:"said,omitempty"`   // what the engine said of the allocation

	// Remarks are what makes the CPUs other than a machine of one's own, each with its
	// kind, such as Quota.
	Remarks []record.Pair `json:"remarks,omitempty"`

	Error string `json:"error,omitempty"` // why it ended, if not because the run was over
}

// The kinds of remarks.
const (
	Unbound     = "unbound"      // others may use the CPUs too
	Part        = "part"         // a step has fewer CPUs than its job
	Quota       = "quota"        // which may stop threads
	SharedCores = "shared-cores" // with hardware threads that are not the job's
	Hint        = "hint"         // had no effect
	OneCPU      = "one-cpu"
)

// Read reads the job.json of a result folder. A folder that is not of a job is an error
// that wraps fs.ErrNotExist.
func Read(dir string) (j Job, err error) {
	data, err := os.ReadFile(filepath.Join(dir, File))
	if err != nil {
		return Job{}, err
	}
	if err := json.Unmarshal(data, &j); err != nil {
		return Job{}, fmt.Errorf("%s: %w", filepath.Join(dir, File), err)
	}
	switch {
	case j.Version != Version:
		return Job{}, fmt.Errorf("%s has version %d of its form; this program reads version %d", filepath.Join(dir, File), j.Version, Version)
	case len(j.Starts) == 0:
		return Job{}, fmt.Errorf("%s has no start: it was edited", filepath.Join(dir, File))
	}
	return j, nil
}

// Write replaces the job.json of a folder.
func Write(dir string, j Job) error {
	data, err := json.MarshalIndent(j, "", "\t")
	if err != nil {
		return err
	}
	return replace.Durable(filepath.Join(dir, File), append(data, '\n'))
}

// Seal writes the seal. The run must be over.
func Seal(dir string) error {
	m, err := record.ReadManifest(dir)
	if err != nil {
		return err
	}
	if m.State.Partial() {
		return fmt.Errorf("%s: the run is %s, and only one that is over is sealed", dir, m.State)
	}
	list, err := sums.List(os.DirFS(dir), func(name string) bool { return name == Page || strings.HasSuffix(name, ".tmp") })
	if err != nil {
		return err
	}
	return replace.Durable(filepath.Join(dir, sums.File), list)
}

// ErrUnsealed says that a folder has no seal.
var ErrUnsealed = errors.New("it has no " + sums.File + ": the job has not finished, or did not come back whole")

// Check returns nil if a folder has a seal that holds, and the run in it is over. The
// identity is the same for copies of one result.
func Check(dir string) (id string, err error) {
	if id, err = sums.Check(os.DirFS(dir)); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			if _, err := os.Stat(filepath.Join(dir, sums.File)); errors.Is(err, fs.ErrNotExist) {
				return "", ErrUnsealed
			}
		}
		return "", err
	}
	m, err := record.ReadManifest(dir)
	if err == nil && m.State.Partial() {
		err = fmt.Errorf("it is sealed, and its run is %s: it was edited", m.State)
	}
	return id, err
}
