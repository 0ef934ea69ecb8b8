package simulate

import "testing"

// A thread that goes ahead with its own lines sees and does what it would have in its turn:
// no other's write comes before its own time, and each value of a line that moves is that of
// the one who had it.
func TestAhead(t *testing.T) {
	for seed := range uint64(20) {
		var own, other, shared Int64
		var late Time // by how much a write was seen before it was done
		type stamp struct {
			at    Time
			value int64
		}
		var written, seen []stamp
		stats, err := Run(small(2, false), seed, func() {
			Go(func() {
				Pin(1)
				for n := range int64(2000) {
					other.Add(1)
					if n%50 == 0 {
						value := shared.Add(1)
						written = append(written, stamp{Now(), value})
					}
				}
			})
			for range 4000 {
				own.Add(1)
				value := shared.Load()
				seen = append(seen, stamp{Now(), value})
			}
			Spin(-1, func() bool { return other.Load() == 2000 })
		})
		if err != nil {
			t.Fatal(err)
		}
		if own.v != 4000 || other.v != 2000 || shared.v != 40 {
			t.Errorf("seed %d: %d, %d, %d", seed, own.v, other.v, shared.v)
		}
		last := int64(0)
		for _, s := range seen {
			if s.value < last {
				t.Fatalf("seed %d: %d after %d", seed, s.value, last)
			}
			last = s.value
			for _, w := range written {
				if w.value == s.value {
					late = max(late, w.at-s.at)
				}
			}
		}
		// Now is read after the addition, so that a value may be seen while the clock is read.
		if limit := 3*small(2, false).Now + small(2, false).SameCache; late > limit {
			t.Errorf("seed %d: a value was seen %v before it was written", seed, late)
		}
		if stats.Switches == 0 {
			t.Errorf("seed %d: no switches", seed)
		}
	}
}
