package cli

import (
	"testing"

	"github.com/idlebench/idlebench/bench/doctor"
)

func TestVerdict(t *testing.T) {
	fine := []doctor.Finding{{State: doctor.Good}, {State: doctor.Mind}, {State: doctor.Unknown}}
	if err := verdict(fine); err != nil {
		t.Errorf("nothing is bad, and yet: %v", err)
	}
	if err := verdict(append(fine, doctor.Finding{State: doctor.Bad})); err == nil {
		t.Error("something is bad, and nobody says so")
	}
}
