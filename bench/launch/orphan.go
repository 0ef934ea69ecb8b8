package launch

import (
	"io"
	"os"
)

// heldVar is set in the environment of a child whose standard input is a pipe that
// its parent holds open. (A program that does not know it is a child like any
// other.)
const heldVar = "IDLEBENCH_HELD"

// Orphaned is the exit status of a child whose parent is gone.
const Orphaned = 6

// EndWithParent has this process exit as soon as the parent that started it with
// [Request.Exec] has ended in whatever way, kill -9 included. Otherwise it would go
// on measuring, beside whatever is measured next. If nobody holds its standard
// input it does nothing.
//
// It blocks one thread in a read, which takes no time. The runtime's poller would
// be in the way of what is measured.
func EndWithParent() {
	if os.Getenv(heldVar) == "" {
		return
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(Orphaned)
	}()
}
