package profile

import (
	"bytes"
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
	raw, err := decode(data, most)
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

	types, events, at, err := measures(raw)
	if err != nil {
		return nil, err
	}
	if err := p.read(raw, events, at, most); err != nil {
		return nil, err
	}
	if p.Kind, err = kind(types, mark.Kind, nameKind(file), p.stacks); err != nil {
		return nil, err
	}
	if p.Kind != CPU {
		for i := range p.stacks {
			p.stacks[i].wait = wait(p.Kind, p.stacks[i].frames)
		}
	}
	return p, nil
}

// decode uncompresses and parses.
func decode(data []byte, most limits) (*pprof.Profile, error) {
	if len(data) == 0 {
		return nil, errors.New("the file is empty: record it again")
	}
	if bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(bytes.NewReader(data))
		if err == nil {
			data, err = io.ReadAll(io.LimitReader(z, most.size+1))
		}
		if err != nil {
			return nil, fmt.Errorf("it is cut off or damaged: record it again: %w", err)
		}
	}
	if int64(len(data)) > most.size {
		return nil, most.exceeded()
	}
	raw, err := pprof.ParseUncompressed(data)
	if err == nil {
		err = raw.CheckValid()
	}
	if err != nil {
		return nil, fmt.Errorf("it is no profile, or damaged: %w", err)
	}
	return raw, nil
}

// measures finds the types of samples that are of use: contention or CPU time.
func measures(raw *pprof.Profile) (types sort, events, at int, err error) {
	index := func(typ, unit string) int {
		return slices.IndexFunc(raw.SampleType, func(t *pprof.ValueType) bool { return t.Type == typ && t.Unit == unit })
	}
	for _, s := range []struct {
		sort        sort
		count, time string
	}{{ofCPU, "samples", "cpu"}, {ofWaits, "contentions", "delay"}} {
		events, at = index(s.count, "count"), index(s.time, "nanoseconds")
		if events >= 0 && at >= 0 {
			return s.sort, events, at, nil
		}
	}
	var has []string
	for _, t := range raw.SampleType {
		has = append(has, fmt.Sprintf("%.40s/%.40s", t.Type, t.Unit))
	}
	return 0, 0, 0, fmt.Errorf("it is neither a CPU, a mutex nor a block profile: the types of its samples are %q", has)
}

// read takes the stacks from the samples.
func (p *Profile) read(raw *pprof.Profile, events, at int, most limits) error {
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
		k := stack{events: s.Value[events], time: s.Value[at]}
		if k.events < 0 || k.time < 0 {
			return fmt.Errorf("sample %d is negative: it is the difference of two profiles: give these, not that", i+1)
		}
		if k.events > math.MaxInt64-p.Events || k.time > math.MaxInt64-int64(p.Time) {
			return fmt.Errorf("its samples add up to more than 2⁶³: it is damaged")
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

// A sort is what the types of a profile's samples say.
type sort int

const (
	ofCPU sort = iota
	ofWaits
)

// kind finds out what kind of profile it is, from the types of its samples, its
// mark, its name and its stacks, and refuses one where these disagree.
func kind(types sort, marked, named Kind, stacks []stack) (Kind, error) {
	is := CPU
	if types == ofWaits {
		unlock, block := evidence(stacks)
		switch {
		case unlock && block:
			return "", errors.New("it has both mutex and block samples, which look alike and were merged: give each " +
				"separately")
		case unlock:
			is = Mutex
		case block:
			is = Block
		case marked == Mutex || marked == Block:
			is = marked
		case named == Mutex || named == Block:
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
	if named != "" && named != is {
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
