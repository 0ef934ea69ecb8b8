package profile_test

import (
	"strings"
	"testing"

	pprof "github.com/google/pprof/profile"

	"github.com/idlebench/idlebench/record/profile"
)

func TestReadMark(t *testing.T) {
	const name = "cell=PingPong/impl=bitmap/park=cond/workers=2/gap=50us"
	for _, test := range []struct {
		comments []string
		ok       bool
		err      string
	}{
		{nil, false, ""},
		{[]string{"made by hand"}, false, ""},
		{[]string{"made by hand", name, "kind=block"}, true, ""},
		{[]string{name, "kind=block", "ops=9", "later=addition"}, true, ""},
		{[]string{name, name, "kind=block"}, true, ""},
		{[]string{name, "kind=block", "kind=mutex"}, false, "merged from several profiles, with kind=block and kind=mutex"},
		{[]string{name, "kind=heap"}, false, "there are cpu, mutex and block"},
		{[]string{name, "kind=block", "ops=-1"}, false, "negative"},
		{[]string{name, "kind=block", "ops=many"}, false, "ops=many"},
		{[]string{"cell=<b>", "kind=block"}, false, "cell=<b>"},
		{[]string{"kind=block"}, false, "missing"},
		{[]string{name}, false, "missing"},
		{[]string{""}, false, "missing"},
	} {
		p := &pprof.Profile{}
		for _, c := range test.comments {
			if c != "made by hand" {
				c = "idlebench: " + c
			}
			p.Comments = append(p.Comments, c)
		}
		_, ok, err := profile.ReadMark(p)
		if ok != test.ok || (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
			t.Errorf("%q: %v, %v; want %v, %q", test.comments, ok, err, test.ok, test.err)
		}
	}
}
