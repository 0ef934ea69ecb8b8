package cli

import (
	"testing"

	"github.com/idlebench/idlebench/bench/doctor"
)

func TestVerdict(t *testing.T) {
	fine := []doctor.Finding{{State: doctor.Good}, {State: doctor.Warn}, {State: doctor.Unknown}}
	if err := verdict(fine); err != nil {
		t.Errorf("nothing failed, but the verdict is %v", err)
	}
	if err := verdict(append(fine, doctor.Finding{State: doctor.Fail})); err == nil {
		t.Error("a check failed, but there is no error")
	}
}
