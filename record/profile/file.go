// Package profile defines the form of the profiles in a result folder: their kinds,
// their file names, and what a file says about itself ([Mark]). Package bench/profile
// records them, and explains what each kind sees; package report/profile reads them,
// and those of other programs.
package profile

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/record"
)

// A Kind is what a profile counts.
type Kind string

const (
	CPU   Kind = "cpu"   // CPU time
	Mutex Kind = "mutex" // time that others waited for a lock, by the unlocking stack
	Block Kind = "block" // time waited, by the waiting stack
)

// Waits reports whether a profile of the kind counts waits, and not time on a CPU.
func (k Kind) Waits() bool { return k == Mutex || k == Block }

// Kinds returns all kinds.
func Kinds() []Kind { return []Kind{CPU, Mutex, Block} }

// Parse returns the kind with the given name.
func Parse(name string) (Kind, error) {
	if k := Kind(name); slices.Contains(Kinds(), k) {
		return k, nil
	}
	return "", fmt.Errorf("profile %q: there are cpu, mutex and block", name)
}

const ext = ".pb.gz"

// Name returns the name of the file for a profile of the cell.
func Name(cell record.Cell, kind Kind) string { return cell.Slug() + "." + string(kind) + ext }

// File returns the path of that file in a result folder.
func File(folder string, cell record.Cell, kind Kind) string {
	return filepath.Join(folder, record.ProfilesDir, Name(cell, kind))
}

// IsFile reports whether a name ends like that of a profile.
func IsFile(name string) bool { return strings.HasSuffix(name, ext) }
