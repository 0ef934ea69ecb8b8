package explore

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/idlebench/idlebench/impls/invariants"
)

// exhaustive are the strategies that miss nothing.
func exhaustive() map[string]func() Strategy {
	return map[string]func() Strategy{
		"unbounded": func() Strategy { return Bounded(-1) },
		"reduced":   Reduced,
	}
}

// outcomes runs a program under every schedule and counts what it reports.
func outcomes(t *testing.T, s Strategy, program func(report func(string))) map[string]int {
	t.Helper()
	got := make(map[string]int)
	r := Run(func() { program(func(outcome string) { got[outcome]++ }) }, s, Limits{})
	if r.Failure != nil {
		t.Fatalf("unexpected failure: %v", r.Failure)
	}
	if !r.Complete {
		t.Fatalf("not complete: %v", r)
	}
	return got
}

// Programs whose outcomes are known.
func TestOutcomes(t *testing.T) {
	for _, test := range []struct {
		name    string
		program func(report func(string))
		want    []string
	}{
		{"store buffering has exactly three outcomes", func(report func(string)) {
			var x, y Int32
			var r1, r2 int32
			Go(func() { x.Store(1); r1 = y.Load() })
			Go(func() { y.Store(1); r2 = x.Load() })
			Wait()
			report(fmt.Sprint(r1, r2))
		}, []string{"0 1", "1 0", "1 1"}},
		{"message passing", func(report func(string)) {
			var data, flag Int32
			var f, d int32
			Go(func() { data.Store(1); flag.Store(1) })
			Go(func() { f = flag.Load(); d = data.Load() })
			Wait()
			report(fmt.Sprint(f, d))
		}, []string{"0 0", "0 1", "1 1"}},
		{"lost update", func(report func(string)) {
			var n Int32
			for range 2 {
				Go(func() { n.Store(n.Load() + 1) })
			}
			Wait()
			report(fmt.Sprint(n.Load()))
		}, []string{"1", "2"}},
		{"atomic update", func(report func(string)) {
			var n Int32
			for range 3 {
				Go(func() { n.Add(1) })
			}
			Wait()
			report(fmt.Sprint(n.Load()))
		}, []string{"3"}},
		{"mutex", func(report func(string)) {
			var m Mutex
			n := 0
			for range 3 {
				Go(func() { m.Lock(); n++; m.Unlock() })
			}
			Wait()
			report(fmt.Sprint(n))
		}, []string{"3"}},
		{"try to lock", func(report func(string)) {
			var m Mutex
			var got [2]bool
			for i := range got {
				Go(func() {
					if got[i] = m.TryLock(); got[i] {
						m.Unlock()
					}
				})
			}
			Wait()
			report(fmt.Sprint(got))
		}, []string{"[false true]", "[true false]", "[true true]"}},
		{"a channel of two values", func(report func(string)) {
			c := MakeChan[int](1)
			for i := range 2 {
				Go(func() { Send(c, i) })
			}
			report(fmt.Sprint(Recv(c), Recv(c)))
		}, []string{"0 1", "1 0"}},
		{"try to receive", func(report func(string)) {
			c := MakeChan[int](1)
			Go(func() { Send(c, 7) })
			v, ok := TryRecv(c)
			report(fmt.Sprint(v, ok))
			Wait()
		}, []string{"0 false", "7 true"}},
		{"signal wakes any waiter", func(report func(string)) {
			var m Mutex
			c := NewCond(&m)
			waiting, first := 0, -1
			for i := range 2 {
				Go(func() {
					m.Lock()
					waiting++
					c.Wait()
					if first < 0 {
						first = i
					}
					m.Unlock()
				})
			}
			for {
				m.Lock()
				both := waiting == 2
				m.Unlock()
				if both {
					break
				}
				Yield()
			}
			c.Signal()
			c.Broadcast()
			Wait()
			report(fmt.Sprint(first))
		}, []string{"0", "1"}},
		{"compare and swap", func(report func(string)) {
			var n Int32
			var won [2]bool
			for i := range won {
				Go(func() { won[i] = n.CompareAndSwap(0, 1) })
			}
			Wait()
			report(fmt.Sprint(won))
		}, []string{"[false true]", "[true false]"}},
		{"choice", func(report func(string)) {
			report(fmt.Sprint(Choose(3), Choose(2)))
		}, []string{"0 0", "0 1", "1 0", "1 1", "2 0", "2 1"}},
		{"Peterson's lock", func(report func(string)) {
			var flag [2]Bool
			var turn Int32
			var inside, most Int32
			for i := range int32(2) {
				Go(func() {
					flag[i].Store(true)
					turn.Store(1 - i)
					for flag[1-i].Load() && turn.Load() == 1-i {
						Yield()
					}
					if inside.Add(1) == 2 {
						most.Store(2)
					}
					inside.Add(-1)
					flag[i].Store(false)
				})
			}
			Wait()
			report(fmt.Sprint(most.Load()))
		}, []string{"0"}},
		{"Peterson's lock, steps swapped", func(report func(string)) {
			var flag [2]Bool
			var turn Int32
			var inside, most Int32
			for i := range int32(2) {
				Go(func() {
					turn.Store(1 - i)
					flag[i].Store(true)
					for flag[1-i].Load() && turn.Load() == 1-i {
						Yield()
					}
					if inside.Add(1) == 2 {
						most.Store(2)
					}
					inside.Add(-1)
					flag[i].Store(false)
				})
			}
			Wait()
			report(fmt.Sprint(most.Load()))
		}, []string{"0", "2"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			for name, s := range exhaustive() {
				got := slices.Sorted(maps.Keys(outcomes(t, s(), test.program)))
				if !slices.Equal(got, test.want) {
					t.Errorf("%s: got %q, want %q", name, got, test.want)
				}
			}
			// A random strategy finds nothing else, and here it finds all.
			got := make(map[string]int)
			r := Run(func() { test.program(func(o string) { got[o]++ }) }, Random(1), Limits{Executions: 2000})
			if r.Failure != nil || !slices.Equal(slices.Sorted(maps.Keys(got)), test.want) {
				t.Errorf("random: %v, got %q, want %q", r, slices.Sorted(maps.Keys(got)), test.want)
			}
		})
	}
}

