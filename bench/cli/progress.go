package cli

import (
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/idlebench/idlebench/bench/engine"
	"github.com/idlebench/idlebench/record"
)

// watch returns an observer that shows the progress of a run on stderr.
func (a app) watch() func(engine.Event) {
	var p *progress
	return func(e engine.Event) {
		switch e := e.(type) {
		case engine.PhaseBegan:
			if e.Phase == engine.Profiles {
				fmt.Fprintf(a.stderr, "%d profiles, into %s\n", e.Profiles, record.ProfilesDir)
			}
			p = newProgress(a.stderr, e.Work)
		case engine.StepDone:
			p.step(e.Work, where(e))
		case engine.LaunchFailed:
			first, _, _ := strings.Cut(e.Err.Error(), "\n")
			if e.Profile != "" {
				p.say("the %s profile of %s failed: %s", e.Profile, e.Cell.Name(), first)
			} else {
				p.say("%s failed in round %d: %s", e.Cell.Name(), e.Round+1, first)
			}
		case engine.PhaseEnded:
			p.end()
		}
	}
}

// where says in words how far a run is.
func where(e engine.StepDone) string {
	switch e.Phase {
	case engine.Profiles:
		return "profiles"
	case engine.ABRounds:
		return fmt.Sprintf("round %d of at most %d, %d of %d cells decided", e.Round+1, e.Rounds, e.Decided, e.Cells)
	}
	s := fmt.Sprintf("round %d of %d", e.Round+1, e.Rounds)
	if e.Invalid > 0 {
		s += fmt.Sprintf(", %d invalid", e.Invalid)
	}
	return s
}

// A progress shows how far a run is and how long the rest takes: on a terminal as one
// line that is written again and again, otherwise as a line from time to time.
//
// It is not one of the libraries for that: this program is started for every launch,
// and they would be part of each start (schollz/progressbar links net/http).
type progress struct {
	w           io.Writer
	width       int // of the terminal; 0 if w is none
	start       time.Time
	said        time.Time
	done, total time.Duration // of work
}

const (
	silence = 15 * time.Second       // between two lines where there is no terminal
	redraw  = 100 * time.Millisecond // between two states of the line on a terminal
)

// toLineStart has a terminal erase the current line.
const toLineStart = "\r\x1b[K"

func newProgress(w io.Writer, total time.Duration) *progress {
	p := &progress{w: w, start: time.Now(), said: time.Now(), total: total}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		p.width = 80
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			p.width = width
		}
	}
	return p
}

// step says that some more work is done.
func (p *progress) step(work time.Duration, where string) {
	p.done += work
	every := silence
	if p.width > 0 {
		every = redraw
	}
	now := time.Now()
	if now.Sub(p.said) < every || p.done <= 0 || p.done >= p.total {
		return
	}
	p.said = now
	elapsed := now.Sub(p.start)
	share := float64(p.done) / float64(p.total)
	left := time.Duration(float64(elapsed) * (1 - share) / share).Round(time.Second)
	if p.width == 0 {
		fmt.Fprintf(p.w, "%s: %.0f %%, %v left\n", where, math.Floor(100*share), left)
		return
	}
	line := fmt.Sprintf("%s %.0f %%, %v left, %s", bar(share), math.Floor(100*share), left, where)
	if r := []rune(line); len(r) >= p.width {
		line = string(r[:p.width-1])
	}
	fmt.Fprint(p.w, toLineStart+line)
}

// bar draws a share with 20 characters.
func bar(share float64) string {
	const length = 20
	full := int(length * share)
	return "[" + strings.Repeat("=", full) + strings.Repeat(" ", length-full) + "]"
}

// say prints a line of its own.
func (p *progress) say(format string, args ...any) {
	p.end()
	fmt.Fprintf(p.w, format+"\n", args...)
}

// end erases what is on the terminal's line.
func (p *progress) end() {
	if p.width > 0 {
		fmt.Fprint(p.w, toLineStart)
	}
}
