// Package evidence defines what an audit leaves behind: its form on disk, and its
// reader. It neither measures nor links code that does, so a report may import it.
//
// # How a report uses it
//
// An audit belongs to a run if both were made on the same machine with the same
// settings, the same CPUs and the same version of Go ([Evidence.Differs]). "bench run"
// copies the newest such audit into the run's folder before it makes the page, so a
// report needs to read only one folder:
//
//	e, err := evidence.Read(folder)
//	switch {
//	case errors.Is(err, fs.ErrNotExist): // not audited
//	case err != nil:                     // damaged, or of another version
//	case e.Differs(run.Config) != nil:   // of another machine
//	}
//	for _, r := range e.Of(cell, unit) { … }               // beside a value
//	for _, r := range e.Between(cell, baseline, unit) { … } // beside a comparison
//
// The page must name the property of every result with [Moved]. A cell that is not in
// the audit is not audited, which does not mean that it is steady.
package evidence
