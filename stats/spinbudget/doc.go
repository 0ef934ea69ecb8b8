// Package spinbudget computes what every spin budget would cost, from one recording.
//
// A worker with nothing to do may spin for a while, the budget, before it sleeps. Spinning
// uses CPU time; sleeping makes the next task wait for a wake, which uses CPU time too.
// This is the ski-rental problem: to rent is to spin, to buy is to sleep.
//
// # Model
//
// A worker goes idle, and is woken after a gap. With budget b, a gap g costs
//
//	g ≤ b   CPU g           latency: that of a worker that spins
//	g > b   CPU b + c       latency: that of a sleeper that has slept for g - b
//
// c is the CPU time of one sleep and wake on both sides: what the worker uses to go to
// sleep and come back, and what the one that wakes it uses. All other CPU time and latency
// is the same for each budget. So the curves are what was measured without spinning, plus
// the sum of the differences over all gaps.
//
// # What is measured
//
// A recorded launch without spinning gives each gap, how long the wake took, and what CPU
// time the sleep used. Launches without recording give the ends of the curves: CPU time and
// latency with a budget of 0, and with one that never ends. The difference of the CPU time
// that is not the workers' is the waker's part of c. The difference of the latencies is
// what a spinning worker saves.
//
// The time of a wake depends on how long the worker slept, since CPUs sleep deeper. So the
// latency of a wake changes with the length of its sleep by as much as the means of the
// recorded sleeps do, each over sleeps of about the same length.
//
// A late wake may delay tasks behind the first one, too. If workers that spin save more
// latency than the wakes take, the excess says by how much, on average; it is taken to be
// the same for each budget.
//
// # Gaps change with the budget
//
// Arrivals are by the clock. A worker that is woken sooner is done sooner, and its next gap
// is longer by as much. So the gaps of a worker are gone through in order, and each is
// corrected by how much sooner the worker would have begun. This is exact for a worker that
// alone serves an open loop with one task at a time.
//
// # Where it is wrong
//
//   - If the pool is saturated, or tasks queue: a late wake delays the tasks behind it
//     too. The correction knows one worker, not the queue.
//   - If several workers are idle at once: which one is woken is the manager's choice, and
//     may depend on who spins. A worker that spins may take a task for which another would
//     have been woken.
//   - If the load waits for its tasks (a closed loop): arrivals then depend on latency.
//   - If the CPUs of idle workers are shared or siblings: spinning slows others down.
//   - If parking is not what the worker does at once: what it spends searching before is
//     taken to be the same for each budget.
//
// So a prediction is to be confirmed by measuring a few budgets; [Curve.Confirm] says which.
//
// # Regret
//
// With a weight w, a gap costs CPU + w × latency. The oracle knows each gap, and spins
// through it or sleeps at once, whichever costs less. The regret of a budget is how much
// more all gaps cost than with the oracle. A budget of c, the break-even, costs at most
// twice as much CPU time as the oracle, whatever the gaps are: if g ≤ c both pay g; if not,
// it pays 2c and the oracle c. No other fixed budget has a smaller bound.
//
// # The band
//
// Launches are the unit of replication. The band of a curve is the 95 % interval of its
// value over bootstrap samples of the launches.
package spinbudget
