package format_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/idlebench/idlebench/bench/selftest"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/format"
	"github.com/idlebench/idlebench/report/source/sourcetest"
	"github.com/idlebench/idlebench/report/verdict"
)

// A schema has the fields of each kind of object, as docs/json.md has them.
type schema map[string]map[string]string // types, by object and field

var (
	objectHead = regexp.MustCompile(`^### (.+)$`)
	fieldRow   = regexp.MustCompile("^\\| `([^`]+)` \\| ([^|]+) \\| ([^|]*) ?\\| (.*)\\|$")
)

func readSchema(t *testing.T) schema {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "json.md"))
	if err != nil {
		t.Fatal(err)
	}
	s := schema{}
	object := ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if m := objectHead.FindStringSubmatch(line); m != nil {
			if object = m[1]; s[object] != nil {
				t.Errorf("%s is described twice", object)
			}
			s[object] = map[string]string{}
		} else if m := fieldRow.FindStringSubmatch(line); m != nil {
			if s[object][m[1]] != "" {
				t.Errorf("%s.%s is described twice", object, m[1])
			}
			s[object][m[1]] = m[2]
			if number := strings.Contains(m[2], "number") || strings.Contains(m[2], "integer"); number && strings.TrimSpace(m[3]) == "" && m[1] != "version" && m[1] != "look" {
				t.Errorf("%s.%s is a number without a unit", object, m[1])
			}
		} else if strings.HasPrefix(line, "| `") {
			t.Errorf("a row that is not of the form: %s", line)
		}
	}
	return s
}

// A checker holds JSON against a schema.
type checker struct {
	schema schema
	found  map[string]bool // object.field that was there
	absent map[string]bool
	null   map[string]bool
	wrong  []string
}

func newChecker(s schema) *checker {
	return &checker{schema: s, found: map[string]bool{}, absent: map[string]bool{}, null: map[string]bool{}}
}

// check holds a value against a type; where is the field that it is of.
func (c *checker) check(where, typ string, value any) {
	is := reflect.TypeOf(value)
	switch fields, isObject := c.schema[typ]; {
	case isObject:
		object, ok := value.(map[string]any)
		if !ok {
			c.wrong = append(c.wrong, where+" is no object")
			return
		}
		for name, v := range object {
			at := typ + "." + name
			described, ok := fields[name]
			if !ok {
				c.wrong = append(c.wrong, at+" is not described")
				continue
			}
			plain := strings.TrimSuffix(strings.TrimSuffix(described, "?"), " or null")
			if v == nil {
				c.null[at] = true
				continue
			}
			c.found[at] = true
			c.check(at, plain, v)
		}
		for name := range fields {
			if _, ok := object[name]; !ok {
				c.absent[typ+"."+name] = true
			}
		}
	case typ[0] == '[':
		list, ok := value.([]any)
		if !ok {
			c.wrong = append(c.wrong, where+" is no list")
		}
		for _, v := range list {
			c.check(where, typ[1:len(typ)-1], v)
		}
	case typ[0] == '{':
		object, ok := value.(map[string]any)
		if !ok {
			c.wrong = append(c.wrong, where+" is no object")
		}
		for _, v := range object {
			c.check(where, typ[1:len(typ)-1], v)
		}
	case typ == "integer":
		n, ok := value.(json.Number)
		if _, err := strconv.ParseInt(n.String(), 10, 64); !ok || err != nil {
			c.wrong = append(c.wrong, where+" is no integer")
		}
	case typ == "number" && is == reflect.TypeFor[json.Number]():
	case typ == "string" && is == reflect.TypeFor[string]():
	case typ == "boolean" && is == reflect.TypeFor[bool]():
	case typ == "time" && is == reflect.TypeFor[string]():
		if _, err := time.Parse(time.RFC3339, value.(string)); err != nil {
			c.wrong = append(c.wrong, where+": "+err.Error())
		}
	default:
		c.wrong = append(c.wrong, where+" is not of the type "+typ)
	}
}

func (c *checker) checkText(t *testing.T, text []byte) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		t.Fatal(err)
	}
	c.check("the report", "report", value)
	for _, w := range c.wrong {
		t.Error(w)
	}
}

