package record

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A Cell is the unit of measurement: one combination of everything that is varied.
type Cell struct {
	Workload string  // in snake case: spawn_many_local
	Impl     string  // the idle manager, or the reference in its place
	Park     string  // the parker
	Workers  int     // at least 1
	Params   []Param // the workload's parameters, in its own order
}

// A Param is a parameter of a workload with its value.
type Param struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// maxName bounds a benchmark name, so that the file names made from it are
// valid everywhere.
const maxName = 200

// Name returns the cell's benchmark name, without the prefix "Benchmark":
//
//	SpawnManyLocal/impl=bitmap/park=cond/workers=2/tasks=10000
//
// Every key is always present, in this order. There is no GOMAXPROCS suffix: the number
// of workers takes its place. The name of a cell that [Cell.Validate] rejects may not
// be parseable.
func (c Cell) Name() string {
	var b strings.Builder
	b.WriteString(camel(c.Workload))
	for _, p := range c.keys() {
		b.WriteByte('/')
		b.WriteString(p.Name)
		b.WriteByte('=')
		b.WriteString(p.Value)
	}
	return b.String()
}

// Slug returns the cell's name in files, without an extension:
//
//	spawn_many_local,impl=bitmap,park=cond,workers=2,tasks=10000
//
// Different valid cells have different slugs.
func (c Cell) Slug() string {
	var b strings.Builder
	b.WriteString(c.Workload)
	for _, p := range c.keys() {
		b.WriteByte(',')
		b.WriteString(p.Name)
		b.WriteByte('=')
		b.WriteString(p.Value)
	}
	return b.String()
}

// keys returns what follows the workload in the name.
func (c Cell) keys() []Param {
	return append([]Param{
		{"impl", c.Impl},
		{"park", c.Park},
		{"workers", strconv.Itoa(c.Workers)},
	}, c.Params...)
}

// Validate reports why the cell cannot be a benchmark name. A workload is
// words of lower-case letters and digits, each beginning with a letter and
// joined by '_'; so is the name of a parameter. A value is made of ASCII
// letters, digits and "._+%-", does not begin with '-', and does not end like
// a GOMAXPROCS suffix ("-8"). Such names need no quotes in a benchstat filter
// or in a shell.
func (c Cell) Validate() error {
	if !isSnake(c.Workload) {
		return fmt.Errorf("workload %q: not of the form words_in_lower_case", c.Workload)
	}
	if c.Workers < 1 {
		return fmt.Errorf("workload %s: %d workers: at least 1 is needed", c.Workload, c.Workers)
	}
	length := len(c.Workload) // of the slug, which is at least as long as the name
	keys := c.keys()
	for i, p := range keys {
		if !isSnake(p.Name) {
			return fmt.Errorf("workload %s: parameter %q: not of the form words_in_lower_case", c.Workload, p.Name)
		}
		if slices.ContainsFunc(keys[:i], func(before Param) bool { return before.Name == p.Name }) {
			return fmt.Errorf("workload %s: parameter %s is there twice, or has the name of a fixed key", c.Workload, p.Name)
		}
		if err := checkValue(p.Value); err != nil {
			return fmt.Errorf("workload %s: %s=%q: %w", c.Workload, p.Name, p.Value, err)
		}
		length += len("/=") + len(p.Name) + len(p.Value)
	}
	if length > maxName {
		return fmt.Errorf("workload %s: a name of %d bytes: at most %d are allowed", c.Workload, length, maxName)
	}
	return nil
}

// ParseName is the inverse of [Cell.Name]. It accepts nothing that Name does
// not return for a valid cell.
func ParseName(name string) (Cell, error) {
	c, err := parseName(name)
	if err != nil {
		return Cell{}, fmt.Errorf("benchmark name %q: %w", name, err)
	}
	return c, nil
}

func parseName(name string) (Cell, error) {
	parts := strings.Split(name, "/")
	keys := make([]Param, len(parts)-1)
	for i, part := range parts[1:] {
		keys[i].Name, keys[i].Value, _ = strings.Cut(part, "=")
	}
	if len(keys) < 3 || keys[0].Name != "impl" || keys[1].Name != "park" || keys[2].Name != "workers" {
		return Cell{}, errors.New("not of the form Workload/impl=…/park=…/workers=…")
	}
	workers, err := strconv.Atoi(keys[2].Value)
	if err != nil || strconv.Itoa(workers) != keys[2].Value {
		return Cell{}, fmt.Errorf("workers=%s: not a number", keys[2].Value)
	}
	c := Cell{Workload: snake(parts[0]), Impl: keys[0].Value, Park: keys[1].Value, Workers: workers}
	if len(keys) > 3 {
		c.Params = keys[3:]
	}
	if err := c.Validate(); err != nil {
		return Cell{}, err
	}
	if camel(c.Workload) != parts[0] {
		return Cell{}, fmt.Errorf("%q is not the name of a workload", parts[0])
	}
	return c, nil
}

// MarshalText encodes a cell as its name in JSON.
func (c Cell) MarshalText() ([]byte, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	return []byte(c.Name()), nil
}

// UnmarshalText is [ParseName].
func (c *Cell) UnmarshalText(text []byte) error {
	parsed, err := ParseName(string(text))
	if err != nil {
		return err
	}
	*c = parsed
	return nil
}

func isSnake(s string) bool {
	word := false // inside a word
	for i := range len(s) {
		switch b := s[i]; {
		case 'a' <= b && b <= 'z':
			word = true
		case '0' <= b && b <= '9' && word:
		case b == '_' && word:
			word = false
		default:
			return false
		}
	}
	return word
}

func checkValue(s string) error {
	if s == "" {
		return errors.New("empty")
	}
	for _, r := range s {
		if !isAlnum(r) && !strings.ContainsRune("._+%-", r) {
			return fmt.Errorf("%q is not allowed: use ASCII letters, digits and ._+%%-", r)
		}
	}
	if s[0] == '-' {
		return errors.New("begins with '-'")
	}
	if prefix := strings.TrimRight(s, "0123456789"); prefix != s && strings.HasSuffix(prefix, "-") {
		return errors.New("ends with '-' and digits, which benchmark tools take for GOMAXPROCS")
	}
	return nil
}

func isAlnum(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}

// camel turns ping_pong into PingPong.
func camel(s string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(s, "_") {
		if word != "" {
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return b.String()
}

// snake turns PingPong into ping_pong.
func snake(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if 'A' <= s[i] && s[i] <= 'Z' {
			if i > 0 {
				b.WriteByte('_')
			}
			b.WriteByte(s[i] + 'a' - 'A')
		} else {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
