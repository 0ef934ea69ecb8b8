//go:build unix

package scripts_test

import (
	"os/exec"
	"syscall"
)

// ownGroup has a command and its children be a group, as those of a terminal are.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// interruptGroup sends all of them what Ctrl-C sends.
func interruptGroup(cmd *exec.Cmd) error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) }
