// Package origin says where the pages of evidence come from that programs below
// verify write.
package origin

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"time"
)

// Of says when, on what machine and from which source something was made: by this
// process's machine and Go, and the commit of the working directory.
func Of(when time.Time) string {
	return when.UTC().Format("2006-01-02") + ", " + Here()
}

// Here is the same without the date.
func Here() string { return machine() + ", " + commit() }

func machine() string {
	cpu := runtime.GOARCH
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if m := regexp.MustCompile(`(?m)^model name\s*: (.*)$`).FindSubmatch(info); m != nil {
			cpu = string(m[1])
		}
	}
	return fmt.Sprintf("%d CPUs (%s), %s %s", runtime.NumCPU(), cpu, runtime.GOOS, runtime.Version())
}

func commit() string {
	git := func(args ...string) string {
		out, _ := exec.Command("git", args...).Output()
		return strings.TrimSpace(string(out))
	}
	hash := git("rev-parse", "--short", "HEAD")
	switch {
	case hash == "":
		return "commit unknown"
	case git("status", "--porcelain", "--", ":/*.go") != "":
		return "commit " + hash + " with changes"
	}
	return "commit " + hash
}
