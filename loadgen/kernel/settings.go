package kernel

import (
	"errors"
	"fmt"
	"math/bits"
	"strconv"
	"strings"
	"time"
)

// Settings are what a process has instead of the kernel's defaults. The zero value
// changes nothing.
type Settings struct {
	Slack time.Duration // timer slack of all threads
	Slots Slots         // of the private futex hash
}

// maxSlack is far more than any system uses.
const maxSlack = time.Second

// ParseSlack reads a timer slack, such as 1ns or 50us.
func ParseSlack(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil || d < 1 || d > maxSlack {
		return 0, fmt.Errorf("timer slack %q: want a time from 1ns to %v, such as 50us", text, maxSlack)
	}
	return d, nil
}

// FormatSlack returns the one text of a slack that names have, in ASCII.
func FormatSlack(d time.Duration) string { return strings.Replace(d.String(), "µ", "u", 1) }

// Slots is the number of buckets of a futex hash.
type Slots int

const (
	Default Slots = 0  // the kernel chooses
	Global  Slots = -1 // all processes share one hash, as before Linux 6.16
)

// maxSlots is more buckets than the kernel itself chooses for any machine of today.
const maxSlots = 1 << 16

// ParseSlots reads a number of buckets, or "global".
func ParseSlots(text string) (Slots, error) {
	if text == "global" {
		return Global, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 2 || n > maxSlots || bits.OnesCount(uint(n)) != 1 {
		return Default, fmt.Errorf("futex slots %q: want a power of two from 2 to %d, or global", text, maxSlots)
	}
	return Slots(n), nil
}

// String returns the text that ParseSlots reads.
func (s Slots) String() string {
	switch s {
	case Default:
		return "default"
	case Global:
		return "global"
	}
	return strconv.Itoa(int(s))
}

// FewestSlots is the least number of buckets that the kernel chooses by itself.
const FewestSlots = 16

// Chosen returns how many buckets the kernel chooses for a process, as in Linux 6.16 to
// 6.18 (futex_hash_allocate_default).
func Chosen(threads, cpus int) Slots {
	n := 4 * min(threads, cpus)
	if n <= FewestSlots {
		return FewestSlots
	}
	return Slots(1 << bits.Len(uint(n-1)))
}

// errNoSlots is the error of a kernel without private futex hashes.
var errNoSlots = errors.New("this kernel has no private futex hash, which Linux has since 6.16 (CONFIG_FUTEX_PRIVATE_HASH)")
