package workload

import "testing"

func TestDefaultWorkersAndNeeds(t *testing.T) {
	given := func(name, value string) map[string]string { return map[string]string{name: value} }
	for _, test := range []struct {
		w       Workload
		given   map[string]string
		cpus    int
		workers int // by default
		needs   int // with that many
	}{
		{wake, nil, 1, 1, 0},
		{wake, nil, 2, 1, 0},
		{wake, nil, 3, 2, 0},
		{wake, nil, 4, 2, 0}, // from here on the Go runtime has a CPU
		{wake, nil, 5, 3, 0},
		{wake, nil, 8, 6, 0},
		{wake, nil, 1024, 1022, 0},
		{pingPong, nil, 2, 4, 5},
		{pingPong, nil, 64, 4, 5},
		{debt, nil, 2, 4, 5}, // the generator is the observer
		{forkJoin, nil, 2, 1, 3},
		{forkJoin, nil, 8, 6, 7},
		{poisson, nil, 2, 1, 2},
		{poisson, given("generators", "3"), 8, 4, 7},
		{poisson, given("generators", "3"), 2, 1, 4},
		{remoteSpawn, given("producers", "1"), 8, 6, 7},
		{remoteSpawn, given("producers", "2"), 8, 5, 7},
		{remoteSpawn, given("producers", "64"), 2, 1, 66},
		{remoteSpawn, given("producers", "64"), 8, 4, 68}, // half of the CPUs at most
		{remoteSpawn, given("producers", "64"), 96, 48, 112},
		{stormShutdown, given("producers", "2"), 8, 4, 7},
		{mixed, given("ratio", "1"), 8, 4, 8},
		{mixed, given("ratio", "31"), 8, 4, 128},
		{mixed, given("ratio", "31"), 2, 1, 64},
	} {
		v, err := test.w.Values(test.given)
		if err != nil {
			t.Fatal(err)
		}
		workers := test.w.DefaultWorkers(v, test.cpus)
		if needs := test.w.Needs(v, workers); workers != test.workers || needs != test.needs {
			t.Errorf("%s %v on %d CPUs: %d workers, which need %d; want %d and %d",
				test.w.Name, test.given, test.cpus, workers, needs, test.workers, test.needs)
		}
	}
}
