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
	if h.ByFirst != 0 || h.FromFirst != 0 { // the first thread never accesses it
		t.Errorf("CPU 0 had part in it: %+v", h)
	}
	if h.FromOthers < h.Misses-1 {
		t.Errorf("of %d misses %d were of a line that another CPU owned; all but the first are", h.Misses, h.FromOthers)
	}
	if len(Hottest(1)) != 0 {
		t.Error("outside of a simulation there are lines")
	}
}

// Who owned a line and who waited is told apart: the first thread writes, and another
// reads after each write.
func TestOwners(t *testing.T) {
	const times = 50
	var hot []LineUse
	must(t, small(8, false), 1, func() {
		word := new(Uint64)
		done := new(Int32)
		word.Store(0)
		Go(func() {
			Pin(3)
			for n := range uint64(times) {
				Spin(-1, func() bool { return word.Load() > n })
				done.Store(int32(n + 1))
			}
		})
		for n := range uint64(times) {
			word.Store(n + 1)
			Spin(-1, func() bool { return done.Load() == int32(n+1) })
		}
		Name(ptr(word), "word")
		Name(ptr(done), "done")
		hot = Hottest(8)
	})
	found := 0
	for _, h := range hot {
		if h.Name != "" {
			found++
		}
		switch h.Name {
		case "word": // CPU 0 writes it and CPU 3 reads it
			if h.FromFirst < times/2 || h.FromOthers != 0 || h.ByFirst == 0 || h.ByFirst >= h.Waited+h.Moved {
				t.Errorf("%+v", h)
			}
		case "done": // the other way round
			if h.FromOthers < times/2 || h.FromFirst != 0 || h.ByFirst == 0 || h.ByFirst >= h.Waited+h.Moved {
				t.Errorf("%+v", h)
			}
		}
	}
	if found != 2 {
		t.Errorf("want lines of word and of done: %+v", hot)
	}
}
