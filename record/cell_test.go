package record

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/perf/benchfmt"
	"pgregory.net/rapid"
)

func TestCellName(t *testing.T) {
	for _, tt := range []struct {
		cell       Cell
		name, slug string
	}{
		{
			Cell{"wake", "bitmap", "futex", 1, []Param{{"gap", "100us"}}},
			"Wake/impl=bitmap/park=futex/workers=1/gap=100us",
			"wake,impl=bitmap,park=futex,workers=1,gap=100us",
		},
		{
			Cell{"spawn_many_remote_idle", "mutexonly", "cond", 12, nil},
			"SpawnManyRemoteIdle/impl=mutexonly/park=cond/workers=12",
			"spawn_many_remote_idle,impl=mutexonly,park=cond,workers=12",
		},
		{
			Cell{"a_b2_c", "My.Idle+x", "a-2b", 1, []Param{{"p_q", "50%"}, {"r", "1e-3x"}}},
			"AB2C/impl=My.Idle+x/park=a-2b/workers=1/p_q=50%/r=1e-3x",
			"a_b2_c,impl=My.Idle+x,park=a-2b,workers=1,p_q=50%,r=1e-3x",
		},
		{
			Cell{"benchmark", "i", "p", 1, nil},
			"Benchmark/impl=i/park=p/workers=1",
			"benchmark,impl=i,park=p,workers=1",
		},
	} {
		if err := tt.cell.Validate(); err != nil {
			t.Errorf("%v: %v", tt.cell, err)
		}
		if got := tt.cell.Name(); got != tt.name {
			t.Errorf("Name = %s, want %s", got, tt.name)
		}
		if got := tt.cell.Slug(); got != tt.slug {
			t.Errorf("Slug = %s, want %s", got, tt.slug)
		}
	}
}

func TestCellValidateRefuses(t *testing.T) {
	ok := func() Cell { return Cell{"wake", "bitmap", "futex", 1, []Param{{"gap", "100us"}}} }
	for _, tt := range []struct {
		what string
		edit func(*Cell)
		want string // in the error
	}{
		{"no workload", func(c *Cell) { c.Workload = "" }, "words_in_lower_case"},
		{"upper-case workload", func(c *Cell) { c.Workload = "Wake" }, "words_in_lower_case"},
		{"double underscore", func(c *Cell) { c.Workload = "a__b" }, "words_in_lower_case"},
		{"word begins with digit", func(c *Cell) { c.Workload = "a_2" }, "words_in_lower_case"},
		{"no workers", func(c *Cell) { c.Workers = 0 }, "at least 1"},
		{"no impl", func(c *Cell) { c.Impl = "" }, `impl="": empty`},
		{"no parker", func(c *Cell) { c.Park = "" }, `park="": empty`},
		{"slash", func(c *Cell) { c.Impl = "a/b" }, "'/' is not allowed"},
		{"space", func(c *Cell) { c.Impl = "a b" }, "' ' is not allowed"},
		{"comma", func(c *Cell) { c.Impl = "a,b" }, "',' is not allowed"},
		{"micro sign", func(c *Cell) { c.Params[0].Value = "100µs" }, "'µ' is not allowed"},
		{"invalid UTF-8", func(c *Cell) { c.Impl = "\xff" }, "is not allowed"},
		{"GOMAXPROCS suffix", func(c *Cell) { c.Params[0].Value = "a-8" }, "GOMAXPROCS"},
		{"negative", func(c *Cell) { c.Params[0].Value = "-8" }, "begins with '-'"},
		{"parameter's name", func(c *Cell) { c.Params[0].Name = "a=b" }, `parameter "a=b"`},
		{"repeated parameter", func(c *Cell) { c.Params = append(c.Params, c.Params[0]) }, "gap is there twice"},
		{"fixed key", func(c *Cell) { c.Params[0].Name = "impl" }, "impl is there twice"},
		{"too long", func(c *Cell) { c.Impl = strings.Repeat("x", 200) }, "at most 200"},
	} {
		c := ok()
		tt.edit(&c)
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want one with %q", tt.what, err, tt.want)
		}
	}
}

func TestParseNameRefuses(t *testing.T) {
	for _, name := range []string{
		"",
		"Wake",
		"Wake/impl=a/park=b",
		"Wake/park=b/impl=a/workers=1",
		"Wake/impl=a/park=b/workers=01",
		"Wake/impl=a/park=b/workers=+1",
		"Wake/impl=a/park=b/workers=1-2",
		"Wake/impl=a/park=b/workers=1/",
		"Wake/impl=a/park=b/workers=1/gap",
		"Wake/impl=a=b/park=b/workers=1",
		"wake/impl=a/park=b/workers=1",
		"A_b/impl=a/park=b/workers=1",
		"BenchmarkWake/impl=a/park=b/workers=99999999999999999999",
	} {
		if c, err := ParseName(name); err == nil {
			t.Errorf("ParseName(%q) = %+v, want an error", name, c)
		}
	}
}

// cells draws valid cells.
func cells() *rapid.Generator[Cell] {
	word := rapid.StringMatching(`[a-z][a-z0-9]{0,5}(_[a-z][a-z0-9]{0,5}){0,3}`)
	value := rapid.StringMatching(`[A-Za-z0-9._+%][A-Za-z0-9._+%-]{0,8}[A-Za-z._+%]`)
	return rapid.Custom(func(t *rapid.T) Cell {
		c := Cell{
			Workload: word.Draw(t, "workload"),
			Impl:     value.Draw(t, "impl"),
			Park:     value.Draw(t, "park"),
			Workers:  rapid.IntRange(1, 1<<20).Draw(t, "workers"),
		}
		seen := map[string]bool{"impl": true, "park": true, "workers": true}
		for range rapid.IntRange(0, 3).Draw(t, "params") {
			name := word.Draw(t, "param")
			if !seen[name] {
				seen[name] = true
				c.Params = append(c.Params, Param{name, value.Draw(t, "value")})
			}
		}
		return c
	})
}

// A name comes back as its cell, and benchfmt takes it apart as we put it
// together.
func TestNameRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := cells().Draw(t, "cell")
		if err := c.Validate(); err != nil {
			t.Fatal(err)
		}
		name := c.Name()
		got, err := ParseName(name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c, got); diff != "" {
			t.Fatal(diff)
		}
		base, parts := benchfmt.Name(name).Parts()
		if string(base) != camel(c.Workload) || len(parts) != 3+len(c.Params) {
			t.Fatalf("benchfmt splits %s into %q and %q", name, base, parts)
		}
	})
}

func TestSlugsDiffer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := cells().Draw(t, "a"), cells().Draw(t, "b")
		if a.Slug() == b.Slug() && !cmp.Equal(a, b) {
			t.Fatalf("%+v and %+v have the slug %s", a, b, a.Slug())
		}
	})
}

func FuzzParseName(f *testing.F) {
	f.Add("Wake/impl=bitmap/park=futex/workers=1/gap=100us")
	f.Add("SpawnManyLocal/impl=a/park=b/workers=2")
	f.Add("Wake/impl=/park=/workers=")
	f.Add("Wake//workers=1-8")
	f.Fuzz(func(t *testing.T, name string) {
		c, err := ParseName(name)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "benchmark name ") {
				t.Errorf("the error does not say what was parsed: %v", err)
			}
			return
		}
		if got := c.Name(); got != name {
			t.Errorf("ParseName(%q).Name() = %q", name, got)
		}
	})
}
