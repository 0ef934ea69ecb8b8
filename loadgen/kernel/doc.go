// Package kernel sets what Linux keeps for a process and what may change how its
// threads sleep and wake: the timer slack, and the size of its futex hash.
//
// # Timer slack
//
// The kernel may end a sleep this much late, so as to end several at once; the default
// is 50 µs. It applies to nanosleep(2), to the timeouts of futex(2), poll(2) and
// epoll_wait(2), and so to what Go's scheduler does when it waits for a few microseconds
// before it steals. It does not apply to timerfd(2), nor to a wake. Each thread has its
// own, a copy of its creator's, so it is set before a process has more than one thread:
// [Settings.Apply] restarts the program.
//
// # Futex hash
//
// A futex wait queues in a bucket of a hash table, under the bucket's lock. Until Linux
// 6.15 all processes shared one table. Since 6.16 a process gets a private one with its
// second thread, of four buckets for each thread or CPU, whichever are fewer, at least
// 16. prctl(2) can set the size, or choose the global table, which cannot be undone
// within the process. A table belongs to a program image: execve(2) drops it.
package kernel
