// Package format writes a report as text, Markdown, CSV and JSON, all from the
// same comparison.
//
// # Text
//
// For a terminal. Verdicts first: for each workload with its parameters which
// implementation wins, by how much, or that it is unresolved and what could have
// been seen. Then what the numbers are worth: launches, their validity, the
// machine. Then the tables of benchstat, as benchstat prints them, and at the end
// what was not used.
//
// # Markdown
//
// The same for a pull request: what is decided in sight, the rest folded. It is
// cut so that it fits into a comment.
//
// # CSV
//
// A line for each comparison, those without a verdict too; the first line names
// the columns. What has no counterpart has a line with the verdict "unmatched", and
// a group in which nothing is compared has one with the reason. Units are as they were measured. An empty field is a number that
// does not exist. The column quantile_at_max says on which side the unit is a quantile of
// so few samples that it is their maximum, or next to it: baseline, column or both. The
// column moved_by has the properties of the harness that move the ratio, by the audit. Names
// have the prefix Benchmark, as in a benchmark file.
//
// # JSON
//
// Everything but the samples: one object, a [Data]. Its form has a version,
// which changes when a reader of the former one would misunderstand; fields may be
// added without that. Times and durations are in RFC 3339 and nanoseconds. What
// does not exist is null or absent. docs/json.md describes every field.
//
// Names are somebody else's. In text and Markdown they are made harmless, as
// plot.Label does it, and long ones are cut. In JSON and CSV they are complete.
package format
