package latency

import "testing"

// Both ways to read the clock tell the same time, within what a reading takes. The
// closest of many is taken, as anything may come between two readings.
func TestNowCall(t *testing.T) {
	const enough = 20_000 // ns
	closest := int64(1 << 62)
	for range 1000 {
		before := Now()
		call := NowCall()
		after := Now()
		if wrong := max(before-call, call-after, 0); wrong < closest {
			closest = wrong
		}
	}
	if closest > enough {
		t.Errorf("they differ by %d ns", closest)
	}
}
