package simulate

import "testing"

// The line that all threads write is the hottest, and its costs are those of the
// simulation.
func TestHottest(t *testing.T) {
	m := small(8, false)
	var hot []LineUse
	stats := must(t, m, 1, func() {
		all := new(struct {
			shared Uint64
			_      [120]byte
			own    [8][16]Uint64
		})
		join(7, func(i int) {
			for range 3000 {
				all.own[i][0].Add(1)
				all.shared.Add(1)
			}
		})
		Name(ptr(&all.shared), "shared")
		Name(ptr(&all.own[1]), "own")
		Name(ptr(&all.own[1][1]), "next")
		before := Now()
		hot = Hottest(3)
		if after := Now(); after-before > 2*(m.Now+m.Code) {
			t.Errorf("to look took %v", after-before)
		}
	})
	if len(hot) != 3 || hot[0].Name != "shared" {
		t.Fatalf("the hottest lines are %+v", hot)
	}
	h := hot[0]
	if h.Accesses != 21000 || h.Misses < 1000 || h.Misses > 21000 || h.Waited == 0 || h.Waited > stats.Waited || h.Moved < Time(h.Misses)*m.SameCache {
		t.Errorf("%+v in %+v", h, stats)
	}
	if len(Hottest(1)) != 0 {
		t.Error("outside of a simulation there are lines")
	}
}
