package simulate

import (
	"runtime"
	"testing"
	"unsafe"
)

// Two variables are on one line if they are in one object and not too far apart,
// wherever the allocator put them.
func TestLines(t *testing.T) {
	type pair struct {
		a, b Uint64
		_    [48]byte
		c    Uint64
	}
	var m memory
	m.init()
	number := func(p unsafe.Pointer) uintptr { return m.line(p).number }
	seen := map[uintptr]bool{}
	var company []*int64
	for range 3000 {
		x, y := new(Uint32), new(pair)
		company = append(company, new(int64))
		n := number(ptr(x))
		if seen[n] {
			t.Fatal("a small variable shares its line")
		}
		seen[n] = true
		a, b, c := number(ptr(&y.a)), number(ptr(&y.b)), number(ptr(&y.c))
		if seen[a] || seen[c] || a != b || c != a+1 {
			t.Fatalf("the fields are on lines %d, %d, %d", a, b, c)
		}
		seen[a], seen[c] = true, true
		if number(ptr(&y.a)) != a || number(ptr(x)) != n {
			t.Fatal("a variable has moved")
		}
		if len(seen)%500 == 0 {
			runtime.GC()
		}
	}
	if global := number(ptr(&onALine)); global != uintptr(ptr(&onALine))/lineSize-uintptr(ptr(&anchor))/lineSize {
		t.Errorf("a global variable is on line %d", global)
	}
	runtime.KeepAlive(company)
}

var onALine Uint64
