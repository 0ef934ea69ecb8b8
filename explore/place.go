package explore

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// A place is a line of source.
type place struct {
	file string
	line int
}

// caller returns the place of the first caller outside this package's
// primitives.
func caller() place {
	var pcs [16]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	for {
		f, more := frames.Next()
		if !isPrimitive(f.Function) {
			return place{f.File, f.Line}
		}
		if !more {
			return place{}
		}
	}
}

// isPrimitive reports whether a function is one of this package's operations, or
// belongs to a package that only passes them on.
func isPrimitive(function string) bool {
	return strings.Contains(function, "/explore.") && !strings.Contains(function, "_test.") && !strings.Contains(function, ".Test") ||
		strings.Contains(function, "/impls/prim.")
}

// String returns folder/file:line.
func (p place) String() string {
	if p.file == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", filepath.Join(filepath.Base(filepath.Dir(p.file)), filepath.Base(p.file)), p.line)
}

// sources reads lines of source files.
type sources map[string][][]byte

// line returns the line at a place, or "" if the file cannot be read.
func (s sources) line(p place) string {
	lines, ok := s[p.file]
	if !ok && p.file != "" {
		text, err := os.ReadFile(p.file)
		if err == nil {
			lines = bytes.Split(text, []byte("\n"))
		}
		s[p.file] = lines
	}
	if p.line < 1 || p.line > len(lines) {
		return ""
	}
	code, _, _ := strings.Cut(string(lines[p.line-1]), " // ")
	return strings.TrimSpace(code)
}
