// Package verdict decides what a report compares, and words the outcome. The statistics
// are those of package compare.
//
// # Groups
//
// A [Group] compares columns with one of them, the baseline. Each input is a group of its
// own: its implementations are compared with the canonical one, bitmap, or without it with
// the one in the most rows. If the benchmarks have no key impl and there are several
// files, the files are the columns of one group and the first is the baseline, as in
// benchstat. Options choose another key or another baseline.
//
// A group with a single column compares nothing and says why. A key or a filter that
// matches nothing is an error of the request: the group has failed.
//
// Implementations are compared separately for each parker, since the parker is most of
// the cost of a wake-up. An implementation with its own way to sleep, such as channels
// with its mailbox, has no counterpart with the same parker. It is compared with the
// baseline on the first of the baseline's parkers in the plan whose workers are of the
// same kind, goroutines or pinned threads, and its column says so: channels/mailbox. Its
// users choose between these two.
//
// # Families
//
// All judged comparisons of a group are one family: the probability that any verdict in
// it is wrong is at most 5 %. The price is power. Six rounds are enough for a single
// comparison but not for a family; then everything is unresolved, and the report says how
// many rounds are needed. A filter makes the family smaller, which is honest only if it
// was chosen before the results were seen.
//
// The bound of 5 % is proven for runs of the suite. Of other files it has premises that
// the data does not show, which [Group.Premise] names: that pairs were measured close
// together, in random order.
//
// The parkers of the baseline are compared with each other in a second family,
// [Group.Parkers], with its own error rate of 5 %.
//
// References, such as Go's own scheduler, are not candidates. They have a third family,
// which is not judged and costs the others no power; its intervals are uncorrected.
// Floors and calibrations measure the machine and are not compared.
//
// # Not judged
//
// A workload may have no primary unit, because its values vary too much from launch to
// launch or have two modes. It is reported: answers show one of its units
// ([record.Reported]) with an estimate and an interval, and it is not in the family.
//
// # Submitters
//
// In cells that were measured with several submitters, each subject is compared with
// itself with submitter=block ([Submitters]), references and floors too. This is not
// judged: it shows how far a verdict depends on the submitter.
//
// # The harness
//
// A folder may have an audit: the factor by which each property of the harness moves a
// ratio ([Audit]). A comparison that is moved has a [Mark] with the property, which every
// format shows. The verdict does not change: it is true for the harness as it was. An
// audit has each workload at its usual parameters; any other comparison is not audited,
// which does not mean steady.
//
// # Winners
//
// A [Question] is a workload with its parameters and number of workers. It has an
// [Answer] for each parker, and for each implementation if the columns are something
// else. A column wins if it is known to be better than all others of the answer: the
// baseline if all others are worse, or another one if it is better than the baseline and
// the rest is worse. Two columns that are both better than the baseline are not compared
// with each other; to compare them, choose one as the baseline.
//
// # The ranking
//
// With many columns a [Group.Ranking] says who is ahead: by the share of comparisons that a
// column wins, less the share that it loses. It sums up the verdicts, and the order of two
// neighbours is no verdict. Formats show it if there are more than six columns
// ([Group.Ranked]), which do not fit side by side.
//
// # The headline
//
// A [Headline] is the group in three sentences: the best parker, the best column, and
// whether to trust the results. "Best" needs significant comparisons in more than half of
// the cases; otherwise the sentence lists the differences and the smallest detectable
// change.
package verdict
