package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/benchstat"
)

// Commands that messages advise are for a shell in the folder in which this program was
// started, and have to work there as they are: this program is not always called bench,
// and benchstat and report are tools of this module, not of every module with a manager
// of its own.

// again is how the user starts this program again.
func again() string {
	info, _ := debug.ReadBuildInfo()
	return againOf(os.Args[0], info)
}

// ofGoRun matches the folder of a program that "go run" started: a temporary one, or from
// the second time on one of the build cache.
var ofGoRun = regexp.MustCompile(`/go-build[^/]*/b\d+/exe$|/[0-9a-f]{64}-d$`)

// ofFiles is the package of a program that was built from files, as by "go run main.go".
const ofFiles = "command-line-arguments"

// againOf is again for a program that was started by a name, with its build information,
// which may be nil.
func againOf(name string, info *debug.BuildInfo) string {
	if !ofGoRun.MatchString(filepath.ToSlash(filepath.Dir(name))) {
		return phrase.Shell(name)
	}
	if info == nil || info.Path == "" || info.Path == ofFiles {
		return "go run ."
	}
	return "go run " + phrase.Shell(info.Path)
}

// module is the path of this module, and reportPackage the program that makes pages.
const (
	module        = "github.com/idlebench/idlebench"
	reportPackage = module + "/report"
)

// pageCommand makes the page of a run, in a module with the build information given,
// which may be nil. A released version can be run from anywhere. If another folder
// replaces it, report needs checksums in go.sum, which it has once it is a tool of the
// module. ("go get -tool" would ask the network for a module of that name.)
func pageCommand(info *debug.BuildInfo, folder string) shellWords {
	program := shellWords{"go", "run", reportPackage}
	if info != nil && info.Main.Path != module {
		for _, m := range info.Deps {
			switch {
			case m.Path != module:
			case m.Replace != nil:
				program = shellWords{"go", "mod", "edit", "-tool", reportPackage, "&&", "go", "mod", "tidy", "&&", "go", "tool", "report"}
			default:
				program[2] += "@" + m.Version
			}
		}
	}
	return append(program, "-o", phrase.Shell(filepath.Join(folder, reportFile)), phrase.Shell(folder))
}

// tableCommand prints benchstat's tables of all units of a run.
func tableCommand(folder string) shellWords {
	return append(benchstat.Command(), "-table", ".name", "-ignore", ignored, phrase.Shell(filepath.Join(folder, record.BenchFile)))
}

// shellWords are the words of a command, each as it is typed.
type shellWords []string

// fold returns the command in lines of at most width characters, if its words are not
// longer, joined as a shell understands it.
func (words shellWords) fold(width int) string {
	const indent, more = "  ", ` \`
	var b strings.Builder
	b.WriteString(indent)
	column := len(indent)
	for i, w := range words {
		switch {
		case i == 0:
		case column+1+len(w)+len(more) > width:
			b.WriteString(more + "\n" + indent + indent)
			column = 2 * len(indent)
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(w)
		column += len(w)
	}
	return b.String()
}
