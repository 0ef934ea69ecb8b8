//go:build simulate

package cpu

import "github.com/idlebench/idlebench/simulate"

func yield() { simulate.Yield() }
