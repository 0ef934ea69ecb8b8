//go:build !linux

package probe

// Only Linux can pin threads, so nothing is measured elsewhere.

func nothing() {}

func yield() {}
