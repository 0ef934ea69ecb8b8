package source_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/evidence"
	"github.com/idlebench/idlebench/report/source/sourcetest"
)

// An audit is used if it belongs to the run. Whatever is wrong with it, the run is
// reported.
func TestAudit(t *testing.T) {
	elsewhere := func(e *evidence.Evidence) {
		e.Config = append([]record.Pair{{Key: "cpu", Value: "Another"}}, e.Config...)
	}
	for _, test := range []struct {
		name   string
		change func(*evidence.Evidence)
		text   string // instead of an audit
		want   string // part of what is not used; "" if the audit is
	}{
		{name: "of the same machine"},
		{name: "of another machine", change: elsewhere, want: "of another machine or setup, and does not belong to this run: cpu: the audit's is Another, the run's is Made Up 1000"},
		{name: "damaged", text: "{", want: "unexpected end"},
		{name: "of another version", text: `{"version": 7}`, want: "has version 7 of its form"},
		{name: "not at its end", text: `{"version": 1}`, want: "has no evidence yet"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := writeRun(t, 2, nil)
			if in := open(t, "", dir).Inputs[0]; in.Audit != nil || in.NoAudit != "" {
				t.Errorf("without an audit: %v, %q", in.Audit, in.NoAudit)
			}
			err := sourcetest.Audit(dir, test.change)
			if test.text != "" {
				err = os.WriteFile(filepath.Join(dir, evidence.Audit.File), []byte(test.text), 0o666)
			}
			if err != nil {
				t.Fatal(err)
			}
			s := open(t, "", dir)
			in := s.Inputs[0]
			if len(in.Launches) != 2*len(sourcetest.Cells()) {
				t.Errorf("%d launches", len(in.Launches))
			}
			got := strings.Join(notUsed(s), "\n")
			if used := in.Audit != nil; used != (test.want == "") || used != (got == "") {
				t.Errorf("used: %v; not used: %q", used, got)
			}
			if !strings.Contains(got, test.want) || !strings.Contains(in.NoAudit, test.want) {
				t.Errorf("not used: %q, reason %q, want %q", got, in.NoAudit, test.want)
			}
			if file := filepath.Join(dir, evidence.Audit.File); got != "" && !strings.HasPrefix(got, file+": the audit is not used: ") {
				t.Errorf("not used: %q", got)
			}
		})
	}
}
