//go:build explore

package verify

import (
	"testing"

	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/verify/designs"
)

// The contract fits designs without a lock: five of them are explored as the
// built-in ones are, in all scenarios, with one parker.
func TestDesigns(t *testing.T) {
	mine, of := share(t)
	kind := park.Kinds()[0]
	for n, impl := range designs.All() {
		t.Run(impl.Name, func(t *testing.T) {
			for i, s := range scenarios {
				who := subject{impl, kind.Name, kind.New, kind.Spins}
				if fits(who, s) && (i+n)%of == mine%of {
					t.Run(s.name, func(t *testing.T) { play(t, who, s) })
				}
			}
		})
	}
}
