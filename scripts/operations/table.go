package main

import "slices"

// A kind is an operation of a design, on one thread or on all.
type kind struct{ design, op, threads string }

// A table has the results by kind and number of cores.
type table struct {
	record
	designs, ops []string
	cores        []int
	values       map[kind]map[int][]result
	loads        map[int]result // by turn
}

func newTable(r record) table {
	t := table{record: r, values: map[kind]map[int][]result{}, loads: map[int]result{}}
	for _, v := range r.results {
		if v.op == loadOp {
			t.loads[v.turn] = v
			continue
		}
		t.designs, t.ops, t.cores = addNew(t.designs, v.design), addNew(t.ops, v.op), addNew(t.cores, v.cores)
		k := kind{v.design, v.op, v.threads}
		if t.values[k] == nil {
			t.values[k] = map[int][]result{}
		}
		t.values[k][v.cores] = append(t.values[k][v.cores], v)
	}
	slices.Sort(t.designs)
	slices.Sort(t.ops)
	slices.Sort(t.cores)
	return t
}

func addNew[T comparable](list []T, x T) []T {
	if slices.Contains(list, x) {
		return list
	}
	return append(list, x)
}
