package profile

import (
	"path"
	"strings"

	pprof "github.com/google/pprof/profile"
)

// A Class says whose code a function is.
type Class string

const (
	Implementation Class = "implementation" // under test: an idle manager, or a reference
	Parker         Class = "parker"         // impls/park
	Host           Class = "host"           // the scheduler around the implementation
	Workload       Class = "workload"       // the tasks, the load generator, the measurement
	Runtime        Class = "runtime"        // Go's runtime and standard library, system calls included
	Other          Class = "other"          // everything else, and what has no symbols
)

// Classes returns all classes, from the one of most interest.
func Classes() []Class {
	return []Class{Implementation, Parker, Host, Workload, Runtime, Other}
}

const module = "github.com/idlebench/idlebench/"

// ours are packages of the suite and what they use, the longer prefixes first.
var ours = []struct {
	prefix string // of the function's full name
	class  Class
}{
	{module + "impls/park.", Parker},
	{module + "impls/idletest.", Host},
	{module + "impls/invariants.", Host},
	{module + "impls/prim.", Runtime}, // is sync, under another name
	{module + "impls/", Implementation},
	{module + "impls.", Host},
	{module + "internal/prim.", Runtime}, // where prim was in older profiles
	{module + "internal/", Host},
	{module + "loadgen/host.", Host},
	{module + "loadgen.(*floor).", Implementation},
	{module + "loadgen.floorWorker.", Implementation},
	{module + "loadgen.(*spinner).", Parker},
	{module + "loadgen.(*goroutines).", Implementation},
	{module + "loadgen.(*goWorker).", Implementation},
	{module, Workload},
	{"github.com/HdrHistogram/", Workload},
	{"golang.org/x/sys/", Runtime},
}

// standard has the first elements of the standard library's import paths.
var standard = set(`archive arch bufio bytes cmp compress container context crypto database debug embed
	encoding errors expvar flag fmt go hash html image index internal io iter log maps math mime net os
	path plugin reflect regexp runtime slices sort strconv strings structs sync syscall testing text time
	unicode unique unsafe vendor weak`)

func set(words string) map[string]bool {
	m := make(map[string]bool)
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// Classify returns the class of a function, given its full name as in
// "github.com/idlebench/idlebench/impls/park.(*Cond).Park". A function of another
// module is Other; in a profile of a cell it is of the implementation, since
// nothing else there comes from elsewhere.
func Classify(function string) Class {
	for _, o := range ours {
		if strings.HasPrefix(function, o.prefix) {
			return o.class
		}
	}
	pkg, _ := split(function)
	if first, _, _ := strings.Cut(pkg, "/"); standard[first] && pkg != function {
		if name := function[len(pkg):]; pkg == "runtime" && (name == "._ExternalCode" || name == "._VDSO") {
			return Other
		}
		return Runtime
	}
	return Other
}

// split returns the import path and the name, without type arguments, in
// "golang.org/x/a/b.(*T[...]).M".
func split(function string) (pkg, name string) {
	// Type arguments have slashes and dots of their own.
	plain := function
	if i := strings.IndexByte(function, '['); i >= 0 {
		plain = function[:i]
	}
	i := strings.LastIndexByte(plain, '/') + 1
	j := strings.IndexByte(plain[i:], '.')
	if j < 0 {
		return function, ""
	}
	return function[:i+j], withoutTypes(function[i+j+1:])
}

// withoutTypes removes everything in square brackets.
func withoutTypes(name string) string {
	if strings.IndexByte(name, '[') < 0 {
		return name
	}
	var b strings.Builder
	depth := 0
	for _, r := range name {
		switch {
		case r == '[':
			depth++
		case r == ']' && depth > 0:
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// A Frame is a function on a stack.
type Frame struct {
	Function string `json:"function"`       // its full name, or what there is in place of one
	Name     string `json:"name"`           // short: park.(*Cond).Park
	File     string `json:"file,omitempty"` // impls/park/cond.go; without the folder for other modules
	Line     int64  `json:"line,omitempty"`
	Class    Class  `json:"class"`
}

// newFrame makes the frame of a line. In a profile of a cell, code of other
// modules is the implementation's.
func newFrame(l pprof.Line, ofCell bool) *Frame {
	function := l.Function.Name
	if function == "" {
		function = l.Function.SystemName
	}
	f := &Frame{Function: strings.ToValidUTF8(function, "\uFFFD"), Line: max(0, l.Line)}
	f.Class = Classify(f.Function)
	pkg, name := split(f.Function)
	f.Name = pkg
	if name != "" {
		f.Name = path.Base(pkg) + "." + name
	}
	if ofCell && f.Class == Other && pkg != f.Function {
		f.Class = Implementation
		if pkg == "main" {
			f.Class = Workload
		}
	}
	if l.Function.Filename != "" {
		// The path is from the machine on which it was built.
		file := strings.ToValidUTF8(l.Function.Filename, "\uFFFD")
		f.File = file[strings.LastIndexAny(file, `/\`)+1:]
		if rest, ok := strings.CutPrefix(pkg, module); ok {
			f.File = rest + "/" + f.File
		} else if f.Class == Runtime {
			f.File = pkg + "/" + f.File
		}
	}
	return f
}

// nameless is the frame of a location without functions.
func nameless(l *pprof.Location) *Frame {
	name := "(no symbols)"
	if l.Mapping != nil && l.Mapping.File != "" {
		file := strings.ToValidUTF8(l.Mapping.File, "\uFFFD")
		name = "(" + file[strings.LastIndexByte(file, '/')+1:] + ")"
	}
	return &Frame{Function: name, Name: name, Class: Other}
}
