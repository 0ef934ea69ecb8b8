#!/bin/sh
# Linux, Go 1.26.8: the peak memory that the kernel reports for a child process is at
# least that of the process that started it, however small the child is.
#
# Good guess: ru_maxrss of a child that has ended is the child's own peak.
# Behaviour: the program's image is replaced in execve, and the kernel then keeps the peak
# of the image before it. That is the starting process's memory, which the child shares
# between vfork and execve. So a benchmark that starts two programs and compares their
# peaks sees its own, until theirs are larger.
# Who meets it: harnesses that measure the memory of programs with wait4 or getrusage.
# Output seen (Linux 6.18): /bin/true has a peak of some 2 MB, and of 264 MB if a process
# that has touched 256 MB starts it.
# It fails if the child's peak no longer depends on the process that starts it.
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
cat > go.mod <<'MOD'
module finding
go 1.26.0
toolchain go1.26.8
MOD
cat > main.go <<'GO'
package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
)

// peak returns the peak memory of /bin/true in MB, as the kernel reports it.
func peak() int64 {
	cmd := exec.Command("/bin/true")
	if err := cmd.Run(); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	return cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss / 1024
}

func main() {
	if runtime.GOOS != "linux" {
		fmt.Println("it is about Linux")
		return
	}
	before := peak()
	ballast := make([]byte, 256<<20)
	for i := 0; i < len(ballast); i += 4096 {
		ballast[i] = 1
	}
	after := peak()
	runtime.KeepAlive(ballast)
	fmt.Printf("%s: /bin/true has a peak of %d MB, and of %d MB after its starter touched 256 MB\n", runtime.Version(), before, after)
	if after < before+200 {
		fmt.Println("changed: the child's peak is its own")
		os.Exit(1)
	}
}
GO
go run .