// Programs that fail, and how.
func TestFailures(t *testing.T) {
	for _, test := range []struct {
		name    string
		program func()
		kind    Kind
		says    string
		bound   int // the least number of preemptions that shows it
	}{
		{"ABBA", func() {
			var a, b Mutex
			n := 0
			Go(func() { a.Lock(); b.Lock(); n++; b.Unlock(); a.Unlock() })
			Go(func() { b.Lock(); a.Lock(); n++; a.Unlock(); b.Unlock() })
		}, Deadlock, "T1 waits: lock", 1},
		{"missed signal", func() {
			var m Mutex
			c := NewCond(&m)
			var ready Bool
			Go(func() {
				if !ready.Load() { // not under the mutex
					m.Lock()
					c.Wait()
					m.Unlock()
				}
			})
			ready.Store(true)
			m.Lock()
			c.Signal()
			m.Unlock()
		}, Deadlock, "wake up and lock", 2},
		{"wait without a loop", func() {
			var m Mutex
			c := NewCond(&m)
			items := 0
			for range 2 {
				Go(func() {
					m.Lock()
					if items == 0 {
						c.Wait()
					}
					items--
					if items < 0 {
						panic("took what was not there")
					}
					m.Unlock()
				})
			}
			for range 2 {
				m.Lock()
				items++
				c.Broadcast()
				m.Unlock()
			}
		}, Panic, "took what was not there", 2},
		{"three philosophers", func() {
			var forks [3]Mutex
			meals := 0
			for i := range forks {
				Go(func() {
					forks[i].Lock()
					forks[(i+1)%3].Lock()
					meals++
					forks[(i+1)%3].Unlock()
					forks[i].Unlock()
				})
			}
		}, Deadlock, "T3 waits: lock", 1},
		{"futex wake before wait, without the word", func() {
			var word Uint32
			Go(func() { FutexWait(&word, 0) })
			FutexWake(&word, 1)
		}, Deadlock, "wake up from futex", 0},
		{"unlock of an unlocked mutex", func() {
			var m Mutex
			m.Unlock()
		}, Panic, "unlock of an unlocked mutex", 0},
		{"data race", func() {
			var v Var[int]
			var flag Bool
			Go(func() { v.Set(1); flag.Store(true) })
			if !flag.Load() {
				v.Get()
			}
		}, Race, "T0", 0},
		{"invariant", func() {
			var a, b Int32
			Always(func() error {
				if a.Load() < b.Load() {
					return fmt.Errorf("a is %d, b is %d", a.Load(), b.Load())
				}
				return nil
			})
			Go(func() { b.Add(1) })
			Go(func() { a.Add(1) })
		}, Invariant, "a is 0, b is 1", 0},
		{"a wait for what does not come", func() {
			var n Int32
			for n.Load() == 0 {
				Yield()
			}
		}, Deadlock, "T0 spins: load", 0},
		{"endless loop", func() {
			var n Int32
			for n.Add(1) > 0 {
				Yield()
			}
		}, Livelock, "more than", 0},
		{"ABA on a stack", func() {
			type node struct{ next *node }
			var top Pointer[node]
			var popped [2]*node
			a, b := new(node), new(node)
			a.next = b
			top.Store(a)
			pop := func() *node {
				for {
					n := top.Load()
					if n == nil {
						return nil
					}
					next := n.next
					if top.CompareAndSwap(n, next) {
						return n
					}
					Yield()
				}
			}
			push := func(n *node) {
				n.next = top.Load()
				top.Store(n) // only one thread pushes, so no loop
			}
			Go(func() { popped[0] = pop() })
			Go(func() {
				x := pop()
				popped[1] = pop()
				if x != nil {
					push(x)
				}
			})
			Wait()
			if n := top.Load(); n != nil && (n == popped[0] || n == popped[1]) {
				panic("a node is on the stack and was popped")
			}
		}, Panic, "a node is on the stack", 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			limits := Limits{Steps: 200, Executions: 1_000_000}
			strategies := exhaustive()
			strategies["random"] = func() Strategy { return Random(1) }
			strategies["PCT"] = func() Strategy { return PCT(3, 1) }
			if test.kind == Invariant {
				delete(strategies, "reduced") // see TestReducedRefusesInvariants
			}
			for name, s := range strategies {
				r := Run(test.program, s(), limits)
				if r.Failure == nil {
					t.Errorf("%s: not found: %v", name, r)
					continue
				}
				if r.Failure.Kind != test.kind || !strings.Contains(r.Failure.Message, test.says) {
					t.Errorf("%s: got %s: %s, want %s with %q", name, r.Failure.Kind, r.Failure.Message, test.kind, test.says)
				}
				if test.kind == Livelock {
					continue
				}
				least := Minimise(test.program, r.Failure, 10_000, 0)
				if n := least.Preemptions(); n != test.bound {
					t.Errorf("%s: minimised to %d preemptions, want %d:\n%v", name, n, test.bound, least)
				}
				replayed, err := Replay(least.Schedule)
				if err != nil {
					t.Fatal(err)
				}
				again := Run(test.program, replayed, limits)
				if again.Failure == nil || again.Failure.Schedule != least.Schedule {
					t.Errorf("%s: the replay of %s gave %v", name, least.Schedule, again.Failure)
				}
			}
			for bound := range test.bound {
				if r := Run(test.program, Bounded(bound), limits); r.Failure != nil {
					t.Errorf("found with %d preemptions: %v", bound, r.Failure)
				}
			}
		})
	}
}

