package cpu

import (
	"slices"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, test := range []struct {
		list string
		want Set
		text string // as String returns it
	}{
		{"0", Set{0}, "0"},
		{"7", Set{7}, "7"},
		{"0-3", Set{0, 1, 2, 3}, "0-3"},
		{"0-3,8,10-11", Set{0, 1, 2, 3, 8, 10, 11}, "0-3,8,10-11"},
		{"5-5", Set{5}, "5"},
		{"1,0", Set{0, 1}, "0-1"},
		{"2,2,1-3,0-2", Set{0, 1, 2, 3}, "0-3"},
		{"0-9,2-3,12", Set{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12}, "0-9,12"},
		{" 0 , 2-3\n", Set{0, 2, 3}, "0,2-3"},
		{"007", Set{7}, "7"},
		{"1022-1025,65535", Set{1022, 1023, 1024, 1025, 65535}, "1022-1025,65535"},
	} {
		got, err := Parse(test.list)
		if err != nil {
			t.Errorf("Parse(%q): %v", test.list, err)
			continue
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("Parse(%q) = %v, want %v", test.list, []int(got), []int(test.want))
		}
		if got.String() != test.text {
			t.Errorf("Parse(%q).String() = %q, want %q", test.list, got, test.text)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for _, test := range []struct{ list, want string }{
		{"", "empty"},
		{" \n", "empty"},
		{",", "comma"},
		{"0,", "comma"},
		{"0,,1", "comma"},
		{"3-1", `"3-1" is reversed, write 1-3`},
		{"-1", `"-1" is negative`},
		{"0,-3", `"-3" is negative`},
		{"0--3", `range "0--3"`},
		{"3-", `range "3-"`},
		{"1-2-3", `"2-3" is not a CPU number`},
		{"x", `"x" is not a CPU number`},
		{"+1", `"+1" is not a CPU number`},
		{"0x3", `"0x3" is not a CPU number`},
		{"1 2", `"1 2" is not a CPU number`},
		{"0-8:2/4", `"8:2/4" is not a CPU number`},
		{"65536", "the largest CPU number is 65535"},
		{"0-4000000000", "4000000000 is too large"},
		{"99999999999999999999999", "is too large"},
	} {
		s, err := Parse(test.list)
		if err == nil {
			t.Errorf("Parse(%q) = %v, want an error", test.list, s)
			continue
		}
		if !strings.Contains(err.Error(), test.want) {
			t.Errorf("Parse(%q): error %q does not contain %q", test.list, err, test.want)
		}
	}
}

// FuzzParse checks that what Parse accepts is a set, and that String writes it
// so that Parse reads the same.
func FuzzParse(f *testing.F) {
	for _, list := range []string{
		"0", "0-3,8,10-11", "5-5", "3-1", "-1", "0--3", ",", "", " 1 , 0 ",
		"65535", "65536", "0-65535,0-65535", "18446744073709551616", "007", "1-2-3", "٣",
	} {
		f.Add(list)
	}
	f.Fuzz(func(t *testing.T, list string) {
		s, err := Parse(list)
		if err != nil {
			if s != nil {
				t.Fatalf("Parse(%q) returns both %v and error %v", list, s, err)
			}
			return
		}
		if len(s) == 0 || s[0] < 0 || s[len(s)-1] >= MaxCPUs {
			t.Fatalf("Parse(%q) = %v: empty or out of range", list, s)
		}
		for i := range s[1:] {
			if s[i] >= s[i+1] {
				t.Fatalf("Parse(%q): %d comes before %d", list, s[i], s[i+1])
			}
		}
		again, err := Parse(s.String())
		if err != nil || !slices.Equal(again, s) {
			t.Fatalf("Parse(%q) = %v, which reads as %v, %v", list, s, again, err)
		}
	})
}

func TestSetOf(t *testing.T) {
	given := []int{3, 1, 3, 2000, 0}
	if got, want := SetOf(given...), (Set{0, 1, 3, 2000}); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if !slices.Equal(given, []int{3, 1, 3, 2000, 0}) {
		t.Errorf("the argument has become %v", given)
	}
	if s := SetOf(); len(s) != 0 || s.String() != "" {
		t.Errorf("the empty set is %q", s)
	}
}

func TestSetOperations(t *testing.T) {
	for _, test := range []struct {
		s, t       Set
		without    Set
		intersects bool
	}{
		{Set{0, 1, 2}, Set{1}, Set{0, 2}, true},
		{Set{0, 1, 2}, Set{3, 4}, Set{0, 1, 2}, false},
		{Set{0, 1}, Set{0, 1, 2}, nil, true},
		{nil, Set{0}, nil, false},
		{Set{0}, nil, Set{0}, false},
	} {
		if got := test.s.Without(test.t); !slices.Equal(got, test.without) {
			t.Errorf("%v without %v = %v, want %v", test.s, test.t, got, test.without)
		}
		if got := test.s.Intersects(test.t); got != test.intersects {
			t.Errorf("%v intersects %v = %v, want %v", test.s, test.t, got, test.intersects)
		}
	}
	s := Set{0, 3, 1024}
	for cpu, want := range map[int]bool{-1: false, 0: true, 1: false, 3: true, 1024: true, 1025: false} {
		if s.Contains(cpu) != want {
			t.Errorf("%v contains %d = %v, want %v", s, cpu, !want, want)
		}
	}
}

func TestWithin(t *testing.T) {
	allowed := Set{0, 1, 4}
	if err := (Set{0, 4}).Within(allowed); err != nil {
		t.Error(err)
	}
	for _, test := range []struct {
		s    Set
		want string
	}{
		{Set{0, 2}, "CPU 2: not available to this process, which may use 0-1,4"},
		{Set{1, 2, 3, 4, 5}, "CPUs 2-3,5: not available to this process, which may use 0-1,4"},
	} {
		err := test.s.Within(allowed)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v within %v: error %v, want one that contains %q", test.s, allowed, err, test.want)
		}
	}
}
