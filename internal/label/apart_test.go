package label

import (
	"slices"
	"testing"
)

func TestApart(t *testing.T) {
	got := Apart("a/run", "d1/x.hlog", "d2/x.hlog", "before", "-")
	if want := []string{"run", "d1/x.hlog", "d2/x.hlog", "before", "-"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
