// Package convert makes recordings (package loadgen/recording) of what other programs have
// written: execution traces of Go programs, and lists of tasks. It keeps times, and which
// task spawned which. Names, arguments and stacks are not kept.
//
// # Execution traces of Go (go-trace)
//
// A trace is what runtime/trace writes, of Go 1.22 or later. To a scheduler a goroutine is
// not one task but many: each time that it is made runnable the scheduler has to find it a
// worker. So a task is one activation of a goroutine. It arrives when the goroutine becomes
// runnable, and ends when it blocks, exits, yields or is preempted. Its service time is how
// long the goroutine ran in between. A system call is part of it unless the goroutine lost
// its P in it; then the task ended at the beginning of the call, and another one arrives at
// its end.
//
// If a running goroutine made it runnable, by starting or unblocking it, the task is spawned
// by that goroutine's activation, at the same point of its service time. If a timer, the
// network poller or the end of a system call did, it arrives from outside, and so does what
// was preempted.
//
// Activations that had begun before the trace are not in the recording. One that had not
// ended by its end counts as ended then. Goroutines of Go's runtime are left out.
//
// # Lists of tasks (csv)
//
// A list has a line for each task, after a line with the names of columns, in any order:
//
//	arrival_ns   when it arrived at the scheduler (became ready to run)
//	service_ns   how long it kept a worker busy
//	id           optional: its name in the column parent
//	parent       optional: the id of the task that spawned it; empty if none did
//	after_ns     optional: how long the parent had run then
//
// Instead of _ns the names may end with _us, _ms or _s; times may have fractions. Arrivals
// may count from any moment, since only differences are kept. Other columns are ignored.
// Without after_ns a task is spawned as long into its parent as it arrived after it, or at
// its end. The recording ends a mean gap after the last arrival.
//
// # What stays spawned
//
// A recording of an hour may be one tree, since a server's goroutines wake each other
// forever. A replay in windows needs short ones. So a task stays spawned if it arrived within
// 1 ms of the tree's first task and the tree has room ([maxTree]); otherwise it arrives by the
// clock. What one event causes soon after stays together, and a delay of the scheduler
// delays what follows from it for 1 ms at most.
package convert
