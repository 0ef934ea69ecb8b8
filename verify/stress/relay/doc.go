// Package relay makes wake-ups as fast as the machine can, for a test that has to
// make very many and to lose none.
//
// A pair is two schedulers and a ball. The ball is a task, or a few, of one
// scheduler. The last of them to run submits the ball to the other scheduler. By then
// nothing else is to be done, so the workers of the first park while those of the
// second wake: each pass races with a worker that is on its way to sleep, which is
// where wake-ups are lost. There is no thread that waits for the ball, and nothing
// but wake-ups takes time.
//
// There is one ball in a pair and no event but its passes. So a wake-up of
// Submit or SubmitAll that is lost stops the pair for good: nothing later can make
// good for it. [Run] reports a pair that stands still, with the state of both
// schedulers.
//
// Several pairs play at once, so that a CPU never goes to sleep: to wake a thread on a
// CPU that sleeps takes ten times as long. Workers of parkers that give
// their thread back to Go's scheduler are goroutines; all others have a thread each.
//
// # Patterns
//
//	single  the ball is one task                                     NotifyRemote
//	batch   it is two to four tasks, submitted at once               NotifyMult
//	fork    its task spawns others on its own core, one after the    NotifyLocal
//	        other, and waits for each: only another worker can run it
//
// A manager that names a race for tasks that wait for a child ([impls.Fork]) may
// leave the child to its parent. With such a manager the parent does not wait, and
// a wake-up of NotifyLocal that is lost goes unnoticed: the parent's worker runs the
// children.
//
// # What is checked
//
// Every pair goes on to the end of the run. Then both schedulers come to rest and
// close: every worker returns and each core is shut down once. Each has run exactly
// as many tasks as were given to it, and its counters agree with each other.
package relay
