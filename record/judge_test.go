package record

import (
	"flag"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestJudge(t *testing.T) {
	primary := map[string]string{"wake": "p50-ns/wake", "idle": ""}
	for _, c := range []struct {
		args string
		err  string
		want map[string]string
	}{
		{"", "", primary},
		{"-judge wake=tail-ns/wake", "", map[string]string{"wake": "tail-ns/wake", "idle": ""}},
		{"-judge wake=cost-ns/task -judge idle=cost-ns/sec", "", map[string]string{"wake": "cost-ns/task", "idle": "cost-ns/sec"}},
		{"-judge tail-ns/wake", "want workload=unit", nil},
		{"-judge wake=", "want workload=unit", nil},
		{"-judge wake=ns/op -judge wake=tail-ns/wake", "judged in one unit", nil},
		{"-judge walk=ns/op", "no such workload is measured; there are idle, wake", nil},
		{"-judge wake=p42-ns/wake", "there is no such unit", nil},
		{"-judge wake=tasks/op", "no better direction", nil},
	} {
		var j Judge
		flags := flag.NewFlagSet("", flag.ContinueOnError)
		flags.SetOutput(io.Discard)
		j.Flag(flags)
		err := flags.Parse(strings.Fields(c.args))
		if err == nil {
			err = j.Check(primary, Units())
		}
		if (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: error %v, want %q", c.args, err, c.err)
			continue
		}
		if err == nil {
			if diff := cmp.Diff(c.want, j.Apply(primary)); diff != "" {
				t.Errorf("%s: -want +got:\n%s", c.args, diff)
			}
		}
	}
	if primary["wake"] != "p50-ns/wake" {
		t.Error("Apply changed its argument")
	}
}