// Correct programs have no failure.
func TestCorrect(t *testing.T) {
	for _, test := range []struct {
		name    string
		program func()
	}{
		{"ordered philosophers", func() {
			var forks [3]Mutex
			meals := 0
			for i := range forks {
				Go(func() {
					a, b := min(i, (i+1)%3), max(i, (i+1)%3)
					forks[a].Lock()
					forks[b].Lock()
					meals++
					forks[b].Unlock()
					forks[a].Unlock()
				})
			}
		}},
		{"bounded buffer", func() {
			var m Mutex
			c := NewCond(&m)
			items := 0
			Go(func() {
				for range 2 {
					m.Lock()
					for items == 1 {
						c.Wait()
					}
					items++
					c.Broadcast()
					m.Unlock()
				}
			})
			for range 2 {
				m.Lock()
				for items == 0 {
					c.Wait()
				}
				items--
				c.Broadcast()
				m.Unlock()
			}
		}},
		{"a futex lock (Drepper's second)", func() {
			var word Uint32
			v := new(Var[int])
			lock := func() {
				if word.CompareAndSwap(0, 1) {
					return
				}
				for word.Swap(2) != 0 {
					FutexWait(&word, 2)
				}
			}
			unlock := func() {
				if word.Swap(0) == 2 {
					FutexWake(&word, 1)
				}
			}
			for range 2 {
				Go(func() { lock(); v.Set(v.Get() + 1); unlock() })
			}
			Wait()
			if v.Get() != 2 {
				panic("not exclusive")
			}
		}},
		{"no race through an atomic", func() {
			var v Var[int]
			var flag Bool
			Go(func() { v.Set(1); flag.Store(true) })
			if flag.Load() {
				v.Get()
			}
		}},
		{"no race with who has ended", func() {
			var v Var[int]
			Go(func() {
				var n Int32
				n.Load()
				v.Set(1)
			})
			Wait()
			v.Set(2)
		}},
		{"no race through a channel", func() {
			var v Var[int]
			c := MakeChan[int](1)
			Go(func() { v.Set(1); Send(c, 1) })
			Recv(c)
			v.Set(2)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			for name, s := range exhaustive() {
				r := Run(test.program, s(), Limits{Executions: 500_000})
				if r.Failure != nil || !r.Complete {
					t.Errorf("%s: %v\n%v", name, r, r.Failure)
				}
				t.Logf("%s: %v", name, r)
			}
		})
	}
}

