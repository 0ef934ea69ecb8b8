package explore

import "testing"

func speedProgram() {
	var atomic Int32
	var m Mutex
	locked := 0
	for range 3 {
		Go(func() {
			for range 10 {
				atomic.Add(1)
				m.Lock()
				locked++
				m.Unlock()
			}
		})
	}
	Wait()
}

func BenchmarkSpeed(b *testing.B) {
	b.ReportAllocs()
	r := Run(speedProgram, Random(1), Limits{Executions: b.N})
	b.ReportMetric(float64(r.MaxSteps), "steps/op")
}
