package cpu

import (
	"io/fs"
	"slices"
)

// sameKind is the least ratio of a core's speed to that of the next faster core at
// which both are of the same kind. Cores of one kind differ by a few per cent, since
// the maker rates each individually: 5.0 and 4.7 GHz are one kind. Performance and
// efficiency cores are further apart: 5.2 and 3.9 GHz, or 1024 and 446 of capacity.
const sameKind = 0.85

// readKinds returns the kind of each CPU's core, 0 for the fastest, where known. It
// uses the first of these that is present:
//
//	cpu_core/cpus, cpu_atom/cpus                     Intel's performance and efficiency cores
//	system/cpu/cpu0/cpu_capacity                     compared with the fastest, of 1024; on Arm
//	system/cpu/cpu0/cpufreq/cpuinfo_max_freq         in kHz
//
// If all capacities are equal, they say nothing: Linux shows 1024 for every CPU where
// it has not determined them.
func readKinds(fsys fs.FS, cpus Set) (map[int]int, error) {
	fast, err := readList(fsys, "cpu_core/cpus")
	if err != nil {
		return nil, err
	}
	slow, err := readList(fsys, "cpu_atom/cpus")
	if err != nil {
		return nil, err
	}
	if fast != nil && slow != nil {
		speeds := make(map[int]int)
		for _, cpu := range fast {
			speeds[cpu] = 2
		}
		for _, cpu := range slow {
			speeds[cpu] = 1
		}
		return kinds(speeds, cpus), nil
	}
	capacity, err := readSpeeds(fsys, cpus, "cpu_capacity")
	if err != nil {
		return nil, err
	}
	if all := kinds(capacity, cpus); slices.ContainsFunc(cpus, func(cpu int) bool { return all[cpu] > 0 }) {
		return all, nil
	}
	frequency, err := readSpeeds(fsys, cpus, "cpufreq/cpuinfo_max_freq")
	if err != nil {
		return nil, err
	}
	return kinds(frequency, cpus), nil
}

// readSpeeds reads a number for each CPU, nil unless all have it: some CPUs' numbers
// say nothing about the others.
func readSpeeds(fsys fs.FS, cpus Set, name string) (map[int]int, error) {
	speeds := make(map[int]int, len(cpus))
	for _, cpu := range cpus {
		n, err := readNumber(fsys, cpuFile(cpu, name))
		if err != nil {
			return nil, err
		}
		if n <= 0 {
			return nil, nil
		}
		speeds[cpu] = n
	}
	return speeds, nil
}

// kinds groups CPUs by speed: a kind ends where the next slower core is much slower.
func kinds(speeds map[int]int, cpus Set) map[int]int {
	var sorted []int
	for _, cpu := range cpus {
		if s, ok := speeds[cpu]; ok {
			sorted = append(sorted, s)
		}
	}
	slices.Sort(sorted)
	slices.Reverse(sorted)
	ofSpeed := make(map[int]int)
	kind := 0
	for i, s := range sorted {
		if i > 0 && float64(s) < sameKind*float64(sorted[i-1]) {
			kind++
		}
		ofSpeed[s] = kind
	}
	all := make(map[int]int)
	for _, cpu := range cpus {
		if s, ok := speeds[cpu]; ok {
			all[cpu] = ofSpeed[s]
		}
	}
	return all
}
