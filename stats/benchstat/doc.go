// Package benchstat makes the tables that the command benchstat prints for the
// same files and the same flags, to the last character, so that a report and a
// terminal never disagree.
//
// The command's own code cannot be imported, and running it would need a toolchain
// where the report is made. The computations come from the same packages (benchfmt,
// benchproc, benchmath, benchunit); here is how the results are put into a table. A
// test runs the command and compares.
//
// There is one exception: with some values the command does not terminate. They are
// left out here.
//
// These tables treat each side separately: they know nothing of pairs, rounds and
// families. For verdicts see package compare.
package benchstat
