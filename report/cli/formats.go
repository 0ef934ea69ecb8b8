package cli

import (
	"io"
	"path/filepath"
	"strings"

	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/report/format"
	"github.com/idlebench/idlebench/report/sections"
)

// An output is a form in which a report is written.
type output struct {
	name  string
	ends  string // of files
	write func(io.Writer, *format.Report) error
}

// outputs are all forms. The first is the default.
var outputs = []output{
	{"text", ".txt", format.Text},
	{"md", ".md", format.Markdown},
	{"csv", ".csv", format.CSV},
	{"json", ".json", format.JSON},
	{"html", ".html", sections.HTML},
}

// outputFor returns the form with a name, or if there is no name the one that a
// file's name ends like. A file without an ending is text.
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
		return output{}, command.Usagef("-o %s: no form of a report ends like %s: choose one with -format: %s", file, ending, strings.Join(names, ", "))
	}
	return output{}, command.Usagef("-format %s: there are %s", name, strings.Join(names, ", "))
}
