package journal

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// Source returns a hash of the source of packages, given by their import paths, in
// the build with the tag explore, with everything that they import except the
// standard library and this package; and of other texts. Except names files that it
// leaves out, such as "verify/known.go": the end of the import path and the name.
//
// Comments and white space do not count, so that better words cost no exploration.
func Source(packages, except []string, texts ...string) (string, error) {
	const format = `{{if not .Standard}}{{$p := .}}{{range .GoFiles}}{{$p.ImportPath}}{{"\t"}}{{$p.Dir}}{{"\t"}}{{.}}{{"\n"}}{{end}}{{end}}`
	cmd := exec.Command("go", append([]string{"list", "-deps", "-tags", "explore", "-f", format}, packages...)...)
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			err = fmt.Errorf("%w: %s", err, exit.Stderr)
		}
		return "", fmt.Errorf("go list: %w", err)
	}
	sum := sha256.New()
	for _, text := range texts {
		fmt.Fprintf(sum, "%q\n", text)
	}
files:
	for line := range strings.Lines(string(out)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 3 {
			continue // an empty line for each package
		}
		if strings.HasSuffix(f[0], "/verify/journal") {
			continue
		}
		name := path.Join(f[0], f[2])
		for _, e := range except {
			if strings.HasSuffix(name, "/"+e) {
				continue files
			}
		}
		text, err := os.ReadFile(filepath.Join(f[1], f[2]))
		if err != nil {
			return "", err
		}
		fmt.Fprintf(sum, "%s\n", name)
		if err := writeTokens(sum, text); err != nil {
			return "", fmt.Errorf("%s: %w", name, err)
		}
	}
	return fmt.Sprintf("%x", sum.Sum(nil)[:6]), nil
}

// Row returns a hash of a Go file that has a table: of the file without all those
// elements of a composite literal that have a field "name" with another value. So each
// row has its own hash, and what is outside of the table is in all of them.
func Row(text []byte, row string) (string, error) {
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, "", text, parser.SkipObjectResolution)
	if err != nil {
		return "", err
	}
	type span struct{ from, to int }
	var others []span
	ast.Inspect(parsed, func(n ast.Node) bool {
		e, ok := n.(*ast.CompositeLit)
		if name, named := nameOf(e); ok && named {
			if name != row {
				others = append(others, span{set.Position(e.Pos()).Offset, set.Position(e.End()).Offset})
			}
			return false
		}
		return true
	})
	var rest []byte
	from := 0
	for _, o := range others {
		rest = append(rest, text[from:o.from]...)
		from = o.to
		for from < len(text) && (text[from] == ',' || text[from] == '\n') {
			from++
		}
	}
	sum := sha256.New()
	if err := writeTokens(sum, append(rest, text[from:]...)); err != nil {
		return "", err
	}
	return fmt.Sprintf("%x", sum.Sum(nil)[:6]), nil
}

// nameOf returns the value of the field "name" of a literal, if it has one.
func nameOf(e *ast.CompositeLit) (name string, named bool) {
	if e == nil {
		return "", false
	}
	for _, field := range e.Elts {
		if kv, ok := field.(*ast.KeyValueExpr); ok {
			key, _ := kv.Key.(*ast.Ident)
			value, _ := kv.Value.(*ast.BasicLit)
			if key != nil && key.Name == "name" && value != nil {
				name, err := strconv.Unquote(value.Value)
				return name, err == nil
			}
		}
	}
	return "", false
}

// writeTokens writes Go source one token a line, without comments. Each is quoted,
// so different programs differ.
func writeTokens(w io.Writer, text []byte) error {
	var s scanner.Scanner
	var wrong scanner.ErrorList
	file := token.NewFileSet().AddFile("", -1, len(text))
	s.Init(file, text, wrong.Add, 0)
	for {
		_, t, literal := s.Scan()
		if t == token.EOF {
			return wrong.Err()
		}
		if literal == "\n" {
			literal = ";" // the end of a line, which the grammar takes for one
		}
		fmt.Fprintf(w, "%v %q\n", t, literal)
	}
}

// PackageOf returns the import path of the package that has a function, from the
// function's full name in the run-time system.
func PackageOf(function string) string {
	slash := strings.LastIndex(function, "/")
	dot := strings.Index(function[slash+1:], ".")
	if dot < 0 {
		return function
	}
	// In the last part the linker escapes dots, and some other characters.
	p := strings.ReplaceAll(function[:slash+1+dot], "%2e", ".")
	return strings.TrimSuffix(p, "_test")
}