// classes is a strategy that also collects the classes of the executions that
// were not cut: for each step, which steps of which threads precede it by
// dependence. Threads are known by their place in the tree of threads, which does
// not depend on the schedule.
type classes struct {
	Strategy
	seen map[string]bool
}

func (c *classes) begin(x *execution) {
	c.Strategy.begin(x)
	x.clocks = true
}

func (c *classes) end(x *execution) bool {
	if !x.pruned {
		lines := make([]string, len(x.trace))
		for i, s := range x.trace {
			var known []string
			for _, t := range x.threads {
				if n := x.before[i].get(t.id); n > 0 {
					known = append(known, fmt.Sprintf("%s:%d", path(t), n))
				}
			}
			slices.Sort(known)
			lines[i] = fmt.Sprintf("%s/%d<%v", path(x.threads[s.thread]), s.index, known)
		}
		slices.Sort(lines)
		c.seen[strings.Join(lines, ";")] = true
	}
	return c.Strategy.end(x)
}

// path is a thread's name that is the same in all schedules.
func path(t *thread) string {
	if t.parent == nil {
		return ""
	}
	return fmt.Sprintf("%s.%d", path(t.parent), t.child)
}

// n threads that store to one variable have n! classes, to n variables one.
func TestClassesAreKnown(t *testing.T) {
	for _, test := range []struct {
		name    string
		program func()
		want    int
	}{
		{"the same variable", func() {
			var x Int32
			for i := range int32(4) {
				Go(func() { x.Store(i) })
			}
		}, 24},
		{"different variables", func() {
			var x [4]Int32
			for i := range x {
				Go(func() { x[i].Store(1) })
			}
		}, 1},
		{"loads only", func() {
			var x Int32
			for range 4 {
				Go(func() { x.Load() })
			}
		}, 1},
	} {
		c := &classes{Reduced(), make(map[string]bool)}
		r := Run(test.program, c, Limits{})
		if len(c.seen) != test.want || r.Executions-r.Pruned != test.want {
			t.Errorf("%s: %d classes in %d executions, of which %d were cut; want %d", test.name, len(c.seen), r.Executions, r.Pruned, test.want)
		}
	}
}

// randomProgram is a random program: some threads, each with some operations on a few
// objects.
func randomProgram(seed uint64) func(report func(string)) {
	rng := rand.New(rand.NewPCG(seed, 0))
	threads := 2 + rng.IntN(2)
	plan := make([][]int, threads)
	for i := range plan {
		for range 1 + rng.IntN(6-2*(threads-1)) {
			plan[i] = append(plan[i], rng.IntN(100))
		}
	}
	return func(report func(string)) {
		var x, y Int32
		var m Mutex
		c := MakeChan[int](2)
		word := new(Uint32)
		cond := NewCond(&m)
		outcome := make([]string, threads)
		for i, ops := range plan {
			Go(func() {
				say := func(v any) { outcome[i] += fmt.Sprint(v, " ") }
				for k, o := range ops {
					v := &x
					if o/10%2 == 1 {
						v = &y
					}
					switch o % 10 {
					case 0:
						say(v.Load())
					case 1:
						v.Store(int32(10*i + k))
					case 2:
						say(v.Add(1))
					case 3:
						say(v.CompareAndSwap(0, int32(i)))
					case 4:
						m.Lock()
						say(v.Load())
						m.Unlock()
					case 5:
						m.Lock()
						v.Store(v.Load() + 2)
						m.Unlock()
						cond.Signal()
					case 6:
						say(TrySend(c, i))
					case 7:
						n, ok := TryRecv(c)
						say(n)
						say(ok)
					case 8:
						say(Len(c))
						if m.TryLock() {
							say("locked")
							m.Unlock()
						}
					case 9:
						word.Store(1)
						FutexWake(word, 1)
						say(Choose(2))
					}
				}
			})
		}
		Wait()
		report(fmt.Sprint(outcome, x.Load(), y.Load(), Len(c)))
	}
}

