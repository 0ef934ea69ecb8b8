package cli

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/bench/engine"
	"github.com/idlebench/idlebench/bench/pack"
	"github.com/idlebench/idlebench/internal/command"
	"github.com/idlebench/idlebench/internal/replace"
)

const packText = `usage: bench pack [flags] [-- flags of bench run]

Makes an archive that measures on machines without Go: this program and report, linked
statically, the flags of "bench run" as the plan, and a script that starts it. Slurm,
Kubernetes, ReFrame or ssh carries it to the machines and starts idlebench/run there;
"report fleet" makes one page of the folders that come back. docs/fleet.md shows it all.

The programs are built in the folder of -programs, one subfolder for each platform, and
everything else that is in these subfolders is packed too. Each job has an order of
launches of its own, which follows from its pack and machine, unless -seed is given.

  bench pack -o job.tar.gz
  bench pack -o job.tar.gz -platform linux/amd64,linux/arm64 -- -quick -impl all
`

// pack makes an archive for other machines.
func (a app) pack(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("bench pack", flag.ContinueOnError)
	file := flags.String("o", "idlebench.tar.gz", "`file` to write, replaced if it exists")
	programs := flags.String("programs", filepath.Join("bin", "pack"), "`folder` in which the programs are built")
	built := flags.Bool("built", false, "pack the programs that are there; build nothing")
	var platforms []string
	list(flags, &platforms, "platform", "`platforms` to measure on: "+strings.Join(pack.Platforms, ", ")+" (default "+pack.Platforms[0]+")")
	if err := command.Parse(flags, a.stdout, packText, args); err != nil {
		return err
	}
	if platforms == nil {
		platforms = pack.Platforms[:1]
	}
	for _, p := range platforms {
		if !slices.Contains(pack.Platforms, p) {
			return command.Usagef("pack: -platform %s: choose from %s", p, strings.Join(pack.Platforms, ", "))
		}
	}
	run := flags.Args()
	if err := a.checkPacked(ctx, run); err != nil {
		return err
	}
	if !*built {
		for _, p := range platforms {
			if err := build(ctx, p, filepath.Join(*programs, pack.FolderOf(p))); err != nil {
				return err
			}
		}
	}
	var archive bytes.Buffer
	id, err := pack.Write(&archive, run, os.DirFS(*programs), platforms)
	if err != nil {
		return fmt.Errorf("pack: %w", err)
	}
	if err := replace.File(*file, archive.Bytes()); err != nil {
		return fmt.Errorf("pack: -o: %w", err)
	}
	fmt.Fprintf(a.stdout, "%s: pack %s for %s, %.1f MB\n", *file, id, strings.Join(platforms, ", "), float64(archive.Len())/1e6)
	return nil
}

// checkPacked rejects flags of "bench run" that make no sense, here or in any job. Which
// CPUs there are is for the machines to say.
func (a app) checkPacked(ctx context.Context, run []string) error {
	for _, name := range []string{"o", "resume", "plan", "anyway"} {
		if hasFlag(run, name) {
			return command.Usagef("pack: -%s is not for a plan: the job decides that", name)
		}
	}
	_, err := a.planRun(ctx, run)
	var unusable *engine.UnusableError
	if err != nil && !errors.As(err, &unusable) {
		return err
	}
	return nil
}

// build builds this program and report for a platform. They are linked statically, so
// that they need nothing on the machine, and know nothing of the folder they were built
// in.
func build(ctx context.Context, platform, folder string) error {
	system, processor, _ := strings.Cut(platform, "/")
	info, _ := debug.ReadBuildInfo()
	self := "."
	if info != nil && info.Path != "" && info.Path != ofFiles {
		self = info.Path
	}
	for name, source := range map[string]string{pack.Bench: self, "report": reportPackage} {
		cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", filepath.Join(folder, name), source)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+system, "GOARCH="+processor)
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("pack: %s for %s cannot be built (-built takes programs that are there): %w\n%s", name, platform, err, out)
		}
	}
	return nil
}
