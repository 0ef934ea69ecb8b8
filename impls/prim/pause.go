//go:build perturb && !explore && !simulate

package prim

import (
	"hash/fnv"
	"os"
	"runtime"
	"slices"
	"time"
	"unsafe"
)

// seedVariable is the environment variable whose value, any string, is the seed
// of the pauses. It determines what each source of random numbers will say, and
// so how often threads pause and in what ways. It does not determine the
// schedule: which thread draws which number is up to the system. To run with a
// seed again is to look in the same place, not to replay.
const seedVariable = "IDLEBENCH_SEED"

// A source draws the pauses of the threads that come to it. Few share one, since
// a thread comes to the source that the address of its stack selects.
//
// The fields are plain, and hidden from the race detector. It must not
// be otherwise: an atomic or a lock that every thread comes through would order
// all of them in its eyes, and it would find no race any more. Two threads that
// meet at a source may draw the same number, which is as good as another.
type source struct {
	state uint64 // of the generator, never 0
	mood  uint64 // a thread pauses if the random bits that are set here are 0
	left  uint32 // draws until the mood changes

	_ [128 - 20]byte // each has its own cache lines
}

// moodLength is how many operations one mood lasts. Moods make threads
// slow for a while that were quick before, as a preemption does.
const moodLength = 64

var sources [256]source

func init() { seed(os.Getenv(seedVariable)) }

func seed(s string) {
	h := fnv.New64a()
	h.Write([]byte(s))
	state := h.Sum64()
	for i := range sources {
		state += 0x9e3779b97f4a7c15
		sources[i] = source{state: mix(state) | 1, left: 1}
	}
}

// mix is the finalizer of SplitMix64.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// next returns a random number, and whether to pause.
//
//go:norace
func (s *source) next() (random uint64, pause bool) {
	x := s.state // xorshift64
	x ^= x << 13
	x ^= x >> 7
	x ^= x << 17
	s.state = x
	random = x * 0x2545f4914f6cdd1d
	if s.left--; s.left == 0 {
		s.left = moodLength
		s.mood = 1<<(2+random>>61) - 1 // one operation in 4 to 512
	}
	return random, random&s.mood == 0
}

// pause does nothing, mostly, or something that lets other threads go first.
//
//go:norace
func pause() {
	var here byte
	stack := uint64(uintptr(unsafe.Pointer(&here))) >> 11 // the least stack has 2 kB
	random, now := sources[stack*0x9e3779b97f4a7c15>>56].next()
	if !now || peeking() {
		return
	}
	switch kind := random >> 32 % 32; {
	case kind == 0:
		time.Sleep(time.Microsecond) // and what the system adds to it
	case kind < 6:
		osYield()
	case kind < 16:
		runtime.Gosched()
	default:
		for range random >> 52 { // up to some microseconds
		}
	}
}

// Peek calls f without pauses.
//
//go:noinline
func Peek(f func()) { f() }

// peekCall is where f returns to in Peek.
var peekCall = func() (pc uintptr) {
	Peek(func() {
		var caller [1]uintptr
		runtime.Callers(2, caller[:]) // 0 is Callers, 1 is this function
		pc = caller[0]
	})
	return pc
}()

// peeking reports whether the calling thread is in Peek. It looks at the stack
// because there is no other place that is this thread's alone.
func peeking() bool {
	var callers [8]uintptr
	n := runtime.Callers(3, callers[:]) // from the caller of the operation on
	return slices.Contains(callers[:n], peekCall)
}
