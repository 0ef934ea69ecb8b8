package victim

import (
	"encoding/binary"
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A counter is an open event of one thread.
type counter struct{ fd int }

// open starts to count an event of the calling thread, in user mode.
func open(e event) (counter, error) {
	attr := unix.PerfEventAttr{
		Type:        e.kind,
		Config:      e.config,
		Read_format: unix.PERF_FORMAT_TOTAL_TIME_ENABLED | unix.PERF_FORMAT_TOTAL_TIME_RUNNING,
		Bits:        unix.PerfBitExcludeKernel | unix.PerfBitExcludeHv,
	}
	attr.Size = uint32(unsafe.Sizeof(attr))
	fd, err := unix.PerfEventOpen(&attr, 0, -1, -1, unix.PERF_FLAG_FD_CLOEXEC)
	if err != nil {
		return counter{}, fmt.Errorf("%s: %w", e.name, os.NewSyscallError("perf_event_open", err))
	}
	return counter{fd}, nil
}

func (c counter) read() (r reading, err error) {
	var b [24]byte
	n, err := unix.Read(c.fd, b[:])
	if err != nil || n != len(b) {
		return reading{}, fmt.Errorf("reading a counter: %d bytes, %v", n, err)
	}
	u := func(i int) uint64 { return binary.NativeEndian.Uint64(b[8*i:]) }
	return reading{u(0), u(1), u(2)}, nil
}

func (c counter) close() { _ = unix.Close(c.fd) }
