// Package source reads the inputs of a report.
//
// # Inputs
//
// An [Input] is a path given by the user: a result folder, a file in the Go benchmark
// format, a profile, or an interval log of HdrHistogram. Its content decides which, not
// its name; a folder is a result folder. Whichever program wrote the file, it has the
// same model afterwards:
//
//   - A [Launch] is a benchmark line. In a result folder it is what one process
//     measured, and has more: its round, its time, its histogram, what disturbed it,
//     and whether it is valid. A bench.txt that was taken out of its folder has
//     kept all of that but the histogram and the invalid launches.
//   - A [Cell] is all launches of one input with the same benchmark name and the same
//     configuration: two packages with a benchmark of the same name are two cells.
//   - A [Log] is an interval log that was given on its own, as package report/hlog reads
//     it.
//   - Profiles are those of package report/profile.
//
// A result folder may have an audit of the harness next to its run (Input.Audit). It is
// used if it belongs to the run: same machine, same settings, same version of Go.
//
// Values stay as they were written, in the unit that was written. Launch.Metric
// converts between two spellings of a unit, ns/op and sec/op.
//
// # Selection
//
// A filter, in the language of golang.org/x/perf/benchproc/syntax, selects
// launches by name, configuration and file, and metrics by unit. What it leaves
// out is not in the model. Profiles of a cell are selected by the cell's name.
//
// # What is not used
//
// Nothing disappears. Each part of an input is in the model, or left out by the
// filter, or in [Source].NotUsed with its file, its line and the reason. A
// launch that is invalid is in the model, with its reasons, and so is a cell
// that has no valid launch.
//
// Benchmark files come from shells, terminals, editors and CI. Package record reads
// UTF-16, byte-order marks and the output of go test -json. A line that only looks like a
// benchmark line (indented, after a time stamp or other output, with colours or NUL bytes)
// is named with the remedy, and so is what go test says of benchmarks that failed, panicked
// or were killed: without these the result is incomplete.
//
// A damaged folder is used as far as possible: a launch that was changed, data after a
// cut, a missing histogram or profile affects nothing else. What is left has its
// checksum. Only if run.json cannot be read, or contradicts bench.txt, is none of the
// measurements used. A file of benchmark lines has no checksums, so each line is judged
// separately. Bad input is no error and never a panic: Open returns what it could read.
package source
