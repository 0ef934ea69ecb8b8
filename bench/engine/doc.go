// Package engine carries out runs: it starts a process for each launch, repeats
// launches that were disturbed, records everything in a result folder, and resumes a
// run that was cut short. It knows no flags and prints nothing. The command line
// (package cli) adds both; a program of your own can call the engine directly, as the
// example shows.
//
// # Model
//
// A plan ([record.Plan]) has cells, a number of rounds, and the order in which each
// round launches the cells. It is fixed before the first launch. A slot is one cell in
// one round. The engine works through the slots in the plan's order and fills each with
// one launch, a process of its own that measures the cell once (package launch).
//
// A run owns one result folder. It is carried out in one or more sessions. A [Session]
// is the stretch of a run that one process carries out: [Engine.Begin] starts the
// first, [Engine.Resume] each later one, and [Session.Measure] works until the plan is
// done, the context ends or something stops it.
//
// Profiles of the plan come after the last round. Each takes a launch of its own, whose
// measurement is not used.
//
// # Launches that are repeated
//
// A launch is invalid if it was disturbed beyond a limit (package loadgen/noise). It is
// recorded and marked, and the slot is launched again at once, so that all launches of
// a round stay close in time. Two bounds keep a noisy machine from measuring forever: a
// slot has at most two repeats, and all slots so far at most one for every four slots,
// plus two. A slot that has no valid launch by then stays empty ([Counts].Empty).
//
// A launch that fails (it crashes, hangs or refuses) is recorded as a failure and not
// repeated: it would most likely fail again.
//
// Which launches follow depends only on the plan and on the launches recorded so far.
// So a run that is stopped anywhere and resumed makes the launches that it would have
// made without the stop.
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
// a [*FinishedError]. A process that is killed loses only the launch that was under
// way.
//
// # A/B runs
//
// An [AB] run measures the same cells with two programs and judges the results after
// fixed numbers of rounds, so that cells that are decided leave their time to the
// others. It cannot be resumed: launches of one side would then be compared with
// launches of another time.
//
// # Designed runs
//
// A self-test and an audit are runs whose cells come from a design ([Engine.Selftest],
// [Engine.Audit]). Each begins with a pilot, a few launches that are not recorded, to
// find out how long a launch takes and, in a self-test, how large the injected delays
// have to be.
package engine
