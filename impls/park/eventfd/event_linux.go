package eventfd

import (
	"encoding/binary"
	"errors"
	"runtime"

	"golang.org/x/sys/unix"
)

// Supported says whether this system has such events.
const Supported = true

// An Event has two files of the kernel. They are closed when the garbage collector finds
// it.
type Event struct{ poll, counter int }

// New returns an event. It panics if the process has too many open files.
func New() *Event {
	counter, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		panic("eventfd: eventfd2: " + err.Error())
	}
	poll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		panic("eventfd: epoll_create1: " + err.Error())
	}
	edge := unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLET}
	if err := unix.EpollCtl(poll, unix.EPOLL_CTL_ADD, counter, &edge); err != nil {
		panic("eventfd: epoll_ctl: " + err.Error())
	}
	e := &Event{poll, counter}
	runtime.AddCleanup(e, func(files [2]int) {
		_ = unix.Close(files[0])
		_ = unix.Close(files[1])
	}, [2]int{poll, counter})
	return e
}

// Wait blocks until a signal comes, or returns for no reason. The runtime knows that the
// thread blocks, so that the garbage collector does not wait for it.
func (e *Event) Wait() {
	var events [1]unix.EpollEvent
	if _, err := unix.EpollWait(e.poll, events[:], -1); err != nil && !errors.Is(err, unix.EINTR) {
		panic("eventfd: epoll_wait: " + err.Error())
	}
	runtime.KeepAlive(e)
}

// one is the number 1 as an eventfd takes it, in the byte order of the machine.
var one, _ = binary.Append(nil, binary.NativeEndian, uint64(1))

// Signal ends a wait. It may be called by any thread.
func (e *Event) Signal() {
	if _, err := unix.Write(e.counter, one); err != nil {
		panic("eventfd: write: " + err.Error())
	}
	runtime.KeepAlive(e)
}
