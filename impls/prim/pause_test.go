//go:build perturb && !explore && !simulate

package prim

import (
	"os"
	"slices"
	"testing"
)

// draws returns what every source says next, several times.
func draws(s string) (all []uint64) {
	seed(s)
	for i := range sources {
		for range 2 * moodLength {
			random, pause := sources[i].next()
			if pause {
				random = 0
			}
			all = append(all, random)
		}
	}
	return all
}

func TestSeed(t *testing.T) {
	defer seed(os.Getenv(seedVariable))
	first := draws("7")
	if !slices.Equal(first, draws("7")) {
		t.Error("the same seed gives other numbers")
	}
	other := draws("8")
	equal := 0
	for i := range first {
		if first[i] != 0 && first[i] == other[i] {
			equal++
		}
	}
	if equal > 0 {
		t.Errorf("another seed gives %d of the same numbers", equal)
	}
}

// Moods differ: in one of moodLength operations there are 16 pauses on average if
// the thread is at its slowest, and at its quickest hardly any.
func TestMoods(t *testing.T) {
	defer seed(os.Getenv(seedVariable))
	seed("moods")
	var pauses, calm, slow int
	for i := range sources {
		for range 20 {
			n := 0
			for range moodLength {
				if _, pause := sources[i].next(); pause {
					n++
				}
			}
			pauses += n
			switch {
			case n == 0:
				calm++
			case n >= 8:
				slow++
			}
		}
	}
	moods := 20 * len(sources)
	if rate := float64(pauses) / float64(moods*moodLength); rate < 0.05 || rate > 0.08 {
		t.Errorf("a pause in %.3f of all operations, want 0.06", rate)
	}
	if calm < moods/5 || slow < moods/10 {
		t.Errorf("of %d moods %d were calm and %d slow", moods, calm, slow)
	}
}

func TestPeekHasNoPauses(t *testing.T) {
	var inside, deeper, outside bool
	look := func() bool {
		pause := func() bool { return peeking() }
		operation := func() bool { return pause() }
		return operation()
	}
	Peek(func() { inside = look() })
	Peek(func() { func() { deeper = look() }() })
	outside = look()
	if !inside || !deeper || outside {
		t.Errorf("in Peek %v, deeper in it %v, outside %v", inside, deeper, outside)
	}
}

// Tests that count allocations do so in this build too.
func TestPausesDoNotAllocate(t *testing.T) {
	var n Int32
	if got := testing.AllocsPerRun(2000, func() { n.Add(1) }); got != 0 {
		t.Errorf("%v allocations for each operation", got)
	}
}

// Threads that do nothing but operations all get on, with a lock and a condition
// among them, and nothing is lost.
func TestOperations(t *testing.T) {
	const threads, each = 4, 2000
	var m Mutex
	var sum int
	var n Uint64
	turn := NewCond(&m)
	done := MakeChan[int](threads)
	for range threads {
		Go(func() {
			for range each {
				n.Add(1)
				m.Lock()
				sum++
				m.Unlock()
				turn.Signal()
			}
			Send(done, each)
		})
	}
	m.Lock()
	for sum < threads*each {
		turn.Wait()
	}
	m.Unlock()
	got := 0
	for range threads {
		got += Recv(done)
	}
	if got != threads*each || n.Load() != threads*each || sum != threads*each {
		t.Errorf("%d, %d and %d, want %d", got, n.Load(), sum, threads*each)
	}
}
