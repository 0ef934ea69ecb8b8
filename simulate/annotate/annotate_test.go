package annotate

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"
)

var (
	set     = token.NewFileSet()
	imports = importer.ForCompiler(set, "source", nil) // reads each package once
)

// annotated returns the body of a function, annotated, with shorter names.
func annotated(t *testing.T, body string) (string, error) {
	t.Helper()
	source := `package x
import ("sync"; "sync/atomic")
type inner struct { n, m int; arr [4]int }
type embedded struct { deep int }
func (embedded) byValue() {}
func (*embedded) byAddress() {}
type doer interface { do() }
type node struct { next *node; in inner; list []int; names map[string]int; mu sync.Mutex; u uint64; f func(int) int; d doer; *embedded }
func (*node) method() {}
func (node) value() {}
type pair[T any] struct { a, b T }
var global int
var _ atomic.Bool
func use(...any) {}
func F(p *node, s []int, arr [4]int, i int, c chan int, v node, m map[string]int) (err error) {
	` + body + `
}
`
	syntax, err := parser.ParseFile(set, "x.go", source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{
		Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object),
		Types: make(map[ast.Expr]types.TypeAndValue), Selections: make(map[*ast.SelectorExpr]*types.Selection),
	}
	conf := types.Config{Importer: imports, Error: func(error) {}}
	_, _ = conf.Check("x", set, []*ast.File{syntax}, info) // variables may be unused
	f, err := checked{set, info, types.SizesFor("gc", "amd64"), syntax, []byte(source)}.annotate()
	if f.Source == nil {
		return body, err
	}
	if got, want := strings.Count(string(f.Source), "\n"), strings.Count(source, "\n"); got != want {
		t.Errorf("%s: %d lines became %d", body, want, got)
	}
	_, text, _ := strings.Cut(string(f.Source), "(err error) {\n\t")
	text = strings.TrimSuffix(text, "\n}\n")
	return strings.ReplaceAll(text, accessAlias+".", "·"), err
}

