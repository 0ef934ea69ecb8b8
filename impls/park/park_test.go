package park_test

import (
	"testing"
	"time"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/park"
)

// patience is how long a test waits for what must happen.
const patience = 20 * time.Second

// kinds are all that this build has.
var kinds = park.Kinds()

func forEach(t *testing.T, test func(t *testing.T, newParker func() impls.Parker)) {
	for _, k := range kinds {
		t.Run(k.Name, func(t *testing.T) {
			if k.Missing != "" {
				t.Skip(k.Missing)
			}
			test(t, k.New)
		})
	}
}

// within runs f and fails the test if it does not return.
func within(t *testing.T, what string, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { f(); close(done) }()
	select {
	case <-done:
	case <-time.After(patience):
		t.Fatalf("%s did not return", what)
	}
}

// A token that comes first is not lost, and two are one.
func TestTokenIsKeptAndMerged(t *testing.T) {
	forEach(t, func(t *testing.T, newParker func() impls.Parker) {
		p := newParker()
		p.Unpark()
		p.Unpark()
		within(t, "Park with a token", p.Park)
		parked := make(chan struct{})
		go func() { p.Park(); close(parked) }()
		select {
		case <-parked:
			t.Fatal("two tokens were two")
		case <-time.After(time.Millisecond): // can only fail to find the fault
		}
		p.Unpark()
		within(t, "Park after Unpark", func() { <-parked })
	})
}

// Two threads that wake each other lose no token, and each sees what the other
// wrote before: under the race detector the plain variable proves it.
func TestPingPong(t *testing.T) {
	forEach(t, func(t *testing.T, newParker func() impls.Parker) {
		const rounds = 20_000
		ping, pong := newParker(), newParker()
		n := 0
		within(t, "the exchange", func() {
			done := make(chan struct{})
			go func() {
				defer close(done)
				for range rounds {
					ping.Park()
					n++
					pong.Unpark()
				}
			}()
			for range rounds {
				n++
				ping.Unpark()
				pong.Park()
			}
			<-done
		})
		if n != 2*rounds {
			t.Errorf("n is %d, want %d", n, 2*rounds)
		}
	})
}

// Many wakers, one sleeper: what each wrote before its Unpark is seen by the
// time the sleeper has found the last of it, and the sleeper is not left asleep.
func TestManyWakers(t *testing.T) {
	forEach(t, func(t *testing.T, newParker func() impls.Parker) {
		const wakers, each = 4, 3_000
		p := newParker()
		mail := make([]chan struct{}, wakers)
		for w := range mail {
			mail[w] = make(chan struct{}, each)
		}
		within(t, "the sleeper", func() {
			for w := range wakers {
				go func() {
					for range each {
						mail[w] <- struct{}{}
						p.Unpark()
					}
				}()
			}
			for got := 0; got < wakers*each; {
				p.Park()
				for w := range mail {
					for len(mail[w]) > 0 {
						<-mail[w]
						got++
					}
				}
			}
		})
	})
}

func TestParse(t *testing.T) {
	for _, name := range []string{"spin-futex-20us", "spin-futex-1ms", "spin-futex-1.5us", "spin-futex-1s"} {
		if k, ok := park.Parse(name); !ok || k.Name != name {
			t.Errorf("%s: got %q, %v", name, k.Name, ok)
		}
	}
	for _, name := range []string{"", "spin", "spin-futex", "spin-futex-", "spin-futex-5", "spin-futex-0s", "spin-futex--1us", "spin-futex-2s", "cond-1us"} {
		if k, ok := park.Parse(name); ok {
			t.Errorf("%q is taken for %q", name, k.Name)
		}
	}
}

func TestFind(t *testing.T) {
	if k, ok := park.Find(park.Kinds(), "chan"); !ok || k.Name != "chan" {
		t.Errorf("got %v, %v", k.Name, ok)
	}
	if _, ok := park.Find(park.Kinds(), "bed"); ok {
		t.Error("there is a parker named bed")
	}
}

// What a waker pays when the worker does not sleep.
func BenchmarkUnparkAwake(b *testing.B) {
	for _, k := range kinds {
		if k.Missing != "" {
			continue
		}
		b.Run(k.Name, func(b *testing.B) {
			p := k.New()
			b.ReportAllocs()
			for b.Loop() {
				p.Unpark()
			}
		})
	}
}

// A token put and taken, without anybody sleeping.
func BenchmarkUnparkPark(b *testing.B) {
	for _, k := range kinds {
		if k.Missing != "" {
			continue
		}
		b.Run(k.Name, func(b *testing.B) {
			p := k.New()
			b.ReportAllocs()
			for b.Loop() {
				p.Unpark()
				p.Park()
			}
		})
	}
}

// Two threads that wake each other in turn: two wake-ups for each operation.
func BenchmarkRoundTrip(b *testing.B) {
	for _, k := range kinds {
		if k.Missing != "" {
			continue
		}
		b.Run(k.Name, func(b *testing.B) {
			ping, pong := k.New(), k.New()
			go func() {
				for range b.N {
					ping.Park()
					pong.Unpark()
				}
			}()
			for range b.N {
				ping.Unpark()
				pong.Park()
			}
		})
	}
}
