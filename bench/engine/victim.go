package engine

import (
	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/loadgen"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/record"
)

// CheckVictims returns an error if a cell has a victim for which the CPUs to use have no
// place.
func CheckVictims(c catalog.Catalog, cells []record.Cell, use cpu.Set) error {
	for _, cell := range cells {
		if matrix.Victim(cell) == "" {
			continue
		}
		spec, err := matrix.Spec(c, cell, use)
		if err != nil {
			return err
		}
		if _, _, err := loadgen.Seat(spec); err != nil {
			return err
		}
	}
	return nil
}