// Reduction against brute force: on random programs the outcomes and the classes
// are the same. A reduction that cuts too much shows here first.
func TestReductionAgreesWithBruteForce(t *testing.T) {
	programs, skipped, pruned, executions := 100, 0, 0, 0
	if testing.Short() || invariants.Enabled {
		programs = 25 // the race detector makes it ten times slower and sees nothing here
	}
	for seed := range uint64(programs) {
		program := randomProgram(seed)
		var found [3]map[string]bool
		var class [3]map[string]bool
		var done [3]Result
		for i, s := range []Strategy{Reduced(), brute(-1), Bounded(-1)} {
			found[i] = make(map[string]bool)
			c := &classes{s, make(map[string]bool)}
			done[i] = Run(func() { program(func(o string) { found[i][o] = true }) }, c, Limits{Executions: 10_000})
			class[i] = c.seen
			if done[i].Failure != nil {
				t.Fatalf("program %d: %v", seed, done[i].Failure)
			}
		}
		if !done[1].Complete {
			skipped++ // brute force is not feasible
			continue
		}
		if !done[0].Complete {
			t.Fatalf("program %d: reduced needs more executions than brute force's %d", seed, done[1].Executions)
		}
		for i, name := range map[int]string{0: "reduced", 2: "remembering"} {
			if !maps.Equal(found[i], found[1]) {
				t.Errorf("program %d: %d outcomes %s, brute force has %d", seed, len(found[i]), name, len(found[1]))
			}
			if !maps.Equal(class[i], class[1]) {
				t.Errorf("program %d: %d classes %s, brute force has %d", seed, len(class[i]), name, len(class[1]))
			}
		}
		pruned += done[0].Pruned
		executions += done[0].Executions
	}
	t.Logf("%d programs, of %d brute force is not feasible; %d executions, %d of them cut", programs, skipped, executions, pruned)
	if skipped > programs*2/3 {
		t.Errorf("brute force was feasible for %d programs only", programs-skipped)
	}
}

func TestScheduleText(t *testing.T) {
	for _, text := range []string{"", "0", "0x3", "0.1x2.c4.c4.0", "12x100"} {
		s, err := parseSchedule(text)
		if err != nil || s.String() != text {
			t.Errorf("%q: got %q, %v", text, s, err)
		}
	}
	for _, text := range []string{"x", "0x", "0x0", "-1", "c", "c1x2", "0..1", "0x9999999999"} {
		if _, err := parseSchedule(text); err == nil {
			t.Errorf("%q is no schedule, and is accepted", text)
		}
	}
}

func FuzzSchedule(f *testing.F) {
	f.Add("0x3.1.c2")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := parseSchedule(text)
		if err != nil {
			return
		}
		again, err := parseSchedule(s.String())
		if err != nil || !slices.Equal(s, again) {
			t.Errorf("%q: %v is not %v", text, again, s)
		}
	})
}

// Deferred calls of threads that are unwound cannot do any harm.
func TestUnwinding(t *testing.T) {
	r := Run(func() {
		var m Mutex
		c := MakeChan[int](1)
		for range 2 {
			Go(func() {
				m.Lock()
				defer m.Unlock()
				defer func() { Recv(c); Send(c, 1); m.Lock(); recover() }()
				Recv(c)
			})
		}
	}, Bounded(1), Limits{})
	if r.Failure == nil || r.Failure.Kind != Deadlock {
		t.Errorf("got %v", r)
	}
}

