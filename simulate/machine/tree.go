package machine

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/idlebench/idlebench/internal/nearest"
)

// A tree is a TOML document with the line of each field. The library's decoder says
// where syntax is wrong, but not where a well-formed value came from. So the values are
// from the decoder, and the lines from a second pass with its parser.
type tree struct {
	file     string
	lines    map[string]int // by path, such as idle[1].after.value
	mistakes Mistakes
}

// A node is a value of the document. Its path begins with a dot, except the root's,
// which is empty.
type node struct {
	t     *tree
	path  string
	value any
}

func parse(file string, data []byte) (node, error) {
	t := &tree{file: file}
	root := make(map[string]any)
	if err := toml.Unmarshal(data, &root); err != nil {
		var wrong *toml.DecodeError
		line := 1
		text := err.Error()
		if errors.As(err, &wrong) {
			line, _ = wrong.Position()
			text = strings.TrimPrefix(text, "toml: ")
		}
		return node{}, Mistakes{{File: file, Line: max(1, line), Text: text}}
	}
	t.lines = positions(data)
	return node{t, "", root}, nil
}

// positions returns the line of each field and table.
func positions(data []byte) map[string]int {
	var p unstable.Parser
	p.Reset(data)
	lines := make(map[string]int)
	elements := make(map[string]int) // of arrays of tables
	var ends []int                   // of lines
	for i, c := range data {
		if c == '\n' {
			ends = append(ends, i)
		}
	}
	line := func(offset uint32) int { return 1 + sort.SearchInts(ends, int(offset)) }
	note := func(path string, at int) {
		if _, known := lines[path]; !known {
			lines[path] = at
		}
	}
	// keys appends the parts of a dotted key to a path.
	keys := func(path string, it unstable.Iterator, within bool) (string, int) {
		at := 0
		for it.Next() {
			k := it.Node()
			path += "." + string(k.Data)
			at = line(k.Raw.Offset)
			note(path, at)
			if n := elements[path]; n > 0 && within && !it.IsLast() {
				path += fmt.Sprintf("[%d]", n-1) // a table inside the last element
			}
		}
		return path, at
	}
	var values func(path string, v *unstable.Node, at int)
	values = func(path string, v *unstable.Node, at int) {
		switch v.Kind {
		case unstable.InlineTable:
			for it := v.Children(); it.Next(); {
				inner, at := keys(path, it.Node().Key(), false)
				values(inner, it.Node().Value(), at)
			}
		case unstable.Array:
			i := 0
			for it := v.Children(); it.Next(); i++ {
				element := fmt.Sprintf("%s[%d]", path, i)
				if first := leaf(it.Node()); first != nil {
					at = line(first.Raw.Offset)
				}
				note(element, at)
				values(element, it.Node(), at)
			}
		}
	}
	table := ""
	for p.NextExpression() {
		e := p.Expression()
		switch e.Kind {
		case unstable.Table:
			table, _ = keys("", e.Key(), true)
		case unstable.ArrayTable:
			path, at := keys("", e.Key(), true)
			table = fmt.Sprintf("%s[%d]", path, elements[path])
			elements[path]++
			note(table, at)
		case unstable.KeyValue:
			path, at := keys(table, e.Key(), false)
			values(path, e.Value(), at)
		}
	}
	return lines
}

// leaf returns the first node in a value that knows where it is: an array does not. It
// returns nil if there is none.
func leaf(n *unstable.Node) *unstable.Node {
	if n.Kind == unstable.Array {
		for it := n.Children(); it.Next(); {
			if l := leaf(it.Node()); l != nil {
				return l
			}
		}
		return nil
	}
	if n.Raw.Length == 0 {
		return nil
	}
	return n
}

// fail notes a mistake in the value.
func (n node) fail(format string, args ...any) {
	path := n.path
	line, known := n.t.lines[path]
	for !known && path != "" { // what is missing is missing from what it should be in
		path = path[:strings.LastIndexAny(path, ".[")]
		line, known = n.t.lines[path]
	}
	n.t.mistakes = append(n.t.mistakes, Mistake{n.t.file, max(1, line), strings.TrimPrefix(n.path, "."), fmt.Sprintf(format, args...)})
}

// child returns the value of a key in a table, whether or not it is there.
func (n node) child(key string) node {
	table, _ := n.value.(map[string]any)
	return node{n.t, n.path + "." + key, table[key]}
}

// there reports whether there is a value.
func (n node) there() bool { return n.value != nil }

// table checks that the value is a table with no fields but those allowed; with none
// given, any are.
func (n node) table(allowed ...string) bool {
	table, ok := n.value.(map[string]any)
	if !ok {
		n.wrong("a table")
		return false
	}
	for _, key := range slices.Sorted(maps.Keys(table)) {
		if len(allowed) > 0 && !slices.Contains(allowed, key) {
			n.child(key).fail("unknown field; %s", nearest.Hint(key, allowed))
		}
	}
	return true
}

// keys returns the keys of a table, sorted.
func (n node) keys() []string {
	table, _ := n.value.(map[string]any)
	return slices.Sorted(maps.Keys(table))
}

// list returns the elements of an array.
func (n node) list(what string) []node {
	all, ok := n.value.([]any)
	if !ok {
		n.wrong("a list of " + what)
		return nil
	}
	nodes := make([]node, len(all))
	for i, v := range all {
		nodes[i] = node{n.t, fmt.Sprintf("%s[%d]", n.path, i), v}
	}
	return nodes
}

// text returns a string that is not empty.
func (n node) text(what string) string {
	s, ok := n.value.(string)
	switch {
	case !ok:
		n.wrong(what)
	case strings.TrimSpace(s) == "":
		n.fail("is empty; want %s", what)
	}
	return s
}

// integer returns an integer within limits.
func (n node) integer(least, most int64) int {
	i, ok := n.value.(int64)
	switch {
	case !ok:
		n.wrong(fmt.Sprintf("a whole number from %d to %d", least, most))
	case i < least || i > most:
		n.fail("%d is out of range; want a whole number from %d to %d", i, least, most)
	default:
		return int(i)
	}
	return 0
}

func (n node) wrong(want string) {
	if !n.there() {
		n.fail("missing; want %s", want)
		return
	}
	n.fail("is %s; want %s", kindOf(n.value), want)
}

func kindOf(v any) string {
	switch v := v.(type) {
	case string:
		return "text"
	case int64:
		return fmt.Sprintf("the number %d", v)
	case float64:
		return fmt.Sprintf("the number %v", v)
	case bool:
		return fmt.Sprint(v)
	case []any:
		return "a list"
	case map[string]any:
		return "a table"
	}
	return "a date"
}
