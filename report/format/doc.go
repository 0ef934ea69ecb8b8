// Package format writes a report as text, Markdown, CSV and JSON, all from the same
// comparison.
//
// # Text
//
// For a terminal, at most 98 characters wide. Three sentences first: the best parker, the
// best manager, and whether to trust the results. Then a table for each family, with
// ratio, interval, smallest detectable change and verdict, the significant rows first. All
// tables together have 20 rows; what is left out is counted. Then the validity: launches,
// warnings, the machine. [Report.All] adds every comparison and fact, and benchstat's
// tables. The output is the same in a file or a pipe as on a terminal, so that what is
// copied is what was seen.
//
// # Markdown
//
// The same for a pull request: what is significant in sight, the rest folded. It is cut
// to the size of a comment.
//
// # CSV
//
// A line for each comparison, with or without a verdict; the first line names the
// columns. A cell without a counterpart has a line with the verdict "unmatched", and a
// group that compares nothing has one with the reason. Comparisons between parkers have
// /park in the column key. Units are as they were measured. An empty field is a number
// that does not exist. The column quantile_at_max says on which side the unit is a
// quantile of too few samples, which is their maximum, or next to it: baseline, column or
// both. The column moved_by has the properties of the harness that move the ratio, by the
// audit. Names have the prefix Benchmark, as in a benchmark file.
//
// # JSON
//
// Everything but the samples: one object, a [Data]. Its form has a version, which changes
// when a reader of the former one would misunderstand; fields may be added without that.
// Times and durations are in RFC 3339 and nanoseconds. What does not exist is null or
// absent. docs/json.md describes every field.
//
// Names come from the inputs. Text and Markdown make them harmless, as package label
// does, and cut long ones. JSON and CSV have them complete.
package format
