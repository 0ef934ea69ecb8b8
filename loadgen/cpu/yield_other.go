//go:build !linux

package cpu

import "runtime"

func yield() { runtime.Gosched() }
