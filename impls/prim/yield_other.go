//go:build !linux && !explore && !simulate

package prim

import "runtime"

func osYield() { runtime.Gosched() }
