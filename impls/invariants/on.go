//go:build race || explore || invariants

package invariants

// Enabled is true: assertions are checked.
const Enabled = true
