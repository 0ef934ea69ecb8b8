package command

import (
	"errors"
	"flag"
	"strings"
	"testing"
)

func flagSet() *flag.FlagSet {
	flags := flag.NewFlagSet("bench run", flag.ContinueOnError)
	flags.Bool("full", false, strings.Repeat("measure all workloads, ", 8)+"which takes hours")
	flags.Int("count", 14, "`number` of rounds")
	flags.Bool("v", false, "verbose")
	return flags
}

func TestHelpIsFolded(t *testing.T) {
	var out strings.Builder
	if err := Parse(flagSet(), &out, "usage\n", []string{"-h"}); !errors.Is(err, flag.ErrHelp) {
		t.Fatal(err)
	}
	for line := range strings.Lines(out.String()) {
		if n := len(strings.ReplaceAll(strings.TrimSuffix(line, "\n"), "    \t", "        ")); n > 80 {
			t.Errorf("%d characters: %s", n, line)
		}
	}
	words := strings.Join(strings.Fields(out.String()), " ")
	for _, want := range []string{"usage Flags: -count number number of rounds (default 14) -full measure all", "workloads, which takes hours -v verbose"} {
		if !strings.Contains(words, want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
}

func TestUnknownFlag(t *testing.T) {
	for arg, want := range map[string]string{
		"-ful":    "flag provided but not defined: -ful; did you mean -full?",
		"-counts": "flag provided but not defined: -counts; did you mean -count?",
		"-nosuch": `flag provided but not defined: -nosuch; see "bench run -h" for the flags`,
		"-count":  `flag needs an argument: -count; see "bench run -h" for the flags`,
	} {
		err := Parse(flagSet(), &strings.Builder{}, "usage\n", []string{arg})
		if !IsUsage(err) || err.Error() != want {
			t.Errorf("%s: %v, want %s", arg, err, want)
		}
	}
}
