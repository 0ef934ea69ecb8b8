package catalog_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/bitmap"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/loadgen"
	"github.com/idlebench/idlebench/record"
)

func TestDefaultIsValid(t *testing.T) {
	if err := catalog.Default().Validate(); err != nil {
		t.Error(err)
	}
}

func TestValidate(t *testing.T) {
	for _, test := range []struct {
		add  impls.Implementation
		want string
	}{
		{bitmap.Implementation, "there are two implementations with the name bitmap"},
		{impls.Implementation{Name: "floor", New: bitmap.Implementation.New}, "two implementations with the name floor"},
		{impls.Implementation{Name: catalog.Default().Others[0].Name, New: bitmap.Implementation.New}, "there are two implementations with the name "},
		{impls.Implementation{Name: catalog.All, New: bitmap.Implementation.New}, "there are two implementations with the name all"},
		{impls.Implementation{Name: "Big", New: bitmap.Implementation.New}, `implementation "Big": a name consists of`},
		{impls.Implementation{Name: "a/b", New: bitmap.Implementation.New}, `implementation "a/b": a name consists of`},
		{impls.Implementation{Name: "lazy"}, `implementation "lazy" has no New`},
	} {
		c := catalog.Default()
		c.Implementations = append(c.Implementations, test.add)
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%+v: got error %v, want one with %q", test.add, err, test.want)
		}
	}
}

// The prefix of parkers whose workers are goroutines is not for others.
func TestGoPrefix(t *testing.T) {
	c := catalog.Default()
	c.Parkers = append(c.Parkers, park.Kind{Name: "go-nap"})
	if err := c.Validate(); err == nil || !strings.Contains(err.Error(), `parker "go-nap"`) {
		t.Errorf("got error %v", err)
	}
}

// Each implementation is there with every parker of this system, or with its
// own, and with goroutines where the parker allows it.
func TestSubjects(t *testing.T) {
	c := catalog.Default()
	parks := make(map[string][]string)
	for _, s := range c.Subjects() {
		parks[s.Impl] = append(parks[s.Impl], s.Park)
	}
	var all []string
	for _, k := range c.Parkers {
		if k.Missing == "" && k.Yields {
			all = append(all, "go-"+k.Name)
		}
		if k.Missing == "" {
			all = append(all, k.Name)
		}
	}
	for _, i := range slices.Concat(c.Implementations, c.Others) {
		want := all
		if i.Parker != "" {
			want = []string{"go-" + i.Parker, i.Parker}
		}
		if !slices.Equal(parks[i.Name], want) {
			t.Errorf("%s has the parkers %v, want %v", i.Name, parks[i.Name], want)
		}
	}
}

// What has a parameter in its name is there if it is asked for, and only then.
func TestWith(t *testing.T) {
	c := catalog.Default()
	n := len(c.Implementations)
	more := c.With("bitmap-again", "channels-late-1300ns", "spin-futex-50us", "bitmap", "cond", "nobody-again", "bitmap-again-again")
	var impls, parkers []string
	for _, i := range more.Implementations[n:] {
		impls = append(impls, i.Name)
	}
	for _, k := range more.Parkers[len(c.Parkers):] {
		parkers = append(parkers, k.Name)
	}
	if want := []string{"bitmap-again", "channels-late-1300ns"}; !slices.Equal(impls, want) {
		t.Errorf("implementations %v were added, want %v", impls, want)
	}
	if want := []string{"spin-futex-50us"}; !slices.Equal(parkers, want) {
		t.Errorf("parkers %v were added, want %v", parkers, want)
	}
	if again := more.With("bitmap-again"); len(again.Implementations) != len(more.Implementations) {
		t.Error("bitmap-again was added twice")
	}
	if len(c.Implementations) != n {
		t.Error("the original has changed")
	}
}

// A reader of results has only names to tell yardsticks from what is under test.
func TestRoles(t *testing.T) {
	if record.GoPrefix != loadgen.GoPrefix {
		t.Errorf("the prefix of parkers with goroutines is %q to the load generator, %q to readers of results", loadgen.GoPrefix, record.GoPrefix)
	}
	c := catalog.Default()
	for _, s := range c.Subjects() {
		want := record.Implementation
		switch {
		case s.Platform:
			want = record.Calibration
		case s.OneTask:
			want = record.Floor
		case slices.ContainsFunc(loadgen.References(), func(r loadgen.Subject) bool { return r.Impl == s.Impl }):
			want = record.Reference
		}
		if got := record.RoleOf(record.Cell{Impl: s.Impl, Park: s.Park}); got != want {
			t.Errorf("%s, %s: role %s, want %s", s.Impl, s.Park, got, want)
		}
	}
}
