package profile

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	pprof "github.com/google/pprof/profile"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/record"
	recorded "github.com/idlebench/idlebench/record/profile"
)

// MaxSize is how many bytes a profile may have when uncompressed. The suite's have
// some ten thousand.
const MaxSize = 32 << 20

// A Profile is what a file has in it.
type Profile struct {
	File     string        `json:"file"` // as it was given
	Kind     Kind          `json:"kind"`
	Cell     *record.Cell  `json:"cell,omitempty"` // nil if the file is not the suite's
	Ops      int64         `json:"ops,omitempty"`  // operations of the workload; 0 if it is not known
	Start    time.Time     `json:"start,omitzero"`
	Duration time.Duration `json:"duration_ns,omitempty"` // wall-clock; 0 if it is not known

	Events int64         `json:"events"`  // samples of CPU time, or waits
	Time   time.Duration `json:"time_ns"` // CPU time, or time waited

	stacks []stack
	notes  []string // what was found out in reading
}

// A stack is what happened where.
type stack struct {
	frames []*Frame // at least one, the innermost first
	events int64
	time   int64
	wait   Wait // of contention
}

// An Error says why a file cannot be used, and what to do about it.
type Error struct {
	File string
	Err  error
}

func (e *Error) Error() string { return fmt.Sprintf("profile %s: %v", e.File, e.Err) }

func (e *Error) Unwrap() error { return e.Err }

// Open reads a file. The error is an [Error].
func Open(file string) (*Profile, error) {
	return open(file, func() (fs.File, error) { return os.Open(file) })
}

func open(file string, from func() (fs.File, error)) (*Profile, error) {
	f, err := from()
	if err != nil {
		return nil, &Error{file, err}
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, MaxSize+1))
	if err != nil {
		return nil, &Error{file, err}
	}
	return Parse(file, data)
}

// Parse is Open for the content of a file; of the file only the name is used.
func Parse(file string, data []byte) (*Profile, error) {
	p, err := parse(file, data, limits{MaxSize, maxFrames})
	if err != nil {
		return nil, &Error{file, err}
	}
	return p, nil
}

// ReadFolder reads the profiles in a result folder, in the order of their names.
// The folder is for messages. Profiles that cannot be used are problems, each an [Error].
// A folder without profiles has neither.
func ReadFolder(folder string, files *record.Files) (profiles []*Profile, problems []error) {
	dir := filepath.Join(folder, record.ProfilesDir)
	entries, err := files.ReadDir(record.ProfilesDir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		problems = append(problems, &Error{dir, err})
	}
	for _, e := range entries {
		if !recorded.IsFile(e.Name()) {
			continue
		}
		p, err := open(filepath.Join(dir, e.Name()), func() (fs.File, error) {
			return files.Open(path.Join(record.ProfilesDir, e.Name()))
		})
		if err == nil && p.Cell != nil {
			if want := recorded.File(folder, *p.Cell, p.Kind); want != p.File {
				err = &Error{p.File, fmt.Errorf("it is the %s profile of %s: name it %s", p.Kind, p.Cell.Name(), filepath.Base(want))}
			}
		}
		if err != nil {
			problems = append(problems, err)
			continue
		}
		profiles = append(profiles, p)
	}
	return profiles, problems
}

func parse(file string, data []byte, most limits) (*Profile, error) {
	raw, said, err := decode(data, most)
	if err != nil {
		return nil, err
	}
	mark, ok, err := recorded.ReadMark(raw)
	if err != nil {
		return nil, err
	}
	p := &Profile{File: file}
	if ok {
		p.Cell, p.Ops = &mark.Cell, mark.Ops
	}
	if raw.TimeNanos > 0 {
		p.Start = time.Unix(0, raw.TimeNanos).UTC()
	}
	p.Duration = time.Duration(max(0, raw.DurationNanos))

	m, err := measures(raw)
	if err != nil {
		return nil, err
	}
	if err := p.read(raw, m, most); err != nil {
		return nil, err
	}
	named := nameKind(file)
	if p.Kind, err = kind(m.sort, mark.Kind, cmp.Or(said, m.kind), named, p.stacks); err != nil {
		return nil, err
	}
	p.remark(raw, m, named)
	if p.Kind.Waits() {
		for i := range p.stacks {
			p.stacks[i].wait = wait(p.Kind, p.stacks[i].frames)
		}
	}
	return p, nil
}

// remark notes what is unusual of a profile from another program.
func (p *Profile) remark(raw *pprof.Profile, m measure, named Kind) {
	note := func(when bool, text string, args ...any) {
		if when {
			p.notes = append(p.notes, fmt.Sprintf(text, args...))
		}
	}
	note(named != "" && named != p.Kind, "Its name says %s, but it is a %s profile.", named, p.Kind)
	note(m.also != "", "It also has values of %q, which are not used.", m.also)
	note(slices.Contains(raw.Comments, noteLostPeriod), noteLostPeriod)
	note(m.at < 0, "Its time is the number of samples times the period of %v.", time.Duration(m.period))
	nameless := 0
	for _, l := range raw.Location {
		if len(l.Line) == 0 {
			nameless++
		}
	}
	note(2*nameless > len(raw.Location), "It has addresses instead of functions. With the program at hand, \"google-pprof --raw PROGRAM %[1]s > FILE\" adds their names, or, if it has debugging information, \"go tool pprof -proto -output FILE.pb.gz PROGRAM %[1]s\".", phrase.Shell(p.File))
}

