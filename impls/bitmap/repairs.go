package bitmap

// Repairs is a set of the original's defects that a manager does without. The
// canonical manager has none repaired. Package bitmapfixed explains each repair.
type Repairs uint8

// The repairs, by the names of the defects in the package documentation.
const (
	B2  Repairs = 1 << iota // NotifyLocal leaves its note under the lock
	B4                      // NotifyMult leaves a note if it wakes fewer than n
	B9                      // the last look leaves a note if there is no core
	B10                     // the last look includes the injection queue
	B11                     // a claim that fails leaves the count before it leaves the note
)
