package catalog_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/bitmap"
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
		{impls.Implementation{Name: "Big", New: bitmap.Implementation.New}, `implementation "Big": a name is made of`},
		{impls.Implementation{Name: "a/b", New: bitmap.Implementation.New}, `implementation "a/b": a name is made of`},
		{impls.Implementation{Name: "lazy"}, `implementation "lazy" has no New`},
	} {
		c := catalog.Default()
		c.Implementations = append(c.Implementations, test.add)
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%+v: got error %v, want one with %q", test.add, err, test.want)
		}
	}
}

// Each implementation is there with every parker of this system, or with its
// own.
func TestSubjects(t *testing.T) {
	c := catalog.Default()
	parks := make(map[string][]string)
	for _, s := range c.Subjects() {
		parks[s.Impl] = append(parks[s.Impl], s.Park)
	}
	var all []string
	for _, k := range c.Parkers {
		if k.Missing == "" {
			all = append(all, k.Name)
		}
	}
	for _, i := range c.Implementations {
		want := all
		if i.Parker != "" {
			want = []string{i.Parker}
		}
		if !slices.Equal(parks[i.Name], want) {
			t.Errorf("%s has the parkers %v, want %v", i.Name, parks[i.Name], want)
		}
	}
}