// decode uncompresses and parses. It also returns the kind of contention that the content
// says, if it says one.
func decode(data []byte, most limits) (raw *pprof.Profile, said Kind, err error) {
	if len(data) == 0 {
		return nil, "", errors.New("the file is empty: record it again")
	}
	if bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(bytes.NewReader(data))
		if err == nil {
			data, err = io.ReadAll(io.LimitReader(z, most.size+1))
		}
		if err != nil {
			return nil, "", fmt.Errorf("it is cut off or damaged: record it again: %w", err)
		}
	}
	if err := unreadable(data); err != nil {
		return nil, "", err
	}
	if int64(len(data)) > most.size {
		return nil, "", most.exceeded()
	}
	if isJSON(data) {
		raw, err = parseJSON(data)
		return raw, "", err
	}
	if raw, err = pprof.ParseUncompressed(data); err != nil {
		// Only if it is in an older format is that error of use.
		if old, older := parseLegacy(data); older == nil {
			raw, err = old, nil
		} else if isLegacyText(data) {
			err = older
		}
	}
	if err == nil {
		err = raw.CheckValid()
	}
	if err != nil {
		return nil, "", fmt.Errorf("it is no profile, or damaged: %w", err)
	}
	return raw, textKind(data), nil
}

// read takes the stacks from the samples.
func (p *Profile) read(raw *pprof.Profile, m measure, most limits) error {
	known := make(map[*pprof.Location][]*Frame)
	for _, l := range raw.Location {
		var frames []*Frame
		for _, line := range l.Line {
			frames = append(frames, newFrame(line, p.Cell != nil))
		}
		if frames == nil {
			frames = []*Frame{nameless(l)}
		}
		known[l] = frames
	}
	total := 0
	for i, s := range raw.Sample {
		events, took, err := m.of(s)
		if err != nil {
			return err
		}
		k := stack{events: events, time: int64(took)}
		if k.events < 0 || k.time < 0 {
			return fmt.Errorf("sample %d is negative: it is the difference of two profiles: give these, not that", i+1)
		}
		if k.events > math.MaxInt64-p.Events || k.time > math.MaxInt64-int64(p.Time) {
			return errSum
		}
		if k.events == 0 && k.time == 0 {
			continue
		}
		p.Events += k.events
		p.Time += time.Duration(k.time)
		for _, l := range s.Location {
			frames := known[l]
			k.frames = append(k.frames, frames[:min(len(frames), maxDepth-len(k.frames))]...)
		}
		if k.frames == nil {
			k.frames = []*Frame{nameless(&pprof.Location{})}
		}
		if total += len(k.frames); total > most.frames {
			return most.exceeded()
		}
		p.stacks = append(p.stacks, k)
	}
	return nil
}

const (
	// maxDepth is where a stack is cut off at its outer end. Go's have at most
	// 128 calls, and those that were inlined.
	maxDepth = 512

	// maxFrames is of all stacks together.
	maxFrames = 1 << 22
)

// limits keep a small file from using much memory.
type limits struct {
	size   int64 // in bytes, uncompressed
	frames int   // of all stacks together
}

func (l limits) exceeded() error {
	return fmt.Errorf("it is too large, more than %d bytes uncompressed or %d frames: profile a shorter time, or keep the part of interest by \"go tool pprof -proto -focus\"", l.size, l.frames)
}

// kind finds out what kind of profile it is: from the types of its samples, what its
// content says of waits, its stacks, and only then its name. It refuses one that is not
// what the suite's mark says, and one of the suite's that is not what its name says.
func kind(types sort, marked, said, named Kind, stacks []stack) (Kind, error) {
	is := CPU
	switch {
	case types == ofWall:
		is = Wall
	case types == ofWaits && said != "":
		is = said
	case types == ofWaits:
		unlock, block := evidence(stacks)
		switch {
		case unlock && block:
			return "", errors.New("it has both mutex and block samples, which look alike and were merged: give each " +
				"separately")
		case unlock:
			is = Mutex
		case block:
			is = Block
		case marked.Waits():
			is = marked
		case named.Waits():
			is = named
		default:
			return "", errors.New("it is a mutex or a block profile, but it does not say which: put \"mutex\" or \"block\" in its " +
				"name")
		}
	}
	if marked != "" && marked != is {
		return "", fmt.Errorf("its comments say that it is a %s profile, but its samples are those of a %s profile: record it "+
			"again", marked, is)
	}
	if marked != "" && named != "" && named != is {
		return "", fmt.Errorf("it is named %s, but it is a %s profile: rename it, or look whether it was taken for another", named, is)
	}
	return is, nil
}

// nameKind returns the kind that a file's name says, if it says one: by the word
// before the extension, as in x.mutex.pb.gz, or else as a word anywhere.
func nameKind(file string) (named Kind) {
	base := strings.ToLower(file[strings.LastIndexAny(file, `/\`)+1:])
	for _, ext := range []string{".gz", ".pb", ".pprof", ".prof", ".out"} {
		base = strings.TrimSuffix(base, ext)
	}
	if k, err := recorded.Parse(base[strings.LastIndexByte(base, '.')+1:]); err == nil {
		return k
	}
	for word := range strings.FieldsFuncSeq(base, func(r rune) bool { return r < 'a' || r > 'z' }) {
		word = strings.TrimSuffix(strings.TrimSuffix(word, "profile"), "prof")
		if k, err := recorded.Parse(word); err == nil {
			if named != "" && named != k {
				return "" // as in block-and-mutex
			}
			named = k
		}
	}
	return named
}
