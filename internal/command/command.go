// Package command holds the conventions of the suite's command lines: how flags are
// parsed, and what counts as wrong usage.
package command

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/idlebench/idlebench/internal/nearest"
)

// A usageError is the user's mistake, found before anything was done.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// Usage marks an error as wrong usage of the command.
func Usage(err error) error { return usageError{err} }

// Usagef is fmt.Errorf for wrong usage of the command.
func Usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// IsUsage reports whether an error is, or wraps, wrong usage of the command.
func IsUsage(err error) bool {
	var wrong usageError
	return errors.As(err, &wrong)
}

// Parse parses the flags of a command. The flag set's name is the command as typed,
// such as "bench run". With -h it prints the text and the flags, if there are any, to
// stdout and returns flag.ErrHelp; a mistake is returned as a usage error, and not
// printed.
func Parse(flags *flag.FlagSet, stdout io.Writer, text string, args []string) error {
	flags.Init(flags.Name(), flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, text)
		some := false
		flags.VisitAll(func(*flag.Flag) { some = true })
		if some {
			var defaults strings.Builder
			flags.SetOutput(&defaults)
			flags.PrintDefaults()
			fmt.Fprint(stdout, "\nFlags:\n"+fold(defaults.String()))
		}
		return err
	}
	if err != nil {
		if meant := meant(flags, err); meant != "" {
			return Usagef("%w; did you mean -%s?", err, meant)
		}
		return Usagef("%w; see \"%s -h\" for the flags", err, flags.Name())
	}
	return nil
}

// fold breaks the lines in which package flag describes flags, which it indents by a
// tab. It leaves other lines as they are.
func fold(text string) string {
	const indent, width = "    \t", 80 - 8
	var b strings.Builder
	for line := range strings.Lines(text) {
		words, described := strings.CutPrefix(line, indent)
		if !described {
			b.WriteString(line)
			continue
		}
		column := 0
		for _, word := range strings.Fields(words) {
			n := utf8.RuneCountInString(word)
			switch {
			case column == 0:
				b.WriteString(indent)
			case column+1+n > width:
				b.WriteString("\n" + indent)
				column = 0
			default:
				b.WriteByte(' ')
				column++
			}
			b.WriteString(word)
			column += n
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// meant returns the flag that was probably meant, if the error says that there is no
// such flag. Package flag has no type for this error.
func meant(flags *flag.FlagSet, err error) string {
	typed, undefined := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
	if !undefined {
		return ""
	}
	var names []string
	flags.VisitAll(func(f *flag.Flag) { names = append(names, f.Name) })
	return nearest.To(typed, names)
}

// ParseAll is Parse for a command that takes nothing but flags.
func ParseAll(flags *flag.FlagSet, stdout io.Writer, text string, args []string) error {
	if err := Parse(flags, stdout, text, args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return Usagef("unexpected argument %q; see \"%s -h\" for the flags", flags.Arg(0), flags.Name())
	}
	return nil
}
