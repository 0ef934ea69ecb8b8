//go:build (amd64 || arm64) && !explore && !simulate

package prim

// relax tells the CPU that the thread spins: it lets a sibling have the core's
// resources, and spends some 40 to 140 cycles. Go offers no function for it.
//
//go:noescape
func relax()
