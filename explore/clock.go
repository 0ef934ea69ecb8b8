package explore

// A clock is a vector clock: for each thread, how many of its steps are known.
type clock []int

func (c clock) get(thread int) int {
	if thread < len(c) {
		return c[thread]
	}
	return 0
}

func (c *clock) set(thread, n int) {
	for len(*c) <= thread {
		*c = append(*c, 0)
	}
	(*c)[thread] = n
}

func (c *clock) join(d clock) {
	for thread, n := range d {
		if n > c.get(thread) {
			c.set(thread, n)
		}
	}
}

func (c clock) copy() clock { return append(clock(nil), c...) }
