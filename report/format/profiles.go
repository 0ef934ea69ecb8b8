package format

import (
	"fmt"
	"time"

	"github.com/idlebench/idlebench/report/profile"
)

// profile writes what a profile of another program has.
func (t *text) profile(p *profile.Profile) {
	of := "an unknown duration"
	if p.Duration > 0 {
		of = p.Duration.String()
	}
	what := map[profile.Kind]string{profile.CPU: "CPU time", profile.Wall: "wall-clock time"}[p.Kind]
	if what == "" {
		what = "waiting"
	}
	fmt.Fprintf(&t.b, "%s: a %s profile of %s, with %s of %s\n", name(p.File), p.Kind, of, p.Time.Round(time.Microsecond), what)
	t.list("", p.Notes())
}
