// Package evidence is what an audit leaves behind: its form on disk, and its
// reader. It measures nothing and links nothing that does, so that a report may
// import it.
//
// # How a report uses it
//
// An audit belongs to a run if both were made on the same machine with the same
// settings, the same CPUs and the same version of Go ([Evidence.Differs]).
// "bench run" copies the newest such audit into the run's folder before it makes
// the page, so a report reads the folder that it is about:
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
// A result with [Moved] has to name its property on the page. A cell that the audit
// does not have is not audited, which is not the same as steady.
package evidence
