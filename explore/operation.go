package explore

import "fmt"

// A kind is what sort of operation it is.
type kind struct {
	name string
	read bool // it does not change its first object

	does   locking // always, with a mutex: its first object,
	second bool    // or its second
}

// An op is a visible operation on at most two objects.
type op struct {
	kind *kind
	a, b *object // nil if there is none
}

// reads reports whether an operation only reads its i-th object.
func (o op) reads(i int) bool { return o.kind.read && i == 0 }

func (o op) String() string {
	switch {
	case o.a == nil:
		return o.kind.name
	case o.b == nil:
		return fmt.Sprintf("%s #%d", o.kind.name, o.a.name)
	}
	return fmt.Sprintf("%s #%d #%d", o.kind.name, o.a.name, o.b.name)
}

// A locking says what an operation does to a mutex.
type locking int

const (
	neither locking = 0
	takes   locking = 1
	frees   locking = 2
)

func (o op) locking(obj *object) locking {
	mutex := o.a
	if o.kind.second {
		mutex = o.b
	}
	if obj != mutex {
		return neither
	}
	return o.kind.does
}

// An object is something that operations touch. Every primitive embeds one.
type object struct {
	of   uint64 // number of the execution to which the rest belongs
	name int    // in the order of first use, for the reader

	written, read history // of the last step that changed it, of those that read it since
	*clocks               // nil until one is needed
}

type clocks struct {
	writes, all clock // of the steps that changed it, that touched it (reduction)
	released    clock // what an acquiring operation learns (data races)
}

// adopt forgets what an object knew from another execution.
func (x *execution) adopt(o *object) {
	x.objects++
	*o = object{of: x.number, name: x.objects}
}

func (o *object) known() *clocks {
	if o.clocks == nil {
		o.clocks = new(clocks)
	}
	return o.clocks
}

// acquire, release and exchange, which is both, are the edges of Go's memory model,
// for data races. They may be called on nil, outside an exploration.
func (t *thread) acquire(o *object) {
	if t != nil && t.x.races {
		t.sync.join(o.known().released)
	}
}

func (t *thread) release(o *object) {
	if t != nil && t.x.races {
		o.known().released.join(t.sync)
	}
}

func (t *thread) exchange(o *object) {
	if t != nil && t.x.races {
		t.sync.join(o.known().released)
		o.released.join(t.sync)
	}
}

// publish is a release that replaces those before.
func (t *thread) publish(o *object) {
	if t != nil && t.x.races {
		o.known().released = t.sync.copy()
	}
}
