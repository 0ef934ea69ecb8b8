package cli

import (
	"flag"
	"io"
	"path/filepath"
	"strings"

	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/report/format"
	"github.com/idlebench/idlebench/report/sections"
)

// An output is a format in which a report is written.
type output struct {
	name  string
	ends  string // extension of files
	write func(io.Writer, *format.Report) error

	// tables reports whether the format shows benchstat's tables.
	tables func(*format.Report) bool
}

// outputs are all formats. The first is the default.
var outputs = []output{
	{"text", ".txt", format.Text, (*format.Report).TablesInText},
	{"md", ".md", format.Markdown, always},
	{"csv", ".csv", format.CSV, never},
	{"json", ".json", format.JSON, always},
	{"html", ".html", sections.HTML, always},
}

// An ascii says whether text is written for a terminal that shows ASCII only.
type ascii bool

func asciiFlag(flags *flag.FlagSet) *ascii {
	return (*ascii)(flags.Bool("ascii", false, "write ASCII only, for terminals that show nothing else (text and md)"))
}

// fits returns an error for a format in which it makes no sense.
func (a ascii) fits(format string) error {
	if a && format != "text" && format != "md" {
		return command.Usagef("-ascii is for text and md, not for %s", format)
	}
	return nil
}

// of returns the text as it is written.
func (a ascii) of(text []byte) []byte {
	if !a {
		return text
	}
	return []byte(phrase.ASCII(string(text)))
}

func always(*format.Report) bool { return true }

func never(*format.Report) bool { return false }

// outputFor returns the format with a name. Without a name it is chosen by the file's
// extension; a file without one is text.
func outputFor(name, file string) (output, error) {
	var names []string
	for _, o := range outputs {
		if name == o.name || name == "" && file != "" && strings.EqualFold(filepath.Ext(file), o.ends) {
			return o, nil
		}
		names = append(names, o.name)
	}
	switch ending := filepath.Ext(file); {
	case name == "" && ending == "":
		return outputs[0], nil
	case name == "":
		return output{}, command.Usagef("-o %s: no report format has the extension %s: choose one with -format: %s", file, ending, strings.Join(names, ", "))
	}
	return output{}, command.Usagef("-format %s: unknown format: choose from %s", name, strings.Join(names, ", "))
}
