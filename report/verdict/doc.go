// Package verdict says what is compared with what in a report, and words the
// outcome. The statistics are those of package compare.
//
// # What is compared
//
// A [Group] is a comparison of some columns with one of them, the baseline.
// Each input is a group of its own: its implementations are compared with the
// canonical one, bitmap, or if that is not there with the one that is in the most
// rows. If the benchmarks have no key impl, and there are several files, these
// are the columns of one group, and the first is the baseline, as in benchstat.
// Another key, or another baseline, may be chosen.
//
// Nothing is compared, and the group says why, if there is one column only. If
// nothing has the key, or the filter leaves nothing, somebody made a mistake, and
// the group has failed.
//
// Implementations are compared parker by parker, since the parker is most of
// what a wake costs. One that sleeps in its own way, such as channels with its
// mailbox, has no counterpart with the same parker. It is compared with the
// baseline on the first of the baseline's parkers in the plan that has workers of
// the same kind, goroutines or pinned threads, and its column says so:
// channels/mailbox. For its users the choice is between these two.
//
// # Families
//
// All judged comparisons of a group are one family, so that a page with fifty
// verdicts has a wrong one with a probability of 5 %, not each of them. That has
// a price: six rounds, enough for a verdict by itself, are too few for a
// family, and then every verdict is unresolved and says how many rounds it
// takes. A filter makes the family smaller; to be honest it has to be chosen
// before the results are seen.
//
// References, such as Go's own scheduler, are no candidates. They have a family
// of their own that is not judged, so that they take nothing from the others; each
// of its intervals holds by itself.
// Floors and calibrations measure the machine and are not compared at all.
//
// # Not judged
//
// A workload may have no primary unit: its values vary too much from launch to launch
// for a verdict, or have two modes. It is reported: its answers show one of its units
// ([record.Reported]) with an estimate and an interval, and it takes no part in the
// family.
//
// # Who submits
//
// In cells that were measured with several submitters, each subject is compared with
// itself with submitter=block ([Submitters]), references and floors too. That is not
// judged either: it says how far a verdict depends on how a program submits.
//
// # The harness
//
// A folder may have an audit: by what factor each property of the harness moves a
// ratio ([Audit]). A comparison that it moves has a [Mark] with the property, which
// every format shows beside it. The verdict stays what it is: it is true of the
// harness as it was. An audit has each workload at its usual parameters; any other
// comparison is not audited, which is not the same as steady.
//
// # The winner
//
// A [Question] is a workload with its parameters and number of workers, and an
// [Answer] belongs to it for each parker, and for each implementation if it is
// not implementations that are compared. An implementation wins if it is known
// to be better than all others of the answer: the baseline if all others are
// worse, or another one if it is better than the baseline and the rest is worse.
// Two that are better than the baseline are not compared with each other; choose
// one of them as the baseline for that.
package verdict
