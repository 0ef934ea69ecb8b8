package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/idlebench/idlebench/verify/origin"
)

func relays() []cell {
	return slices.DeleteFunc(everyCell(), func(c cell) bool { return c.relay == "" || !c.due(0) })
}

// tenEach is a goal that takes ten launches of each manager and parker.
func tenEach() uint64 { return uint64(10_000 * len(subjects(relays()))) }

// here is the first line of a journal that this test began.
func here() string { return "2026-11-28, " + origin.Here() }

func journalOf(t *testing.T, lines ...string) *journal {
	t.Helper()
	file := filepath.Join(t.TempDir(), "new", "wakes.tsv")
	if len(lines) > 0 {
		file = filepath.Join(t.TempDir(), "wakes.tsv")
		if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	j, err := openJournal(file, here())
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// Each launch makes a thousand wake-ups. It calls before with its number, and fails if
// that does.
func goalOf(j *journal, wakes uint64, before func(launch int32) error) *goal {
	g := newGoal(relays(), wakes, 7, time.Second, j, io.Discard)
	g.processes = 3
	var n atomic.Int32
	g.exec = func(context.Context, cell, uint64, time.Duration) (uint64, error) {
		return 1000, before(n.Add(1))
	}
	return g
}

func passes(int32) error { return nil }

func TestEveryShareIsReached(t *testing.T) {
	j := journalOf(t)
	names := subjects(relays())
	share := uint64(10_000)
	g := goalOf(j, share*uint64(len(names)), passes)
	if err := g.reach(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !g.reached() {
		t.Error("not reached")
	}
	again, err := openJournal(j.file, here())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		made := j.tallies[name].wakes
		if most := share + uint64(g.processes)*1000; made < share || made > most {
			t.Errorf("%s made %d, want from %d to %d", name, made, share, most)
		}
		if again.tallies[name] != j.tallies[name] {
			t.Errorf("%s: %+v is read as %+v", name, j.tallies[name], again.tallies[name])
		}
	}
	record := g.record()
	for _, want := range append(names, thousands(j.sum().wakes)+" wake-ups, 0 lost, ") {
		if !strings.Contains(record, want) {
			t.Errorf("%s\nhas no %q", record, want)
		}
	}
}

// The shares grow together, whatever is drawn.
func TestSharesGrowTogether(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	n := len(subjects(relays()))
	j := journalOf(t)
	g := goalOf(j, 1e6, func(launch int32) error {
		if int(launch) == 5*n {
			stop()
		}
		return nil
	})
	g.processes = 1
	if err := g.reach(ctx); err != nil {
		t.Fatal(err)
	}
	for _, name := range subjects(relays()) {
		if l := j.tallies[name].launches; l < 4 || l > 5 {
			t.Errorf("%s had %d launches of %d for %d managers and parkers", name, l, 5*n-1, n)
		}
	}
}

func TestGoesOnAfterAnInterruption(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	j := journalOf(t)
	var text strings.Builder
	g := goalOf(j, tenEach(), func(launch int32) error {
		if launch == 20 {
			stop()
		}
		return nil
	})
	g.processes = 1
	err := reach(ctx, g, "", &text)
	if err == nil || !strings.Contains(err.Error(), "goes on") || !strings.Contains(text.String(), "19,000 wake-ups, 0 lost, 19 launches") {
		t.Errorf("got %v and\n%s\nwant 19 launches: the one that was interrupted does not count", err, text.String())
	}

	j, err = openJournal(j.file, here())
	if err != nil {
		t.Fatal(err)
	}
	if j.sum().wakes != 19_000 {
		t.Errorf("the journal has %d wake-ups, want 19000", j.sum().wakes)
	}
	g = goalOf(j, tenEach(), passes)
	g.processes = 1
	if err := g.reach(t.Context()); err != nil || j.sum().wakes != tenEach() {
		t.Errorf("got %v and %d wake-ups, want %d", err, j.sum().wakes, tenEach())
	}
}

func TestFailedRelay(t *testing.T) {
	j := journalOf(t)
	g := goalOf(j, tenEach(), func(launch int32) error {
		if launch == 5 {
			return errors.New("a wake-up was lost")
		}
		return nil
	})
	g.processes = 1
	err := g.reach(t.Context())
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"/relay_", " with seed ", "4,000 wake-ups and 4 launches", "a wake-up was lost", "./verify/stress -cell "} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v\nhas no %q", err, want)
		}
	}
	if _, err := openJournal(j.file, here()); err == nil || !strings.Contains(err.Error(), ":6: ") || !strings.Contains(err.Error(), "failed with seed") {
		t.Errorf("the journal of a failure: got %v", err)
	}
}

