package victim

import (
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

// powercap is where Linux has energy counters, from the root.
const powercap = "sys/class/powercap"

// A Lack is why something is not measured: in a word, for conditions, and in a sentence.
type Lack struct{ Word, Text string }

func (l Lack) Error() string { return l.Text }

// none is the condition that says so.
func none(err error) string {
	var l Lack
	if errors.As(err, &l) {
		return "none:" + l.Word
	}
	return "none"
}

// A Package is a chip whose energy is counted.
type Package struct {
	Name string // package-0
	file string
	wrap int64 // the count goes from 0 to this, and begins again
}

// Packages returns the chips whose energy can be read below a root, or why there are none.
// Of the zones of powercap those called package-… are whole chips; the others are parts of
// them, or of the computer.
func Packages(root fs.FS) ([]Package, error) {
	entries, err := fs.ReadDir(root, powercap)
	if err != nil {
		return nil, Lack{"no-powercap", "no powercap (RAPL) here"}
	}
	var all []Package
	for _, e := range entries {
		dir := powercap + "/" + e.Name()
		name := readText(root, dir+"/name")
		if !strings.HasPrefix(name, "package-") {
			continue
		}
		p := Package{Name: name, file: dir + "/energy_uj"}
		if _, err := p.read(root); err != nil {
			if errors.Is(err, fs.ErrPermission) {
				return nil, Lack{"not-readable", "only root may read energy_uj of powercap"}
			}
			return nil, Lack{"no-count", "powercap: " + err.Error()}
		}
		if p.wrap, err = strconv.ParseInt(readText(root, dir+"/max_energy_range_uj"), 10, 64); err != nil || p.wrap <= 0 {
			return nil, Lack{"no-range", "powercap: " + name + " has no max_energy_range_uj"}
		}
		all = append(all, p)
	}
	if all == nil {
		return nil, Lack{"no-package", "powercap has no package zone"}
	}
	return all, nil
}

// read returns the count in µJ.
func (p Package) read(root fs.FS) (int64, error) {
	text, err := fs.ReadFile(root, p.file)
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%s: %q is no count", p.file, strings.TrimSpace(string(text)))
	}
	return n, nil
}

// since returns the µJ between two counts, of which the second may have wrapped once.
func (p Package) since(before, after int64) int64 {
	if after < before {
		after += p.wrap + 1
	}
	return after - before
}

func readText(root fs.FS, name string) string {
	text, err := fs.ReadFile(root, name)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}
