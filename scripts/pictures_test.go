package scripts_test

import (
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPictures: docs show the first screen of the page as it is on a desk and on a
// telephone, in pictures of that size, which "make pictures" takes.
func TestPictures(t *testing.T) {
	text, err := os.ReadFile("../docs/results.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, width := range map[string]int{"report-1280.png": 1280, "report-400.png": 400} {
		if !strings.Contains(string(text), "pictures/"+name) {
			t.Errorf("docs/results.md does not show %s", name)
		}
		f, err := os.Open(filepath.Join("../docs/pictures", name))
		if err != nil {
			t.Fatal(err)
		}
		picture, err := png.DecodeConfig(f)
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		if err != nil || picture.Width != width || picture.Height != 800 {
			t.Errorf("%s is %d by %d pixels, want %d by 800; %v", name, picture.Width, picture.Height, width, err)
		}
	}
}
