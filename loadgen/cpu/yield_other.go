//go:build !linux && !simulate

package cpu

import "runtime"

func yield() { runtime.Gosched() }
