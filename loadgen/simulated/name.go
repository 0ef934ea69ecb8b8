//go:build simulate

package simulated

import (
	"path"
	"reflect"
	"strings"
	"unsafe"

	"github.com/idlebench/idlebench/simulate"
)

// nameLines names the lines of everything that is reachable from some variables, by
// type and field: "bitmap.Idle.state". Elements of arrays and slices have the name of
// the whole, so that the queues of all workers have one name. A line has the names of the
// variables on it that threads share, or of one plain field if there are none.
func nameLines(roots ...any) {
	for _, plain := range []bool{false, true} {
		n := namer{seen: map[visit]bool{}, plain: plain}
		for _, r := range roots {
			n.walk(reflect.ValueOf(r), "")
		}
	}
}

type visit struct {
	p unsafe.Pointer
	t reflect.Type
}

type namer struct {
	seen  map[visit]bool
	plain bool // it names plain fields
}

// simulatePath is the package whose types are what threads share.
var simulatePath = reflect.TypeFor[simulate.Mutex]().PkgPath()

// walk names what v holds and refers to. It goes by types and addresses, and calls
// nothing of the program.
func (n namer) walk(v reflect.Value, name string) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() && n.first(v) {
			n.walk(v.Elem(), name)
		}
	case reflect.Interface:
		if !v.IsNil() {
			n.walk(v.Elem(), name)
		}
	case reflect.Slice:
		if v.Len() == 0 || !n.first(v) {
			return
		}
		for i := range v.Len() {
			n.walk(v.Index(i), name)
		}
	case reflect.Array:
		for i := range v.Len() {
			n.walk(v.Index(i), name)
		}
	case reflect.Struct:
		n.fields(v, name)
	default:
		if n.plain {
			n.name(v, name)
		}
	}
}

// first reports whether a pointer or a slice has not been followed yet.
func (n namer) first(v reflect.Value) bool {
	key := visit{v.UnsafePointer(), v.Type()}
	if n.seen[key] {
		return false
	}
	n.seen[key] = true
	return true
}

func (n namer) fields(v reflect.Value, name string) {
	t := v.Type()
	if t.PkgPath() == simulatePath {
		if !n.plain {
			n.name(v, name)
		}
		return
	}
	if t.PkgPath() != "" && !strings.Contains(t.PkgPath(), ".") {
		return // of Go's library, whose insides are no one's design
	}
	if short := shortName(t); short != "" {
		name = short
	}
	for i := range t.NumField() {
		if f := t.Field(i); f.Name != "_" {
			n.walk(v.Field(i), strings.TrimPrefix(name+"."+f.Name, "."))
		}
	}
}

func (n namer) name(v reflect.Value, name string) {
	if !v.CanAddr() || name == "" || v.Type().Size() == 0 {
		return
	}
	p := unsafe.Pointer(v.UnsafeAddr())
	if n.plain && simulate.NameOf(p) != "" {
		return
	}
	simulate.Name(p, name)
}

// shortName returns the package and the name of a type, without the values of its
// parameters; "" if it has no name.
func shortName(t reflect.Type) string {
	name, _, _ := strings.Cut(t.Name(), "[")
	if name == "" {
		return ""
	}
	return path.Base(t.PkgPath()) + "." + name
}
