package engine

// The bounds on repeats; see the package documentation. With them a machine that is
// never quiet takes a quarter longer, not three times as long.
const (
	maxRepeats  = 2 // of a slot, and of all slots (or slices of a group) beyond one in repeatShare
	repeatShare = 4 // slots, or slices, for each repeat
)

// mayLaunch reports whether a slot that has had some attempts may have another, after
// that many slots and repeats before it.
func mayLaunch(attempts, slots, repeats int) bool {
	return attempts == 0 || attempts <= maxRepeats && repeats+attempts <= maxRepeats+slots/repeatShare
}

// mayRepeat reports whether some more slices of a group may be repeated, after those that
// were.
func mayRepeat(more, planned, repeated int) bool {
	return repeated+more <= maxRepeats+planned/repeatShare
}
