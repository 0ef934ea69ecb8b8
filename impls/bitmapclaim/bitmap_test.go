package bitmapclaim

import (
	"slices"
	"testing"
)

func with(cores int, members ...int) bitmap {
	b := newBitmap(cores)
	for _, core := range members {
		b.set(core)
	}
	return b
}

func members(b bitmap) (cores []int) {
	for word := range b {
		cores = slices.AppendSeq(cores, set(b[word].Load()).all(word))
	}
	return cores
}

func TestClaimFrom(t *testing.T) {
	for _, test := range []struct {
		cores, from int
		idle        []int
		want        int // -1: none
	}{
		{1, 0, nil, -1},
		{1, 0, []int{0}, 0},
		{64, 0, []int{63}, 63},
		{64, 5, []int{1, 4, 9, 63}, 9},
		{64, 9, []int{1, 9}, 9},
		{64, 10, []int{1, 9}, 1}, // round the word
		{64, 63, []int{0, 62}, 0},
		{65, 64, []int{0, 1}, 0}, // the first word follows the last
		{200, 70, []int{3, 69, 130}, 69},
		{200, 70, []int{3, 130, 190}, 130}, // the lowest of the word that follows
		{200, 70, []int{3}, 3},
		{1024, 1023, []int{959}, 959},
	} {
		b := with(test.cores, test.idle...)
		got, ok := b.claimFrom(test.from)
		if !ok {
			got = -1
		}
		if got != test.want {
			t.Errorf("%d cores, from %d, idle %v: got %d, want %d", test.cores, test.from, test.idle, got, test.want)
		}
		left := slices.DeleteFunc(slices.Clone(test.idle), func(core int) bool { return core == test.want })
		if !slices.Equal(members(b), left) {
			t.Errorf("%d cores, from %d, idle %v: left %v", test.cores, test.from, test.idle, members(b))
		}
	}
}

func TestClaim(t *testing.T) {
	for _, test := range []struct {
		idle []int
		n    int
		want []int
	}{
		{nil, 3, nil},
		{[]int{0, 7, 63}, 1, []int{0}},
		{[]int{0, 7, 63}, 2, []int{0, 7}},
		{[]int{0, 7, 63}, 3, []int{0, 7, 63}},
		{[]int{0, 7, 63}, 100, []int{0, 7, 63}},
	} {
		b := with(64, test.idle...)
		claimed := b[0].claim(test.n)
		got := slices.Collect(claimed.all(0))
		if !slices.Equal(got, test.want) || claimed.len() != len(test.want) {
			t.Errorf("%d of %v: got %v (%d)", test.n, test.idle, got, claimed.len())
		}
		if left := members(b); len(left) != len(test.idle)-len(test.want) {
			t.Errorf("%d of %v: left %v", test.n, test.idle, left)
		}
	}
}

func TestClear(t *testing.T) {
	b := with(130, 64, 129)
	if !b.clear(129) || b.clear(129) || b.clear(63) || !b.clear(64) || members(b) != nil {
		t.Errorf("left %v", members(b))
	}
}

// Of the last word only the cores that there are count.
func TestOf(t *testing.T) {
	for _, test := range []struct{ word, cores, want int }{{0, 1, 1}, {0, 63, 63}, {0, 64, 64}, {0, 65, 64}, {1, 65, 1}, {15, 1024, 64}} {
		if got := (bitmap{}).of(test.word, test.cores).len(); got != test.want {
			t.Errorf("word %d of %d cores: %d, want %d", test.word, test.cores, got, test.want)
		}
	}
}
