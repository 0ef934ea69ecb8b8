package cli

import (
	"fmt"
	"io"
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
				fmt.Fprintf(a.stderr, "%d profiles, into %s\n", e.Slots, record.ProfilesDir)
			}
			p = newProgress(a.stderr, e.Slots)
		case engine.SlotDone:
			p.step(where(e))
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
func where(e engine.SlotDone) string {
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
	done, total int
}

const (
	silence = 15 * time.Second       // between two lines where there is no terminal
	redraw  = 100 * time.Millisecond // between two states of the line on a terminal
)

// toLineStart has a terminal erase the current line.
const toLineStart = "\r\x1b[K"

func newProgress(w io.Writer, total int) *progress {
	p := &progress{w: w, start: time.Now(), said: time.Now(), total: total}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		p.width = 80
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			p.width = width
		}
	}
	return p
}

// step says that one more slot is done.
func (p *progress) step(where string) {
	p.done++
	every := silence
	if p.width > 0 {
		every = redraw
	}
	now := time.Now()
	if now.Sub(p.said) < every || p.done >= p.total {
		return
	}
	p.said = now
	elapsed := now.Sub(p.start)
	left := (elapsed / time.Duration(p.done) * time.Duration(p.total-p.done)).Round(time.Second)
	if p.width == 0 {
		fmt.Fprintf(p.w, "%s: %d of %d slots, %v left\n", where, p.done, p.total, left)
		return
	}
	line := fmt.Sprintf("%s %d %%, %v left, %s", bar(p.done, p.total), 100*p.done/p.total, left, where)
	if r := []rune(line); len(r) >= p.width {
		line = string(r[:p.width-1])
	}
	fmt.Fprint(p.w, toLineStart+line)
}

// bar draws a share with 20 characters.
func bar(done, total int) string {
	const length = 20
	full := length * done / total
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
