package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/idlebench/idlebench/bench/engine"
	"github.com/idlebench/idlebench/bench/profile"
)

// watch returns an observer that shows the progress of a run on stderr.
func (a app) watch() func(engine.Event) {
	var p *progress
	return func(e engine.Event) {
		switch e := e.(type) {
		case engine.PhaseBegan:
			if e.Phase == engine.Profiles {
				fmt.Fprintf(a.stderr, "%d profiles, into %s\n", e.Slots, profile.Dir)
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

// A progress shows how far a run is and how long the rest takes: as a bar on a
// terminal, otherwise as a line from time to time.
type progress struct {
	w           io.Writer
	bar         *progressbar.ProgressBar // nil if w is no terminal
	start       time.Time
	said        time.Time
	done, total int
}

// silence is the time between two lines where there is no terminal.
const silence = 15 * time.Second

func newProgress(w io.Writer, total int) *progress {
	p := &progress{w: w, start: time.Now(), said: time.Now(), total: total}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		p.bar = progressbar.NewOptions(total,
			progressbar.OptionSetWriter(w),
			progressbar.OptionShowCount(),
			progressbar.OptionSetElapsedTime(true),
			progressbar.OptionSetPredictTime(true),
			progressbar.OptionFullWidth(),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionClearOnFinish(),
			progressbar.OptionSetRenderBlankState(true),
		)
	}
	return p
}

// step says that one more slot is done.
func (p *progress) step(where string) {
	p.done++
	if p.bar != nil {
		p.bar.Describe(where)
		_ = p.bar.Add(1) // an error would only spoil the picture
		return
	}
	if now := time.Now(); now.Sub(p.said) >= silence && p.done < p.total {
		p.said = now
		left := now.Sub(p.start) / time.Duration(p.done) * time.Duration(p.total-p.done)
		fmt.Fprintf(p.w, "%s: %d of %d slots, %v left\n", where, p.done, p.total, left.Round(time.Second))
	}
}

// say prints a line without destroying the bar.
func (p *progress) say(format string, args ...any) {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
	fmt.Fprintf(p.w, format+"\n", args...)
}

func (p *progress) end() {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
}
