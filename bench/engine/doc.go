// Package engine carries out runs: it starts a process for each launch, repeats
// launches that were disturbed, records everything in a result folder, and resumes a
// run that was cut short. It knows no flags and prints nothing. The command line
// (package cli) adds both; a program of your own can call the engine directly, as the
// example shows.
//
// # Model
//
// A plan ([record.Plan]) has cells, a number of rounds, and the order in which each
// round launches its cells. It is fixed before the first launch. A slot is one cell in
// one round. The engine works through the slots in the plan's order and fills each with
// one launch, a process of its own that measures the cell once (package launch). A launch
// is a line of bench.txt, and the unit of replication.
//
// A run owns one result folder. It is carried out in one or more sessions. A [Session]
// is the stretch of a run that one process carries out: [Engine.Begin] starts the
// first, [Engine.Resume] each later one, and [Session.Measure] works until the plan is
// done, the context ends or something stops it.
//
// Profiles of the plan come after the last round. Each takes a launch of its own, whose
// measurement is not used.
//
// # Groups and slices
//
// Cells that are compared form a group (package order). Most of a machine's noise is
// slower than a second. So the launches of a group live at the same time and share it: what
// is slow disturbs all of them alike, and cancels in their ratios.
//
//   - The launches begin one after the other, in the order of the plan. Each warms up
//     before the next begins.
//   - Then there are passes, as many as the plan has slices. In each pass every launch has
//     one slice, in an order that is random and independent for each pass (order.Passes).
//     A launch rests while others have their slices: it does nothing, and one that would
//     spin is stopped. The beginning of a slice, its lead, does not count. The first launch
//     of a pass has a longer one, so that it follows operations of its own: then each launch
//     is equally likely to follow any, and what one leaves to the next favours none.
//   - When the last slice is over the launches end, one after the other. They are recorded
//     together. Package order says why their ratios are judged fairly.
//
// A slice that was disturbed beyond a limit (package loadgen/noise) is dropped. It is
// repeated in a further pass, after the planned ones and whatever it measured, so that
// what is kept does not depend on the outcome. A group may repeat one slice for every four
// that are planned, plus two: a machine that is never quiet takes a quarter longer. A
// launch counts if at least half of its slices were kept. Its condition "slices" says how
// many that are. With fewer it would be compared with launches that had most of their
// slices at other times, and what they have in common would not cancel; it is invalid, for
// the limits that its slices exceeded, and is not repeated: the others have ended.
//
// A launch that fails, dies or hangs costs its own cell. The others go on.
//
// Some workloads cannot be divided (workload.Workload, Whole), and calibrations are not
// compared. These cells are in no group; their launches measure in one piece. So does a
// cell with harness=whole within its group, to compare the two ways: its launch comes at a
// random point among the slices of the others, which rest. If it is invalid it is repeated
// like a slice, at the price of as many slices as it is long.
//
// # Launches that are repeated
//
// Outside of groups, a launch that was disturbed beyond a limit is recorded and marked, and
// the slot is launched again at once, so that all launches of a round stay close in time.
// Two bounds keep a noisy machine from measuring forever: a slot has at most two repeats,
// and all such slots so far at most one for every four slots, plus two. A slot that has no
// valid launch by then stays empty ([Counts].Empty).
//
// A launch that fails (it crashes, hangs or refuses) is recorded as a failure and not
// repeated: it would most likely fail again.
//
// Which launches follow depends only on the plan and on the launches recorded so far. A
// group that was stopped before it was recorded is measured again as a whole, with the same
// order of passes. So a run that is stopped anywhere and resumed makes the launches that it
// would have made without the stop. There is one exception: if the machine itself stopped
// while a group was being written, some of its launches may be there. Then only the
// missing ones are made.
//
// # Peers
//
// Cells of peers, programs around real runtimes ([record.Plan].Peers), are measured by package
// peer. Their launches are members of groups like others, and a peer that breaks a rule costs
// its own cell. A program whose content changed during a run fails its launches, and keeps a
// run from being resumed.
//
// # Interim analyses
//
// A plan may have interim analyses ([record.Plan].Looks): [Engine.Schedule] plans them.
// After each, the results so far are judged as a report would (package family), and only
// those cells go on whose comparison is open, with the cells that they are compared with.
// The run is over when nothing is open, after the last analysis, or if the next stretch
// would make more launches than the plan allows. It is then [record.Decided].
//
// # What a caller gets when a run ends early
//
// [Session.Measure] returns a [*StoppedError]. Its Reason says which remedy helps:
//
//   - [Interrupted]: the context ended, or a signal reached the launch. errors.Is with
//     [ErrInterrupted] holds.
//   - [ProgramChanged]: the executable was replaced, so that further launches would not
//     compare with those before.
//   - [CPULost]: this process may no longer use one of the plan's CPUs. This is not
//     the cell's fault, so it does not count as a failure.
//   - [Unwritable]: the result folder could not be written, for example because the
//     disk is full.
//
// Every launch that Measure completed is on disk by then. Resume continues with the
// first slot that is not done. It refuses, with a typed error, what would make launches
// incomparable: another command ([*OtherCommandError]), another program or machine
// ([*ChangedError]), CPUs that are not there ([*UnusableError]). A run that is over is
// a [*FinishedError]. A process that is killed loses only the launch, or the group, that
// was under way.
//
// # A/B runs
//
// An [AB] run measures the same cells with two programs. It judges the results after fixed
// numbers of rounds, so that cells that are decided leave their time to the others, and
// when its budget is used up. The two launches of a cell form a group if both programs know
// slices. It cannot be resumed: launches of one side would then be compared with launches of
// another time.
//
// # Designed runs
//
// A self-test and an audit are runs whose cells come from a design ([Engine.Selftest],
// [Engine.Audit]). Each begins with a pilot, a few launches that are not recorded, to
// find out how long a launch takes and, in a self-test, how large the injected delays
// have to be.
package engine
