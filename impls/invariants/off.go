//go:build !(race || explore || invariants)

package invariants

// Enabled is false: assertions are dead branches that the compiler removes.
const Enabled = false
