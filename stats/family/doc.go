// Package family says what is judged of a run: which comparisons, against which baseline,
// in which families. A run that decides when it has measured enough, a report of it and
// the announcement before it all ask this package, so that they mean the same.
//
// # The two families of a run
//
// Implementations: each with the baseline, in every row that both have (workload,
// parameters, workers and parker). The baseline is [Canonical], if it was measured, or
// else the implementation that is in most rows. An implementation with its own way to
// sleep has no row in common with the baseline; it is compared with the baseline on
// another parker, whose workers are of the same kind if there is one ([Beside]).
//
// Parkers: of the baseline only, each with [UsualPark], or else with the parker that is in
// most rows. Those of other implementations answer the same question again, and would
// make each answer less likely to be found.
//
// Each family has an error rate of its own, since each answers a question of its own:
// which manager, and which parker. References are in neither.
package family
