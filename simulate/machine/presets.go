package machine

import (
	"embed"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/internal/nearest"
)

//go:embed presets/*.toml
var embedded embed.FS

// Presets returns the names of the machines that are part of this package.
func Presets() (names []string) {
	entries, err := embedded.ReadDir("presets")
	if err != nil {
		panic(err) // it is embedded
	}
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), extension))
	}
	return names
}

const extension = ".toml"

// Load reads a machine: a preset by its name, or a file by its path, which is recognised
// by a slash or the extension .toml.
func Load(nameOrPath string) (*File, error) {
	if strings.ContainsAny(nameOrPath, `/\`) || strings.HasSuffix(nameOrPath, extension) {
		data, err := os.ReadFile(nameOrPath)
		if err != nil {
			return nil, fmt.Errorf("machine: %w", err)
		}
		return Read(nameOrPath, data)
	}
	presets := Presets()
	if !slices.Contains(presets, nameOrPath) {
		return nil, fmt.Errorf("machine: there is no machine %q (a file is given by its path, such as ./%s%s); %s",
			nameOrPath, nameOrPath, extension, nearest.Hint(nameOrPath, presets))
	}
	data, err := embedded.ReadFile("presets/" + nameOrPath + extension)
	if err != nil {
		return nil, err
	}
	return Read(nameOrPath+extension, data)
}
