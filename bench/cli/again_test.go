package cli

import (
	"runtime/debug"
	"strings"
	"testing"
)

func TestAgain(t *testing.T) {
	mine := &debug.BuildInfo{Path: "example.org/mybench"}
	files := &debug.BuildInfo{Path: "command-line-arguments"}
	const cached = "/root/.cache/go-build/01/01e3903065a3660adf93205866c8f9b0701922384f218a54649961a0cfde2d42-d/mybench"
	for _, tt := range []struct {
		name string
		info *debug.BuildInfo
		want string
	}{
		{"bench", mine, "bench"},
		{"bin/bench", mine, "bin/bench"},
		{"./my bench", mine, "'./my bench'"},
		{"/tmp/go-build2061587988/b001/exe/mybench", mine, "go run example.org/mybench"},
		{cached, mine, "go run example.org/mybench"},
		{cached, files, "go run ."},
		{cached, nil, "go run ."},
		{"/home/me/exe/mybench", mine, "/home/me/exe/mybench"},
	} {
		if got := againOf(tt.name, tt.info); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestPageCommand(t *testing.T) {
	const flags = " -o r/report.html r"
	of := func(main string, deps ...*debug.Module) *debug.BuildInfo {
		return &debug.BuildInfo{Main: debug.Module{Path: main}, Deps: deps}
	}
	other := &debug.Module{Path: "example.org/other", Version: "v1.0.0"}
	for _, tt := range []struct {
		what string
		info *debug.BuildInfo
		want string
	}{
		{"unknown", nil, "go run github.com/idlebench/idlebench/report" + flags},
		{"this module", of(module, other), "go run github.com/idlebench/idlebench/report" + flags},
		{"a release", of("example.org/mine", other, &debug.Module{Path: module, Version: "v1.2.3"}),
			"go run github.com/idlebench/idlebench/report@v1.2.3" + flags},
		{"a folder", of("example.org/mine", &debug.Module{Path: module, Version: "v0.0.0", Replace: &debug.Module{Path: "../idlebench"}}),
			"go mod edit -tool github.com/idlebench/idlebench/report && go mod tidy && go tool report" + flags},
	} {
		if got := strings.Join(pageCommand(tt.info, "r"), " "); got != tt.want {
			t.Errorf("%s: %s\nwant %s", tt.what, got, tt.want)
		}
	}
}

// A command in several lines is the same command for a shell, and no line is too long.
func TestFoldCommand(t *testing.T) {
	words := shellWords{"go", "run", "x", "-o", "'a b'", "averylongname", "&&", "true"}
	got := words.fold(16)
	if want := "  go run x -o \\\n    'a b' \\\n    averylongname \\\n    && true"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if joined := strings.Join(strings.Fields(strings.ReplaceAll(got, "\\\n", "")), " "); joined != strings.Join(words, " ") {
		t.Errorf("the words are %s", joined)
	}
	if got, want := (shellWords{"true"}).fold(100), "  true"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
