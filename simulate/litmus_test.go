package simulate

import (
	"fmt"
	"testing"
)

// Small programs whose outcomes tell whether the memory is sequentially consistent.
// Each is run on machines of different shapes and with many seeds; the outcomes that
// sequential consistency forbids must not occur, and of the others all that are
// listed as seen must.
func TestLitmus(t *testing.T) {
	type memory struct {
		x Uint32
		_ [128]byte
		y Uint32
		_ [128]byte
		r [4]uint32
	}
	for _, test := range []struct {
		name      string
		threads   []func(*memory)
		forbidden func(*memory) bool
		different int // outcomes at least
	}{
		{"store buffering", []func(*memory){
			func(m *memory) { m.x.Store(1); m.r[0] = m.y.Load() },
			func(m *memory) { m.y.Store(1); m.r[1] = m.x.Load() },
		}, func(m *memory) bool { return m.r[0] == 0 && m.r[1] == 0 }, 2},
		{"message passing", []func(*memory){
			func(m *memory) { m.x.Store(1); m.y.Store(1) },
			func(m *memory) { m.r[0] = m.y.Load(); m.r[1] = m.x.Load() },
		}, func(m *memory) bool { return m.r[0] == 1 && m.r[1] == 0 }, 2},
		{"load buffering", []func(*memory){
			func(m *memory) { m.r[0] = m.x.Load(); m.y.Store(1) },
			func(m *memory) { m.r[1] = m.y.Load(); m.x.Store(1) },
		}, func(m *memory) bool { return m.r[0] == 1 && m.r[1] == 1 }, 2},
		{"coherence", []func(*memory){
			func(m *memory) { m.x.Store(1); m.x.Store(2) },
			func(m *memory) { m.r[0] = m.x.Load(); m.r[1] = m.x.Load() },
		}, func(m *memory) bool { return m.r[0] > m.r[1] }, 2},
		{"independent reads of independent writes", []func(*memory){
			func(m *memory) { m.x.Store(1) },
			func(m *memory) { m.y.Store(1) },
			func(m *memory) { m.r[0] = m.x.Load(); m.r[1] = m.y.Load() },
			func(m *memory) { m.r[2] = m.y.Load(); m.r[3] = m.x.Load() },
		}, func(m *memory) bool { return m.r == [4]uint32{1, 0, 1, 0} }, 3},
		{"atomicity", []func(*memory){
			func(m *memory) { m.r[0] = m.x.Add(1) },
			func(m *memory) { m.r[1] = m.x.Add(1) },
		}, func(m *memory) bool { return m.r[0] == m.r[1] }, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			outcomes := map[string]int{}
			for seed := range uint64(400) {
				m := new(memory)
				machine := small(3+int(seed)%14, seed%3 == 0)
				must(t, machine, seed, func() {
					done := MakeChan[int](len(test.threads))
					for i, f := range test.threads {
						Go(func() {
							Sleep(Millisecond - Now() + Time(mix(seed*31+uint64(i))%400)*Nanosecond)
							f(m)
							Send(done, i)
						})
					}
					for range test.threads {
						Recv(done)
					}
				})
				outcomes[fmt.Sprint(m.r)]++
				if test.forbidden(m) {
					t.Fatalf("seed %d: the outcome is %v", seed, m.r)
				}
			}
			if len(outcomes) < test.different {
				t.Errorf("only these outcomes were seen: %v", outcomes)
			}
		})
	}
}
