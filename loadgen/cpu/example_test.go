package cpu_test

import (
	"fmt"

	"github.com/idlebench/idlebench/loadgen/cpu"
)

func ExampleParse() {
	s, err := cpu.Parse("8,0-2,3")
	fmt.Println(s, len(s), err)
	_, err = cpu.Parse("3-0")
	fmt.Println(err)
	// Output:
	// 0-3,8 5 <nil>
	// cpu: CPU list "3-0": range "3-0" is reversed, write 0-3
}

// Three workers on a machine with two cores of two CPUs each: two of them have
// to share a core, and the generator shares the other.
func ExampleNewPlan() {
	topo := cpu.Topology{
		0: {Core: 0, Siblings: cpu.SetOf(0, 2)},
		1: {Core: 1, Siblings: cpu.SetOf(1, 3)},
		2: {Core: 0, Siblings: cpu.SetOf(0, 2)},
		3: {Core: 1, Siblings: cpu.SetOf(1, 3)},
	}
	p, err := cpu.NewPlan(cpu.SetOf(0, 1, 2, 3), topo, 3, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("workers:", p.Workers)
	fmt.Println("generator:", p.Generator)
	fmt.Println("runtime:", p.Runtime, "shares:", p.RuntimeShares)
	fmt.Println("oversubscribed:", p.Oversubscribed)
	fmt.Println("shared cores:", p.SharedCores)
	// Output:
	// workers: [0 1 2]
	// generator: 3
	// runtime: 3 shares: generator
	// oversubscribed: false
	// shared cores: true
}
