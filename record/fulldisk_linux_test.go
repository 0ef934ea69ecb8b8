package record

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// A disk becomes full in the midst of a run, at another byte each time. What was
// recorded stays, the folder can be read, and with some room the run goes on.
func TestDiskFull(t *testing.T) {
	disk := t.TempDir()
	err := unix.Mount("tmpfs", disk, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "size=128k")
	if err != nil {
		t.Skip("needs to mount a small disk:", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(disk, 0); err != nil {
			t.Error(err)
		}
	})
	filler := filepath.Join(disk, "filler")
	for _, pages := range []int{20, 21, 22, 23, 24, 25} {
		if err := os.WriteFile(filler, make([]byte, pages*4096), 0o666); err != nil {
			t.Fatal(err)
		}
		h := header()
		h.Plan.Rounds, h.Plan.Order = 60, nil
		for range h.Plan.Rounds {
			h.Plan.Order = append(h.Plan.Order, []int{0, 1})
		}
		var launches []Launch
		for round := range h.Plan.Rounds {
			wake, spawn := wakeLaunch(), spawnLaunch(round)
			wake.Round = round
			wake.Start = day.Add(time.Duration(round) * time.Minute)
			launches = append(launches, wake, spawn)
		}

		dir := filepath.Join(disk, "run")
		w, err := Create(dir, h)
		if err != nil {
			t.Fatal(err)
		}
		recorded := 0
		for err == nil && recorded < len(launches) {
			if err = w.Append(launches[recorded]); err == nil {
				recorded++
			}
		}
		if !errors.Is(err, unix.ENOSPC) {
			t.Fatalf("after %d launches: error %v, want a full disk", recorded, err)
		}
		_ = w.Close(Interrupted) // may find no room either

		run := read(t, dir)
		if diff := diffLaunches(launches[:recorded], run.Recorded); diff != "" {
			t.Errorf("%d pages: %s", pages, diff)
		}
		if run.State == Complete {
			t.Error("the run counts as complete")
		}

		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
		w, run, err = Resume(dir, day)
		if err != nil {
			t.Fatal(err)
		}
		if len(run.Recorded) != recorded {
			t.Errorf("%d launches to go on from, want %d", len(run.Recorded), recorded)
		}
		for _, l := range launches[recorded : recorded+3] {
			if err := w.Append(l); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(Interrupted); err != nil {
			t.Fatal(err)
		}
		run = read(t, dir)
		if diff := diffLaunches(launches[:recorded+3], run.Recorded); diff != "" {
			t.Errorf("%d pages, gone on: %s", pages, diff)
		}
		if len(run.Dropped) > 0 {
			t.Errorf("%d pages: dropped %v after that was cut off", pages, run.Dropped)
		}
		t.Logf("%d pages taken: full after %d launches", pages, recorded)
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
}
