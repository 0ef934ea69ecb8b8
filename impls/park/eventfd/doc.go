// Package eventfd is an event of the kernel's: a thread waits for it in epoll_wait, and
// another signals it by a write to an eventfd. This is how a runtime sleeps whose workers
// also wait for sockets (Tokio with enable_all, libuv).
//
// The kernel's part is as mio uses it (mio 1.2.5, src/sys/unix/waker/eventfd.rs): the
// eventfd is registered edge-triggered, and nothing reads it. A write of 1 raises an edge
// even if the counter is not zero, so a wake is one system call on each side. The counter
// would be full after 2^64 − 2 signals.
//
// # What it promises
//
// A Signal that begins after a Wait has begun ends that Wait. A Signal that comes before
// may end the next Wait, at once, or was seen by an earlier one. So a Wait may return
// without a Signal of its own, and callers check in a loop what they wait for. Several
// Signals may end one Wait.
package eventfd