// What is charged, and where the annotation goes. A · is package access.
func TestAnnotations(t *testing.T) {
	for body, want := range map[string]string{
		// Variables of the function alone cost nothing.
		"x := i + 1; x++; use(x)":                      "x := i + 1; x++; use(x)",
		"arr[i] = arr[0]":                              "arr[i] = arr[0]",
		"v.in.n = v.in.arr[i]":                         "v.in.n = v.in.arr[i]",
		"use(func() int { return i })":                 "use(func() int { return i })",
		"q := 1; use(func() { x := q; x++ })":          "q := 1; use(func() { x := q; x++ })",
		"for k := range 3 { use(k) }":                  "for k := range 3 { use(k) }",
		"const c = 1; use(c, nil, len(arr), len(`x`))": "const c = 1; use(c, nil, len(arr), len(`x`))",

		// Those that others may reach are in memory.
		"use(&i); i = i + 1":      "use(&i); (*·Store(&i)) = (*·Load(&i)) + 1",
		"use(func() { i++ })":     "use(func() { (*·Update(&i))++ })",
		"use(arr[:]); arr[1] = 2": "use(arr[:]); (*·Store(&arr[1])) = 2",
		"v.method(); use(v.u)":    "v.method(); use((*·Load(&v.u)))",
		"global += i":             "(*·Update(&global)) += i",
		"use(func() { err = nil }); x, err := 1, err; use(x)": "use(func() { (*·Store(&err)) = nil }); ·Store(&err); x, err := 1, (*·Load(&err)); use(x)",

		// Beyond pointers and in slices.
		"p.u = 1":                 "(*·Store(&p.u)) = 1",
		"p.u++":                   "(*·Update(&p.u))++",
		"*p = v":                  "(*·Store(&*p)) = v",
		"use(*p)":                 "use((*·Load(&*p)))",
		"use(p.in.n)":             "use((*·Load(&p.in.n)))",
		"use(p.in)":               "use((*·Load(&p.in)))",
		"use(p.next.next.u)":      "use((*·Load(&(*·Load(&(*·Load(&p.next)).next)).u)))",
		"use(p.in.arr[i])":        "use((*·Load(&p.in.arr[i])))",
		"use(p.in.arr[p.u])":      "use((*·Load(&p.in.arr[(*·Load(&p.u))])))",
		"use(s[i], s[i:])":        "use((*·Load(&s[i])), s[i:])",
		"use(p.list[i])":          "use((*·Load(&(*·Load(&p.list))[i])))",
		"use(len(p.list))":        "use(len((*·Load(&p.list))))",
		"use(len(p.in.arr))":      "use(len(p.in.arr))",
		"s[0], s[1] = s[1], s[0]": "(*·Store(&s[0])), (*·Store(&s[1])) = (*·Load(&s[1])), (*·Load(&s[0]))",
		"use(p.in.arr[:])":        "use(p.in.arr[:])",
		"use(&p.in.n, &s[i])":     "use(&p.in.n, &s[i])",
		"use(&p.next.u)":          "use(&(*·Load(&p.next)).u)",
		"use(-p.in.n + p.in.m)":   "use(-(*·Load(&p.in.n)) + (*·Load(&p.in.m)))",
		"use((p).u)":              "use((*·Load(&(p).u)))",
		"use(p.deep)":             "use((*·Load(&(*·Load(&p.embedded)).deep)))",
		"use(v.deep)":             "use((*·Load(&(*·Load(&v.embedded)).deep)))",
		"if x := p.u; x > 0 { return p.d.(error) }": "if x := (*·Load(&p.u)); x > 0 { return (*·Load(&p.d)).(error) }",

		// Calls.
		"p.method(); p.value()":     "p.method(); (*·Load(p)).value()",
		"p.next.method()":           "(*·Load(&p.next)).method()",
		"p.d.do()":                  "(*·Load(&p.d)).do()",
		"p.byAddress()":             "(*·Load(&p.embedded)).byAddress()",
		"defer use(p.u)":            "defer use((*·Load(&p.u)))",
		"use(p.f(p.in.n))":          "use((*·Load(&p.f))((*·Load(&p.in.n))))",
		"use(uint32(p.u))":          "use(uint32((*·Load(&p.u))))",
		"atomic.AddUint64(&p.u, 1)": "atomic.AddUint64(·Locked(&p.u), 1)",
		"atomic.LoadUint64(&p.u)":   "atomic.LoadUint64(·Load(&p.u))",

		// What is made.
		"use(&inner{n: i})":             "use(·New(&inner{n: i}))",
		"use(new(inner))":               "use(·New(new(inner)))",
		"use(make([]int, p.in.n))":      "use(·Make(make([]int, (*·Load(&p.in.n)))))",
		"use([]int{p.in.n})":            "use(·Make([]int{(*·Load(&p.in.n))}))",
		"use([]*inner{{n: p.in.n}})":    "use(·Make([]*inner{{n: (*·Load(&p.in.n))}}))",
		"s = append(s, i, p.in.n)":      "s = ·To(s).Append(i, (*·Load(&p.in.n)))",
		"p.list = append(p.list, s...)": "(*·Store(&p.list)) = ·To((*·Load(&p.list))).Append(s...)",
		"use(copy(s, p.list))":          "use(·Copy(s, (*·Load(&p.list))))",
		"clear(p.list)":                 "·Clear((*·Load(&p.list)))",

		// Loops.
		"for range s {}":                         "for range s {}",
		"for k := range p.list { use(k) }":       "for k := range (*·Load(&p.list)) { use(k) }",
		"for _, x := range p.list { use(x) }":    "for _, x := range ·Elements((*·Load(&p.list))) { use(x) }",
		"for _, x := range p.in.arr { use(x) }":  "for _, x := range (*·Load(&p.in.arr)) { use(x) }",
		"for k := range p.in.arr { use(k) }":     "for k := range p.in.arr { use(k) }",
		"for _, x := range &p.in.arr { use(x) }": "for _, x := range ·Elements((&p.in.arr)[:]) { use(x) }",

		// Maps.
		"use(m[`x`])":                       "use(·MapLoad(m)[`x`])",
		"x, ok := p.names[`x`]; use(x, ok)": "x, ok := ·MapLoad((*·Load(&p.names)))[`x`]; use(x, ok)",
		"m[`x`]++":                          "·MapUpdate(m)[`x`]++",
		"p.names = make(map[string]int)":    "(*·Store(&p.names)) = make(map[string]int)",
	} {
		got, err := annotated(t, body)
		if err != nil || got != want {
			t.Errorf("%s\nis   %s\nwant %s\n%v", body, got, want, err)
		}
	}
}

// What has no annotation is an error with its place.
func TestUnclassified(t *testing.T) {
	for body, want := range map[string]string{
		"c <- 1":                        "x.go:16:2: cannot annotate Go's own concurrency",
		"go use(1)":                     "Go's own concurrency",
		"select {}":                     "Go's own concurrency",
		"use(<-c)":                      "a receive",
		"for range c {}":                "a range over a channel",
		"for k := range m { use(k) }":   "a range over a map",
		"use(len(m))":                   "len of a map",
		"clear(m)":                      "clear of a map",
		"delete(m, `x`)":                "a call of delete",
		"p.mu.Lock()":                   "a lock of package sync",
		"use(append([]byte{}, `x`...))": "the bytes of a string",
		"use(copy([]byte{}, `x`))":      "the bytes of a string",
		"for i = range s {}; use(&i)":   "a range statement that assigns",
		"use(&err); if x, err := 1, err; x > 0 {}": "",
		"p.byValue()": "a method of an embedded value",
	} {
		_, err := annotated(t, body)
		if want == "" && err == nil {
			continue
		}
		if err == nil || want == "" || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", body, err, want)
		}
	}
}
