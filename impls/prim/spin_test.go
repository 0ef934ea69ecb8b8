//go:build !explore && !simulate

package prim

import "testing"

func TestYieldTimes(t *testing.T) {
	for _, test := range []struct {
		n, doneAt, looks int
		want             bool
	}{
		{3, 2, 2, true},
		{3, 3, 3, true},
		{3, 4, 3, false},
		{1, 1, 1, true},
		{0, 1, 0, false},
	} {
		looks := 0
		got := YieldTimes(test.n, func() bool {
			looks++
			return looks == test.doneAt
		})
		if got != test.want || looks != test.looks {
			t.Errorf("%d times, done at look %d: %v after %d looks", test.n, test.doneAt, got, looks)
		}
	}
}
