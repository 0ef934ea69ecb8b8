package format_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/format"
	"github.com/idlebench/idlebench/report/source"
)

// A value that JSON cannot write costs itself, and is named.
func TestUnwritable(t *testing.T) {
	far := time.Unix(1e15, 0)
	r := &format.Report{Source: &source.Source{Inputs: []*source.Input{{
		Name: "x",
		Cells: []*source.Cell{{Name: "A", Launches: []*source.Launch{
			{Launch: record.Launch{N: 1, Start: far, Metrics: []record.Metric{{Value: 5, Unit: "ns/op"}}}},
			{Launch: record.Launch{N: 2, Start: time.Unix(1, 0)}},
		}}},
	}}}}
	var b bytes.Buffer
	if err := format.JSON(&b, r); err != nil {
		t.Fatal(err)
	}
	var got format.Data
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	launches := got.Inputs[0].Cells[0].Launches
	if !launches[0].Start.IsZero() || launches[0].Metrics[0].Value != 5 || launches[1].Start.Unix() != 1 {
		t.Errorf("%+v", launches)
	}
	const want = "the report as JSON: inputs[0].cells[0].launches[0].start is not used: it is in the year 31690708"
	if got.Complete || len(got.NotUsed) != 1 || !strings.HasPrefix(got.NotUsed[0].String(), want) || len(r.Source.NotUsed) != 1 {
		t.Errorf("complete: %t, not used: %v, want %s", got.Complete, got.NotUsed, want)
	}
}