func TestLimits(t *testing.T) {
	program := func() {
		var x Int32
		for range 4 {
			Go(func() { x.Add(1); x.Add(1) })
		}
	}
	if r := Run(program, Bounded(-1), Limits{Executions: 10}); r.Executions != 10 || r.Complete {
		t.Errorf("got %v", r)
	}
	if r := Run(program, Bounded(-1), Limits{Time: time.Nanosecond}); r.Executions != 1 || r.Complete {
		t.Errorf("got %v", r)
	}
	for _, s := range []Strategy{Random(1), PCT(3, 1)} {
		if r := Run(program, s, Limits{}); r.Executions != 10_000 || r.Complete || !strings.Contains(r.String(), "sampled") {
			t.Errorf("%T: got %v", s, r)
		}
	}
}

// Outside an exploration the primitives are those of a program with one thread.
func TestOutside(t *testing.T) {
	var m Mutex
	m.Lock()
	if m.TryLock() {
		t.Error("locked twice")
	}
	m.Unlock()
	var n Int32
	if n.Add(2) != 2 || n.Load() != 2 || !n.CompareAndSwap(2, 3) || n.Swap(4) != 3 || n.Or(3) != 4 || n.And(1) != 7 || n.Load() != 1 {
		t.Errorf("n is %d", n.Load())
	}
	c := MakeChan[string](1)
	Send(c, "a")
	if Len(c) != 1 || Recv(c) != "a" {
		t.Error("the channel lost its value")
	}
	defer func() {
		if r := recover(); r == nil || !strings.Contains(fmt.Sprint(r), "Recv would block") {
			t.Errorf("recovered %v", r)
		}
	}()
	Recv(c)
}

// One switch is one step of one thread.
func BenchmarkSwitch(b *testing.B) {
	steps := 0
	for b.Loop() {
		r := Run(func() {
			var x Int32
			for range 2 {
				Go(func() {
					for range 100 {
						x.Add(1)
					}
				})
			}
		}, Random(1), Limits{Executions: 1})
		steps += r.MaxSteps
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(steps), "ns/switch")
}

func BenchmarkExecution(b *testing.B) {
	s := Random(1)
	b.ReportAllocs()
	for b.Loop() {
		Run(func() {
			var x, y Int32
			Go(func() { x.Store(1); y.Load() })
			Go(func() { y.Store(1); x.Load() })
			Wait()
		}, s, Limits{Executions: 1})
	}
}

// Threads that spin make way for the one that ends their wait, so spinning is no
// livelock; but waiting for what no thread does is a deadlock.
func TestFairness(t *testing.T) {
	spin := func(until *Bool) func() {
		return func() {
			for !until.Load() {
				Yield()
			}
		}
	}
	for _, test := range []struct {
		name    string
		kind    Kind // of failure, or none
		program func()
	}{
		{"one spins", "", func() {
			var done Bool
			Go(spin(&done))
			done.Store(true)
		}},
		{"two spin, a third ends it", "", func() {
			var done Bool
			Go(spin(&done))
			Go(spin(&done))
			Go(func() { done.Store(true) })
		}},
		{"three spin, each lets the next go", "", func() {
			var a, b, c Bool
			Go(func() { spin(&c)() })
			Go(func() { spin(&b)(); c.Store(true) })
			Go(func() { spin(&a)(); b.Store(true) })
			a.Store(true)
		}},
		{"two spin under a lock that the third needs, in turn", "", func() {
			var m Mutex
			done := false
			locked := func() {
				for over := false; !over; Yield() {
					m.Lock()
					over = done
					m.Unlock()
				}
			}
			Go(locked)
			Go(locked)
			m.Lock()
			done = true
			m.Unlock()
		}},
		{"each spins for what the other does after", Deadlock, func() {
			var a, b Bool
			Go(func() { spin(&b)(); a.Store(true) })
			Go(func() { spin(&a)(); b.Store(true) })
		}},
		{"one spins, the other sleeps, for what does not come", Deadlock, func() {
			var a Bool
			var word Uint32
			Go(spin(&a))
			FutexWait(&word, 0)
		}},
		{"each changes something before it looks again", Livelock, func() {
			var a, b Int32
			Go(func() {
				for a.Load() == 0 {
					b.Store(0)
					Yield()
				}
			})
			for b.Load() == 0 {
				a.Store(0)
				Yield()
			}
		}},
		{"a loop that gives up by itself", "", func() {
			var a Bool
			Go(func() {
				for n := 0; n < looks-1 && !a.Load(); n++ {
					Yield()
				}
				a.Store(true)
			})
			spin(&a)()
		}},
	} {
		for name, s := range map[string]Strategy{
			"bound 1": Bounded(1), "bound 2": Bounded(2), "unbounded": Bounded(-1), "random": Random(1), "pct": PCT(3, 1),
		} {
			r := Run(test.program, s, Limits{Steps: 500, Executions: 50_000})
			switch {
			case test.kind != "" && (r.Failure == nil || r.Failure.Kind != test.kind):
				t.Errorf("%s, %s: no %s: %v", test.name, name, test.kind, r)
			case test.kind == "" && r.Failure != nil:
				t.Errorf("%s, %s: %v", test.name, name, r.Failure)
			}
		}
	}
}

