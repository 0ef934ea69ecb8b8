package cli

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// A progress tells how far a run is and how long it will still take: as a bar on
// a terminal, elsewhere as a line now and then.
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

// step tells that one more turn, of a cell in a round, is over.
func (p *progress) step(where string) {
	p.done++
	if p.bar != nil {
		p.bar.Describe(where)
		_ = p.bar.Add(1) // the only thing lost is a picture
		return
	}
	if now := time.Now(); now.Sub(p.said) >= silence && p.done < p.total {
		p.said = now
		left := now.Sub(p.start) / time.Duration(p.done) * time.Duration(p.total-p.done)
		fmt.Fprintf(p.w, "%s: %d of %d turns, %v left\n", where, p.done, p.total, left.Round(time.Second))
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
