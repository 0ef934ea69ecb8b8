package stages

import (
	"testing"

	"github.com/idlebench/idlebench/impls"
)

type noManager struct{ impls.Idle }

func (noManager) NotifyRemote() {}

type noParker struct{}

func (noParker) Park()   {}
func (noParker) Unpark() {}

// BenchmarkStamps measures stamps that no other thread reads or writes: the calls that
// take them, of a manager and a parker that do nothing, on one thread. There are four,
// three of them on the path of a wake.
func BenchmarkStamps(b *testing.B) {
	r := NewRecorder()
	r.watch(1, true)
	for _, test := range []struct {
		name   string
		idle   impls.Idle
		parker impls.Parker
	}{
		{"without", noManager{}, noParker{}},
		{"with", &manager{noManager{}, r}, &parker{noParker{}, &r.workers[0]}},
	} {
		b.Run(test.name, func(b *testing.B) {
			for b.Loop() {
				test.idle.NotifyRemote()
				test.parker.Unpark()
				test.parker.Park()
			}
		})
	}
}
