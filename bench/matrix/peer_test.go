package matrix

import (
	"strings"
	"testing"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/record"
)

// Peers are rows next to what else is measured, in the workloads that they have, whatever
// implementations and parkers are chosen, and never with a variation of our harness.
func TestPeersAreRows(t *testing.T) {
	c := catalog.Default()
	c.Peers = []catalog.Peer{{Peer: record.Peer{Name: "there", Config: "tuned"}, Can: []string{"wake", "poisson"}}}
	cells, err := Cells(c, Selection{
		Workloads: []string{"wake", "fork_join"}, Impls: []string{"bitmap"}, Parks: []string{"cond"}, CPUs: 2,
		Params: []record.Param{{Name: "gap", Value: "20us"}, {Name: "submitter", Value: "block"}, {Name: "harness", Value: "usual"}, {Name: "harness", Value: "whole"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range cells {
		if record.IsPeer(c) {
			got = append(got, c.Name())
			if record.RoleOf(c) != record.Reference {
				t.Errorf("%s is a %s", c.Name(), record.RoleOf(c))
			}
		}
	}
	if want := "Wake/impl=there/park=peer-tuned/workers=1/gap=20us/submitter=block"; strings.Join(got, " ") != want {
		t.Errorf("the peer has the cells %q, want %q", got, want)
	}
}
