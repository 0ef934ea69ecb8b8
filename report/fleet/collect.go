package fleet

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/job"
)

// A Status is what became of a result.
type Status string

// The statuses.
const (
	Used        Status = "used"
	HalfWritten Status = "half-written"
	Foreign     Status = "foreign"
	Late        Status = "late"
	Duplicated  Status = "duplicated"

	// Simulated is a complete folder of "bench simulate". It is no result of the job, and
	// is shown next to those that are used.
	Simulated Status = "simulated"
)

// A Result is a folder that came back.
type Result struct {
	Folder string
	Job    job.Job // zero if the folder has none
	Model  string  // the simulated machine; "" if the folder was measured
	Status Status
	Why    string // "" if it is used
	seal   string // the same for folders with the same results
}

// Name names a result's machine, and its job if that is not the usual one.
func (r Result) Name() string {
	switch {
	case r.Model != "":
		return r.Model + " (simulated)"
	case r.Job.Job == r.Job.Pack:
		return r.Job.Machine
	}
	return r.Job.Machine + " (" + r.Job.Job + ")"
}

// A Collection is all that came back, and what did not.
type Collection struct {
	Pack    string   // the identity of the pack
	Results []Result // in the order of their folders
	Lost    []string // machines that were expected, and of which nothing came back
}

// Options say what is collected.
type Options struct {
	Pack   string    // the identity of the pack; "" if there is only one
	Expect []string  // the machines that were to measure; nil if that is not known
	By     time.Time // the deadline; zero for none
}

// SeveralError says that there are results of several packs and that none was chosen.
type SeveralError struct{ Packs map[string]int }

func (e *SeveralError) Error() string {
	var list []string
	for _, id := range slices.Sorted(maps.Keys(e.Packs)) {
		list = append(list, fmt.Sprintf("%s (%s)", id, phrase.Count(e.Packs[id], "result")))
	}
	return "results of several packs, which cannot be compared: choose one with -pack: " + strings.Join(list, ", ")
}

// Collect sorts results into those that are used and the others.
func Collect(folders []string, o Options) (Collection, error) {
	c := Collection{Pack: o.Pack}
	for _, folder := range folders {
		c.Results = append(c.Results, read(folder))
	}
	packs := make(map[string]int)
	for _, r := range c.Results {
		if r.Job.Pack != "" {
			packs[r.Job.Pack]++
		}
	}
	if c.Pack == "" {
		if len(packs) > 1 {
			return c, &SeveralError{packs}
		}
		for id := range packs {
			c.Pack = id
		}
	}
	for i := range c.Results {
		switch r := &c.Results[i]; {
		case r.Job.Pack != "" && r.Job.Pack != c.Pack:
			r.Status, r.Why = Foreign, "it is of the pack "+r.Job.Pack
		case r.Status == Used && !o.By.IsZero() && r.ended().After(o.By):
			r.Status, r.Why = Late, "it ended at "+r.ended().Format(time.RFC3339)
		}
	}
	c.duplicates()
	c.lost(o.Expect)
	return c, nil
}

// read finds out what a folder by itself is.
func read(folder string) Result {
	if m, err := record.ReadManifest(folder); err == nil && m.Simulated() != "" {
		return readSimulated(folder, m)
	}
	r := Result{Folder: folder, Status: Used}
	var err error
	r.Job, err = job.Read(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		r.Status, r.Why = Foreign, "it is not of a packed job: it has no "+job.File
		return r
	case err != nil:
		r.Status, r.Why = HalfWritten, err.Error()
		return r
	}
	if r.seal, err = job.Check(folder); err != nil {
		r.Status, r.Why = HalfWritten, err.Error()
		if m, unreadable := record.ReadManifest(folder); errors.Is(err, job.ErrUnsealed) && unreadable == nil {
			r.Why = fmt.Sprintf("%s, and its run is %s, with %s", r.Why, m.State, phrase.Count(m.Launches, "launch"))
		}
	}
	return r
}

// ended is when the job was over.
func (r Result) ended() time.Time { return r.Job.Starts[len(r.Job.Starts)-1].End }

// duplicates leaves one of the results that are the same, and none of those that contradict
// each other.
func (c *Collection) duplicates() {
	type of struct{ machine, job string }
	first := make(map[of]int)
	contradicted := make(map[of]bool)
	for i := range c.Results {
		r := &c.Results[i]
		if r.Status != Used && r.Status != Simulated {
			continue
		}
		at := of{r.Job.Machine, r.Job.Job}
		if r.Status == Simulated {
			at = of{r.Model, r.seal} // several runs on one model do not contradict each other
		}
		j, seen := first[at]
		switch {
		case !seen:
			first[at] = i
		case r.seal == c.Results[j].seal:
			r.Status, r.Why = Duplicated, "it is a copy of "+c.Results[j].Folder
		default:
			contradicted[at] = true
			r.Status, r.Why = Duplicated, fmt.Sprintf("it is the same job of the same machine as %s, and not the same result: remove the one that is wrong", c.Results[j].Folder)
		}
	}
	for at := range contradicted {
		r := &c.Results[first[at]]
		r.Status, r.Why = Duplicated, "other results of the same job of the same machine are not the same: remove what is wrong"
	}
}

// lost finds the machines of which nothing came back, not even what is not used.
func (c *Collection) lost(expected []string) {
	have := make(map[string]bool)
	for _, r := range c.Results {
		if r.Status != Foreign {
			have[r.Job.Machine] = true
		}
	}
	for _, name := range expected {
		if !have[name] && !slices.Contains(c.Lost, name) {
			c.Lost = append(c.Lost, name)
		}
	}
}

// Of returns the results with a status.
func (c Collection) Of(s Status) (list []Result) {
	for _, r := range c.Results {
		if r.Status == s {
			list = append(list, r)
		}
	}
	return list
}

// Complete reports whether everything that came back is used or shown, and nothing is lost.
func (c Collection) Complete() bool {
	return len(c.Lost) == 0 && len(c.Of(Used))+len(c.Of(Simulated)) == len(c.Results)
}

// Folders finds the results in folders: each that has a job.json or a run.json, however
// deep. A folder with neither, and nothing of the kind in it, is returned as well, so that
// it is not passed over.
func Folders(roots []string) (folders []string, err error) {
	for _, root := range roots {
		before := len(folders)
		err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
			if err != nil || !e.IsDir() {
				return err
			}
			for _, name := range []string{job.File, record.ManifestFile} {
				if _, err := os.Stat(filepath.Join(path, name)); err == nil {
					folders = append(folders, path)
					return fs.SkipDir
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		if len(folders) == before {
			folders = append(folders, root)
		}
	}
	slices.Sort(folders)
	return slices.Compact(folders), nil
}