// fill puts something into each field of a value, in lists one element; or with
// empty only what has to be there for the fields of all objects to be seen.
func fill(v reflect.Value, empty bool) {
	switch v.Interface().(type) {
	case record.Cell:
		v.Set(reflect.ValueOf(record.Cell{Workload: "wake", Impl: "bitmap", Park: "futex", Workers: 1}))
		return
	case json.RawMessage: // a self-test's evidence, as bench/selftest wrote it
		if !empty {
			var e selftest.Evidence
			fill(reflect.ValueOf(&e).Elem(), empty)
			text, err := json.Marshal(e)
			if err != nil {
				panic(err)
			}
			v.Set(reflect.ValueOf(json.RawMessage(text)))
		}
		return
	case *verdict.Group: // in a group, whose own fields are all there
		if !empty {
			v.Set(reflect.ValueOf(&verdict.Group{}))
			fill(v.Elem(), true)
		}
		return
	case time.Time:
		if !empty {
			v.Set(reflect.ValueOf(time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)))
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Tag.Get("json") != "-" {
				if f.Anonymous && v.Field(i).Kind() == reflect.Pointer {
					v.Field(i).Set(reflect.New(f.Type.Elem()))
					fill(v.Field(i).Elem(), empty)
					continue
				}
				fill(v.Field(i), empty)
			}
		}
	case reflect.Pointer:
		if !empty {
			v.Set(reflect.New(v.Type().Elem()))
			fill(v.Elem(), empty)
		}
	case reflect.Slice:
		n := 1
		if empty && v.Type().Elem().Kind() != reflect.Struct {
			n = 0
		}
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			fill(v.Index(i), empty)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		if !empty {
			v.SetMapIndex(reflect.ValueOf("x"), reflect.ValueOf("x"))
		}
	case reflect.String:
		if !empty {
			v.SetString("x")
		}
	case reflect.Bool:
		v.SetBool(!empty)
	case reflect.Int, reflect.Int64:
		if !empty {
			v.SetInt(7)
		}
	case reflect.Float64:
		if !empty {
			v.SetFloat(0.5)
		}
	}
}

// docs/json.md describes every field that is written, with its type, and no other;
// and it says of each whether it can be absent or null.
func TestSchema(t *testing.T) {
	s := readSchema(t)
	every := map[string]string{}
	for object, fields := range s {
		for name, typ := range fields {
			every[object+"."+name] = typ
		}
	}

	var full, empty format.Data
	fill(reflect.ValueOf(&full).Elem(), false)
	fill(reflect.ValueOf(&empty).Elem(), true)
	encode := func(d format.Data) []byte {
		text, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	c := newChecker(s)
	c.checkText(t, encode(full))
	for _, field := range slices.Sorted(maps.Keys(every)) {
		if !c.found[field] {
			t.Errorf("%s is described, and is not written", field)
		}
	}

	c = newChecker(s)
	c.checkText(t, encode(empty))
	for _, field := range slices.Sorted(maps.Keys(every)) {
		typ := every[field]
		if optional := strings.HasSuffix(typ, "?"); c.absent[field] && !optional {
			t.Errorf("%s can be absent, and is %s", field, typ)
		} else if optional && (c.found[field] || c.null[field]) && !strings.HasPrefix(typ, "[") {
			t.Errorf("%s is never absent, and is %s", field, typ)
		}
		if null := strings.HasSuffix(typ, " or null"); c.null[field] && !null || null && c.found[field] {
			t.Errorf("%s is null: %t, and is %s", field, c.null[field], typ)
		}
	}
}

// What a report of a run is made of is described too, with nothing null that must
// not be.
func TestSchemaOfReport(t *testing.T) {
	s := readSchema(t)
	text, err := os.ReadFile(filepath.Join("testdata", "report.json"))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	if err := os.WriteFile("odd.txt", []byte("BenchmarkA 1 5 ns/op\nBenchmarkB/impl=x 1 NaN ns/op\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := sourcetest.RecordCells("run", sourcetest.Submitted(), 6, nil); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(sourcetest.Record("audited", 6, nil), sourcetest.Audit("audited", nil)); err != nil {
		t.Fatal(err)
	}
	for _, text := range [][]byte{text, []byte(write(t, "json", report(t, "", "audited"))), []byte(write(t, "json", report(t, ".unit:p50-ns/wake", "run"))), []byte(write(t, "json", report(t, "", "odd.txt", "missing"))), []byte(write(t, "json", report(t, ".name:none", "odd.txt")))} {
		c := newChecker(s)
		c.checkText(t, text)
		for field := range c.null {
			object, name, _ := strings.Cut(field, ".")
			if !strings.HasSuffix(s[object][name], " or null") {
				t.Errorf("%s is null", field)
			}
		}
		for field := range c.absent {
			object, name, _ := strings.Cut(field, ".")
			if !strings.HasSuffix(s[object][name], "?") {
				t.Errorf("%s is absent", field)
			}
		}
	}
}
