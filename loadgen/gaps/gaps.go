// Package gaps records the idle gaps of workers: for how long each slept, how long the wake
// took, and what CPU time that used. It wraps the parkers, so it works with every idle
// manager that takes one.
//
// Recording costs some 0.5 µs of CPU time for each sleep, when the worker is about to sleep
// and after it woke. So a launch that records is for its gaps only; times and CPU time of
// tasks are of other launches.
//
// # Which sleeps count
//
// A gap begins when Park is called and ends when Unpark is. If the token was there before,
// there was no gap. Only gaps that begin and end while the recorder is on count.
package gaps

import (
	"runtime"
	"slices"
	"time"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/latency"
)

// A Gap is one sleep of a worker, in nanoseconds.
type Gap struct {
	Idle int64 `json:"idle"` // from Park to Unpark
	Wake int64 `json:"wake"` // from Unpark until Park returned
	CPU  int64 `json:"cpu"`  // CPU time of the worker's thread in Park
}

// most is how many gaps of a worker are kept; what comes after them is counted.
const most = 1 << 17

// A Recorder has the gaps of all workers. Its workers have to be threads, not goroutines
// that share them.
type Recorder struct {
	on   prim.Bool
	mu   prim.Mutex
	all  []*parker // guarded by mu
	cost int64     // CPU time that recording adds to a gap
}

// NewRecorder returns a recorder that is off.
func NewRecorder() *Recorder { return &Recorder{cost: overhead()} }

// overhead returns the CPU time that a gap of no length would have.
func overhead() int64 {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	costs := make([]int64, 101)
	for i := range costs {
		cpu := threadTime()
		_ = latency.Now()
		_ = latency.Now()
		costs[i] = threadTime() - cpu
	}
	slices.Sort(costs)
	return costs[len(costs)/2]
}

// Kind returns the kind of parker, recorded.
func (r *Recorder) Kind(k park.Kind) park.Kind {
	original := k.New
	k.New = func() impls.Parker {
		p := &parker{parker: original(), recorder: r, gaps: make([]Gap, 0, most)}
		r.mu.Lock()
		r.all = append(r.all, p)
		r.mu.Unlock()
		return p
	}
	return k
}

// Around records while run runs.
func (r *Recorder) Around(run func() error) error {
	r.on.Store(true)
	defer r.on.Store(false)
	return run()
}

// Gaps returns the gaps of each worker that had some, in their order, and how many there was
// no room for. The workers have to have ended.
func (r *Recorder) Gaps() (workers [][]Gap, lost int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range r.all {
		if len(p.gaps) > 0 {
			workers = append(workers, p.gaps)
		}
		lost += p.lost
	}
	return workers, lost
}

// A parker records the gaps of one worker.
type parker struct {
	parker   impls.Parker
	recorder *Recorder
	gaps     []Gap // the worker's own
	lost     int
	_        [impls.CacheLine]byte

	// woken is when Unpark was called, the first of several times; 0 if it was not since the
	// last Park. The waker's and the worker's, so it is atomic.
	woken prim.Int64
	_     [impls.CacheLine]byte
}

// Park blocks until there is a token, and takes it.
func (p *parker) Park() {
	on := p.recorder.on.Load()
	var used int64
	if on {
		used = threadTime()
	}
	begin := latency.Now()
	p.parker.Park()
	end := latency.Now()
	woken := p.woken.Swap(0)
	// A token that was there before left an older time, or none if Unpark was called after
	// the swap of the last Park.
	if !on || woken <= begin || !p.recorder.on.Load() {
		return
	}
	if len(p.gaps) == cap(p.gaps) {
		p.lost++
		return
	}
	used = max(0, threadTime()-used-p.recorder.cost)
	p.gaps = append(p.gaps, Gap{Idle: woken - begin, Wake: max(0, end-woken), CPU: used})
}

// Unpark makes the token available.
func (p *parker) Unpark() {
	p.woken.CompareAndSwap(0, latency.Now())
	p.parker.Unpark()
}

// threadTime returns the CPU time of the calling thread in nanoseconds, 0 where it is
// unknown.
func threadTime() int64 {
	u, _ := cpu.ThreadUsage()
	return int64(u.CPU / time.Nanosecond)
}
