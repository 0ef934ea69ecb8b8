//go:build explore

package verify

import (
	"slices"
	"testing"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/verify/designs"
)

// The contract fits designs without a lock: five designs are explored as the
// built-in ones are, with one parker. Those without a lock are also explored in a
// host that has one, where tasks from outside wait for each other: there batches
// move from the injection queue to run queues while workers look without the lock
// (rule M1).
func TestDesigns(t *testing.T) {
	all := designs.All()
	for _, impl := range designs.Lockless() {
		all = append(all, designs.Locked(impl))
	}
	mine, of := options.share(t)
	kind := park.Kinds()[0]
	for n, impl := range all {
		batches := n >= len(designs.All())
		who := subject{impl, kind.Name, kind.New, impl.Name == designs.Rendezvous.Name, options.strategy != "reduced", options.futex}
		t.Run(impl.Name, func(t *testing.T) {
			for i, s := range scenarios {
				if batches && !slices.Contains([]impls.Situation{impls.Outside, impls.Batch}, s.waits) {
					continue
				}
				if options.strategy == "bounded" && s.size == large {
					continue // for them chance is enough
				}
				if options.fits(who, s) && (i+n)%of == mine%of {
					t.Run(s.name, func(t *testing.T) { options.play(t, who, s) })
				}
			}
		})
	}
}