// A journal of another source may be shown but not added to.
func TestJournalOfAnotherSource(t *testing.T) {
	other := "2026-11-27, 64 CPUs, commit 0123456"
	j := journalOf(t, other)
	if err := goalOf(j, 1000, passes).reach(t.Context()); err == nil || !strings.Contains(err.Error(), "another journal") {
		t.Errorf("got %v", err)
	}
	lines := []string{other}
	for _, name := range subjects(relays()) {
		lines = append(lines, launch{cell: name + "/relay_single", seed: 1, wakes: 1000, took: time.Second}.String())
	}
	j = journalOf(t, lines...)
	page := filepath.Join(t.TempDir(), "page.md")
	if err := os.WriteFile(page, []byte("before\n"+recordBegin+"old\n"+recordEnd+"after\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := reach(t.Context(), goalOf(j, 1000, passes), page, io.Discard); err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(page)
	if !strings.HasPrefix(string(text), "before\n"+recordBegin+"```\n") || !strings.HasSuffix(string(text), recordEnd+"after\n") ||
		!strings.Contains(string(text), "\n"+other+".\n") || strings.Contains(string(text), "old") {
		t.Errorf("the page is\n%s", text)
	}
}

func TestPageWithoutAPlace(t *testing.T) {
	page := filepath.Join(t.TempDir(), "page.md")
	if err := update(page, "", ""); err == nil {
		t.Error("a page that does not exist is updated")
	}
	if err := os.WriteFile(page, []byte("text\n"+recordBegin), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := update(page, "", ""); err == nil || !strings.Contains(err.Error(), "no lines") {
		t.Errorf("got %v", err)
	}
}

func TestTimeLeft(t *testing.T) {
	lines := []string{here()}
	for i, name := range subjects(relays()) {
		if i > 0 {
			lines = append(lines, launch{cell: name + "/relay_fork", wakes: 1000, took: 2 * time.Second}.String())
		}
	}
	n := len(lines)
	g := goalOf(journalOf(t, lines...), uint64(n*5000), passes)
	if left, known := g.left(); known {
		t.Errorf("%v is left, though one rate is unknown", left)
	}
	g.journal.count(launch{cell: subjects(relays())[0] + "/relay_fork", wakes: 2000, took: 2 * time.Second})
	// The others lack 4000 each, at 500 a second; the first lacks 3000, at 1000.
	seconds := (8*float64(n-1) + 3) / 3
	if left, known := g.left(); !known || left.Seconds() < seconds || left.Seconds() >= seconds+1 {
		t.Errorf("%v is left, %v, want %.1f s", left, known, seconds)
	}
}

func TestBadJournal(t *testing.T) {
	for _, line := range []string{"", "a/b/c\t1\t2\t3", "a/b/c\t1\t2\t3\tfine", "a/b/c\t-1\t2\t3\tpassed", "a/b/c\t1\tx\t3\tpassed", "a/b/c\t1\t2\t3s\tpassed"} {
		file := filepath.Join(t.TempDir(), "wakes.tsv")
		if err := os.WriteFile(file, []byte(here()+"\n"+line+"\n"), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := openJournal(file, here()); err == nil || !strings.Contains(err.Error(), "wakes.tsv:2: ") {
			t.Errorf("%q: got %v", line, err)
		}
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[uint64]string{0: "0", 999: "999", 1000: "1,000", 1_234_567: "1,234,567"} {
		if got := thousands(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}

// The whole command, with relays in processes of their own.
func TestWakes(t *testing.T) {
	t.Setenv(childVariable, "launch")
	dir := t.TempDir()
	page := filepath.Join(dir, "page.md")
	if err := os.WriteFile(page, []byte(recordBegin+recordEnd), 0o666); err != nil {
		t.Fatal(err)
	}
	var said, failed strings.Builder
	args := strings.Fields(fmt.Sprintf("-wakes 30 -run ^mutexonly/(cond|chan)/ -launch 2ms -journal %s -page %s", filepath.Join(dir, "wakes.tsv"), page))
	if status := run(t.Context(), args, &said, &failed); status != 0 {
		t.Fatal(failed.String())
	}
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"mutexonly/cond", "mutexonly/chan", " wake-ups, 0 lost, ", origin.Here()} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the page is\n%s\nwithout %q", text, want)
		}
	}
}
