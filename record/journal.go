package record

import (
	"bytes"
	"fmt"

	"github.com/idlebench/idlebench/internal/phrase"
)

// A journal is the content of bench.txt.
type journal struct {
	text     *Text // lines without a launch are rejected
	launches []entry
	end      int64  // the file is intact up to here
	dropped  []Loss // what follows that
	lost     []Loss
}

// An entry is a launch in the journal.
type entry struct {
	Launch
	line int    // of the benchmark line, from 1
	log  string // checksum of its line in the cell's log, "" if it has none
}

// readJournal reads the bench.txt of the run m. A beginning that is not that of the run
// is an error. A record that the suite would not have written there is lost, and
// reading continues with the next one in the proper form. An incomplete last record is
// what a stopped machine leaves; it is dropped, and reported as such.
func readJournal(data []byte, file string, m Manifest) (journal, error) {
	primary := m.Primary
	if m.Version < 4 {
		primary = nil
	}
	head, err := benchHeader(m.Config, m.Units, primary)
	if err != nil {
		return journal{}, err
	}
	if line, got, want := differ(data, head); line > 0 {
		return journal{}, Loss{File: file, Line: line, What: "a configuration or Unit line",
			Err: fmt.Errorf("%q, where %s has %q: one of them was edited or belongs to another run: %s", excerpt(got), ManifestFile, excerpt(want), restore)}
	}
	j := journal{text: ReadText(file, data), end: int64(len(head))}
	lines := j.text.Lines // those not reached yet
	for i := range lines {
		lines[i].Refused = true
	}
	line := 1 + bytes.Count(head, []byte("\n"))
	names, turns := m.Plan.names(), turns{}
	damaged := 0 // launches
	for rest := data[len(head):]; len(rest) > 0; {
		facts, after := cutLine(rest)
		bench, next := cutLine(after)
		if torn(facts, bench, next) {
			j.dropped = append(j.dropped, Loss{File: file, Line: line, What: "a torn launch", Err: fmt.Errorf("the last launch is torn and was not used: %q", excerpt(rest))})
			break
		}
		for len(lines) > 0 && lines[0].Number <= line {
			lines = lines[1:]
		}
		var parsed *Line // of bench
		if len(lines) > 0 && lines[0].Number == line+1 {
			parsed = &lines[0]
		}
		var l Launch
		kind, err := NoRecord, checkRecord(facts, bench)
		if err == nil {
			kind = ""
			l, err = recorded(parsed, facts, bench, m.Units)
		}
		if err == nil {
			kind, err = OutOfOrder, m.Plan.check(names, l.Cell, l.Round)
		}
		if err == nil {
			err = turns.check(l, len(j.lost) > 0)
		}
		if err != nil {
			what := "a line"
			if bytes.HasPrefix(facts, []byte(begin)) {
				what = "a launch"
				damaged++
			}
			j.lost = append(j.lost, Loss{File: file, Line: line, What: what, Kind: kind, Err: err})
			for rest, line = after, line+1; len(rest) > 0 && !bytes.HasPrefix(rest, []byte(begin)); line++ {
				_, rest = cutLine(rest)
			}
			continue
		}
		turns.add(l)
		parsed.Refused = false
		j.launches = append(j.launches, entry{l, line + 1, parsed.Facts.hlog})
		j.end += int64(len(facts) + len(bench))
		rest = next
		line += 2
	}
	n := len(j.launches)
	contradiction := fmt.Errorf("the file ends after %d launches, but %d were recorded according to %s: it was cut or edited: %s", n, m.Launches, ManifestFile, restore)
	switch missing := m.Launches - n - damaged; {
	case m.State != Running && n > m.Launches:
		return journal{}, Loss{File: file, Line: line, What: "a launch", Err: contradiction}
	case missing > 0:
		j.lost = append(j.lost, Loss{File: file, Line: line, What: "the rest (" + phrase.Count(missing, "launch") + ")", Err: contradiction})
	}
	if len(j.lost) > 0 {
		return j, nil // then launches are missing too
	}
	for _, f := range m.Failures {
		turns.fail(f.Cell, f.Round)
	}
	return j, m.checkComplete(turns)
}

// torn reports whether the last lines of a journal are the remains of a record that was
// being written when the machine stopped: its beginning, or pages of zeros.
func torn(facts, bench, next []byte) bool {
	switch {
	case len(next) > 0:
		return false
	case bytes.IndexByte(facts, 0) >= 0 || bytes.IndexByte(bench, 0) >= 0:
		return true
	case !isLine(facts):
		return bytes.HasPrefix(facts, []byte(begin)) || bytes.HasPrefix([]byte(begin), facts)
	}
	return !isLine(bench) && bytes.HasPrefix(facts, []byte(begin))
}

// differ returns the first line in which data does not begin with head, and both
// lines; 0 if it does.
func differ(data, head []byte) (line int, got, want []byte) {
	for line = 1; len(head) > 0; line++ {
		got, data = cutLine(data)
		want, head = cutLine(head)
		if !bytes.Equal(got, want) {
			return line, got, want
		}
	}
	return 0, nil, nil
}

// cutLine splits data after its first newline.
func cutLine(data []byte) (line, rest []byte) {
	if i := bytes.IndexByte(data, '\n'); i >= 0 {
		return data[:i+1], data[i+1:]
	}
	return data, nil
}

func isLine(b []byte) bool { return len(b) > 0 && b[len(b)-1] == '\n' }

// turns records the attempts for each cell in each round.
type turns map[turn]tried

type turn struct {
	cell  string // its name
	round int
}

type tried struct {
	attempts int
	over     bool // a launch was valid, or failed: no more follow
}

// check rejects a launch that cannot be the next one of its cell in its round. With
// gaps, attempts before it may have been lost.
func (t turns) check(l Launch, gaps bool) error {
	name := l.Cell.Name()
	switch was := t[turn{name, l.Round}]; {
	case was.over:
		return fmt.Errorf("%s: round %d has its launch already", name, l.Round)
	case gaps && was.attempts < l.Attempt:
	case was.attempts != l.Attempt:
		return fmt.Errorf("%s: attempt %d in round %d, where %d went before", name, l.Attempt, l.Round, was.attempts)
	}
	return nil
}

func (t turns) add(l Launch) {
	t[turn{l.Cell.Name(), l.Round}] = tried{l.Attempt + 1, len(l.Invalid) == 0}
}

// fail ends the turn of a cell.
func (t turns) fail(cell Cell, round int) {
	at := turn{cell.Name(), round}
	t[at] = tried{t[at].attempts + 1, true}
}
