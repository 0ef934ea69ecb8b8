//go:build !explore && !simulate

package park_test

import (
	"testing"

	"github.com/idlebench/idlebench/impls/builtin"
	"github.com/idlebench/idlebench/impls/idletest"
	"github.com/idlebench/idlebench/impls/multithread"
	"github.com/idlebench/idlebench/impls/park"
)

func init() { kinds = append(kinds, park.Others()...) }

// Managers keep their promises with the parkers that are measured on request, as package
// idletest tests it with the others: those that are measured by default, and the one that
// sleeps like this in the original. Not in parallel: a worker whose thread waits for a CPU
// looks like one that was not woken.
func TestManagersWithOthers(t *testing.T) {
	for _, k := range park.Others() {
		for _, impl := range append(builtin.Implementations(), multithread.Implementation) {
			if impl.Parker != "" {
				continue // it sleeps in its own way
			}
			t.Run(k.Name+"/"+impl.Name, func(t *testing.T) {
				if k.Missing != "" {
					t.Skip(k.Missing)
				}
				if err := idletest.Brief(impl, k.New); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

// A kind has one name, whether it is measured by default or not.
func TestOtherNames(t *testing.T) {
	for _, k := range park.Others() {
		if _, ok := park.Find(park.Kinds(), k.Name); ok {
			t.Errorf("%s is in both lists", k.Name)
		}
		if _, ok := park.Parse(k.Name); ok {
			t.Errorf("%s is also a kind with a parameter", k.Name)
		}
	}
}
