package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/idlebench/idlebench/internal/replace"
	"github.com/idlebench/idlebench/scripts/museum/exhibits"
)

// A workshop builds the versions, each once, in a folder.
type workshop struct{ folder string }

func (w workshop) program(v exhibits.Version) string { return filepath.Join(w.folder, v.Peer) }

// build builds a version, unless it is there. Its manifest is filled in from
// peers/museum/Cargo.toml.in, and its lock file is the one of its name.
func (w workshop) build(ctx context.Context, v exhibits.Version) error {
	if _, err := os.Stat(w.program(v)); err == nil {
		return nil
	}
	if err := os.MkdirAll(w.folder, 0o777); err != nil {
		return err
	}
	if v.Toolchain != "" {
		return w.buildGo(ctx, v)
	}
	return w.buildRust(ctx, v)
}

func (w workshop) buildGo(ctx context.Context, v exhibits.Version) error {
	out, err := filepath.Abs(w.program(v))
	if err != nil {
		return err
	}
	return run(ctx, "peers/museum/go", []string{"GOTOOLCHAIN=" + v.Toolchain, "GOFLAGS=-mod=mod"}, "go", "build", "-trimpath", "-o", out, ".")
}

func (w workshop) buildRust(ctx context.Context, v exhibits.Version) error {
	manifest, err := manifest(v)
	if err != nil {
		return err
	}
	lock, err := os.ReadFile(filepath.Join("peers/museum/locks", v.Peer+".lock"))
	if err != nil {
		return err
	}
	dir := filepath.Join(w.folder, "packages", v.Peer)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	for name, text := range map[string][]byte{"Cargo.toml": []byte(manifest), "Cargo.lock": lock} {
		if err := replace.File(filepath.Join(dir, name), text); err != nil {
			return err
		}
	}
	target, err := filepath.Abs(filepath.Join(w.folder, "target"))
	if err != nil {
		return err
	}
	env := []string{"CARGO_TARGET_DIR=" + target, "RUSTFLAGS=" + v.Rustflags}
	if err := run(ctx, dir, env, "cargo", "build", "--quiet", "--release", "--locked"); err != nil {
		return err
	}
	built, err := os.ReadFile(filepath.Join(target, "release", "peer-"+v.Peer))
	if err != nil {
		return err
	}
	if err := replace.File(w.program(v), built); err != nil {
		return err
	}
	return os.Chmod(w.program(v), 0o755)
}

// manifest returns the Cargo.toml of a version.
func manifest(v exhibits.Version) (string, error) {
	text, err := os.ReadFile("peers/museum/Cargo.toml.in")
	if err != nil {
		return "", err
	}
	peers, err := filepath.Abs("peers")
	if err != nil {
		return "", err
	}
	return strings.NewReplacer("@NAME@", v.Peer, "@PEERS@", filepath.ToSlash(peers), "@SOURCE@", v.Source, "@DEPENDENCIES@", v.Dependencies).Replace(string(text)), nil
}

// run runs a command, whose output is the error's if it fails.
func run(ctx context.Context, dir string, env []string, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		return fmt.Errorf("%s %s in %s: %w: %s", name, strings.Join(args, " "), dir, err, strings.Join(lines[max(0, len(lines)-5):], " | "))
	}
	return nil
}