// Making way hides nothing that can be seen between two looks.
func TestFairnessHidesNothing(t *testing.T) {
	got := outcomes(t, Bounded(-1), func(report func(string)) {
		var x Int32
		var saw [2]int32
		for i := range saw {
			Go(func() {
				for saw[i] = x.Load(); saw[i] == 0; saw[i] = x.Load() {
					Yield()
				}
			})
		}
		Go(func() { x.Store(1); x.Store(2) })
		Wait()
		report(fmt.Sprint(saw))
	})
	if len(got) != 4 {
		t.Errorf("outcomes %v, want each of two threads to see 1 or 2", got)
	}
}

// A Var that is touched for the first time in a late execution is watched from
// its beginning.
func TestRaceIsSeenLate(t *testing.T) {
	r := Run(func() {
		var flag Bool
		var v Var[int]
		Go(func() {
			if flag.Load() {
				v.Set(1)
			}
		})
		flag.Store(true)
		v.Set(2)
	}, Bounded(-1), Limits{})
	if r.Failure == nil || r.Failure.Kind != Race {
		t.Errorf("the race was not seen: %v", r)
	}
}

// A failure that was found by chance is shown with as few preemptions as it needs.
func TestMinimise(t *testing.T) {
	program := func() {
		var m Mutex
		var n Int32
		for range 3 {
			Go(func() {
				for range 3 {
					m.Lock()
					old := n.Load()
					m.Unlock()
					n.Store(old + 1) // too late
				}
			})
		}
		Wait()
		if n.Load() != 9 {
			panic("an update was lost")
		}
	}
	r := Run(program, Random(1), Limits{})
	if r.Failure == nil {
		t.Fatal("not found")
	}
	if n := r.Failure.Preemptions(); n < 3 {
		t.Errorf("a random schedule with %d preemptions leaves nothing to minimise", n)
	}
	for executions, most := range map[int]int{0: r.Failure.Preemptions(), 1_000: 1, 100_000: 1} {
		f := Minimise(program, r.Failure, executions, 0)
		if f.Kind != Panic || f.Preemptions() > most {
			t.Errorf("%d preemptions with %d executions, want %d\n%v", f.Preemptions(), executions, most, f)
		}
		if f.Steps[0].Source == "" {
			t.Errorf("the source is not shown:\n%v", f)
		}
		again, err := Replay(f.Schedule)
		if err != nil {
			t.Fatal(err)
		}
		if r := Run(program, again, Limits{}); r.Failure == nil || r.Failure.Schedule != f.Schedule {
			t.Errorf("schedule %s fails otherwise: %v", f.Schedule, r)
		}
	}
}

// A panic is made shorter, not another one that has fewer preemptions.
func TestMinimiseKeepsTheFailure(t *testing.T) {
	program := func() {
		var a, b Int32
		for range 2 {
			Go(func() { a.Store(a.Load() + 1) })
			Go(func() { b.Store(b.Load() + 1) })
		}
		Wait()
		switch {
		case a.Load() == 1 && b.Load() == 1:
			panic("two updates were lost")
		case a.Load() == 1:
			panic("an update was lost")
		}
	}
	var f *Failure
	for seed := uint64(1); f == nil || !strings.HasPrefix(f.Message, "two"); seed++ {
		f = Run(program, Random(seed), Limits{}).Failure
	}
	least := Minimise(program, f, 100_000, time.Minute)
	if n := least.Preemptions(); n != 2 || !strings.HasPrefix(least.Message, "two updates were lost\n") {
		t.Errorf("%d preemptions, want 2:\n%v", n, least)
	}
	// Without time it is left as it is, but for the source.
	least = Minimise(program, f, 100_000, time.Nanosecond)
	if least.Schedule != f.Schedule || least.Steps[0].Source == "" {
		t.Errorf("schedule %s, want %s\n%v", least.Schedule, f.Schedule, least)
	}
}
