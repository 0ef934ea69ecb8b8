package sections

import (
	"fmt"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/environ"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/report/verdict"
)

// Commands on the page can be typed as they stand, by a reader who has the page and
// nothing else: they fetch the program, in the version that measured, and have the flags
// of the run. A run with managers of its own was measured by a program of its own, which
// only its owner has, in the folder of its source.

// home is the address of the project, and module how Go finds it.
const (
	home   = "https://" + module
	module = "github.com/idlebench/idlebench"
)

// latest is the version of programs if none is known.
const latest = "latest"

// inputsOf are the inputs of a group.
func (b *builder) inputsOf(g verdict.Group) (inputs []*source.Input) {
	for _, in := range b.inputs {
		if slices.Contains(g.Inputs, in.Name) {
			inputs = append(inputs, in)
		}
	}
	return inputs
}

// bench is a command of the program that measured the inputs.
func (b *builder) bench(inputs []*source.Input, args ...string) []string {
	return []string{b.benchProgram(inputs) + " " + phrase.Shell(args...)}
}

func (b *builder) benchProgram(inputs []*source.Input) string {
	version := ""
	for _, in := range inputs {
		if ownProgram(in) {
			return "go run ."
		}
		if version == "" {
			version = commitOf(in)
		}
	}
	return "go run " + module + "/bench@" + firstKnown(version, latest)
}

// reportProgram is the program that made the page.
func (b *builder) reportProgram() string {
	version := builtFrom()
	for _, in := range b.inputs {
		if version == "" && !ownProgram(in) {
			version = commitOf(in)
		}
	}
	return "go run " + module + "/report@" + firstKnown(version, latest)
}

func firstKnown(version, otherwise string) string {
	if version == "" {
		return otherwise
	}
	return version
}

// commitOf is the commit that an input was measured at; "" if it is not known. Of a tree
// that was modified only the commit below can be fetched.
func commitOf(in *source.Input) string {
	for _, v := range config(in, "commit") {
		if v, _, _ = strings.Cut(v, "+"); v != environ.Unknown {
			return v
		}
	}
	return ""
}

// oldest are the managers of the suite's own program when it did not record its module.
var oldest = []string{"bitmap", "mutexonly", "channels"}

// ownProgram reports whether an input was measured by a program that is not the suite's.
// The variants in a self-test are the suite's.
func ownProgram(in *source.Input) bool {
	switch {
	case in.Manifest == nil || in.Manifest.Command == "selftest":
		return false
	case in.Manifest.Module != "":
		return in.Manifest.Module != module
	}
	return slices.ContainsFunc(in.Cells, func(c *source.Cell) bool {
		return c.Parsed != nil && c.Role == record.Implementation && !slices.Contains(oldest, c.Parsed.Impl)
	})
}

// advise is a command that measures again as the inputs were measured, but with some
// flags. Flags that choose what is measured replace all of the run's that do.
func (b *builder) advise(inputs []*source.Input, flags ...string) []string {
	args := []string{"run"}
	for _, in := range inputs {
		if in.Manifest != nil && len(in.Manifest.Args) > 0 && in.Manifest.Args[0] == "run" {
			args = append(args, without(in.Manifest.Args[1:], replaced(flags)...)...)
			break
		}
	}
	return b.bench(inputs, append(args, flags...)...)
}

// replaced are the names of the flags of a run that some flags replace.
func replaced(flags []string) []string {
	names := []string{"o", "seed", "resume", "plan"}
	for _, f := range flags {
		switch name, ok := strings.CutPrefix(f, "-"); {
		case !ok:
		case name == "workload":
			names = append(names, "workload", "param", "quick", "full")
		case name == "param": // goes with a workload
		default:
			names = append(names, name)
		}
	}
	return names
}

// switches are the flags of "bench run" that take no value.
var switches = []string{"quick", "full", "stages", "anyway", "plan", "throttled"}

// without returns the arguments of a run without some flags and their values, and without
// those that are there twice.
func without(args []string, names ...string) (kept []string) {
	var seen []string
	for i := 0; i < len(args); i++ {
		name, _, joined := strings.Cut(strings.TrimLeft(args[i], "-"), "=")
		flag := []string{args[i]}
		if strings.HasPrefix(args[i], "-") && !joined && !slices.Contains(switches, name) && i+1 < len(args) {
			i++
			flag = append(flag, args[i])
		}
		key := strings.Join(flag, "\x00")
		if slices.Contains(names, name) && strings.HasPrefix(flag[0], "-") || slices.Contains(seen, key) {
			continue
		}
		seen = append(seen, key)
		kept = append(kept, flag...)
	}
	return kept
}

// repeat returns the command that repeats a run: the recorded one without its folder and
// with its seed. It is "" if none was recorded.
func (b *builder) repeat(in *source.Input) string {
	m := in.Manifest
	if len(m.Args) == 0 {
		return ""
	}
	args := without(m.Args[1:], "o", "resume")
	if !slices.ContainsFunc(args, func(a string) bool {
		name, _, _ := strings.Cut(strings.TrimLeft(a, "-"), "=")
		return strings.HasPrefix(a, "-") && name == "seed"
	}) {
		args = append(args, "-seed", fmt.Sprint(m.Plan.Seed))
	}
	return b.bench([]*source.Input{in}, append([]string{m.Args[0]}, args...)...)[0]
}

// anywhere makes a command work outside the repository. Two kinds begin in another way
// there: those of the report, and tools that the repository pins.
func (b *builder) anywhere(command string) string {
	if rest, ok := strings.CutPrefix(command, "report "); ok {
		return b.reportProgram() + " " + rest
	}
	if rest, ok := strings.CutPrefix(command, "go tool benchstat "); ok {
		return "go run golang.org/x/perf/cmd/benchstat@" + firstKnown(dependency("golang.org/x/perf"), latest) + " " + rest
	}
	return command
}

// builtFrom is the version of the suite that is in this program: one that Go can fetch;
// "" if it is not known.
func builtFrom() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Path != module {
		return dependency(module)
	}
	if v, _, _ := strings.Cut(info.Main.Version, "+"); v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return ""
}

// dependency is the version of a module that this program was built with.
func dependency(path string) string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if m.Path == path && m.Replace == nil && m.Version != "(devel)" {
				return m.Version
			}
		}
	}
	return ""
}
