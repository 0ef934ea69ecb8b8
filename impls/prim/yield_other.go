//go:build !linux && !explore

package prim

import "runtime"

func osYield() { runtime.Gosched() }
