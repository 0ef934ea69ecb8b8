// Package benchstat makes the tables that the command benchstat prints for the
// same files and the same flags, to the last character, so that a report and a
// terminal never disagree.
//
// The command's own code cannot be imported, and to run it would need a
// toolchain where the report is made. What is computed comes from the same
// packages (benchfmt, benchproc, benchmath, benchunit); here is how the results
// are put into a table. A test runs the command and compares.
//
// There is one exception: there are values with which the command does not come to
// an end. They are left out here.
//
// These tables take each side by itself: they know nothing of pairs, rounds and
// families. Verdicts are those of package compare.
package benchstat
