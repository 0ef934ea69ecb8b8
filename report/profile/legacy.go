package profile

import (
	"bytes"
	"math"
	"regexp"
	"strconv"

	pprof "github.com/google/pprof/profile"
)

// Profiles that are not in the format of pprof: those of gperftools, and what Go writes
// with debug=1. They have addresses; the names of functions are next to them, in comments
// that pprof does not read, or in a section of their own.

// textHeads begin profiles that are text.
var textHeads = [][]byte{
	[]byte("--- mutex:"), []byte("--- contention:"), []byte("--- contentionz"), []byte("--- symbol"),
	[]byte("heap profile:"), []byte("goroutine profile: total"), []byte("threadcreate profile: total"), []byte("--- threadz"),
}

func isLegacyText(data []byte) bool {
	for _, head := range textHeads {
		if bytes.HasPrefix(data, head) {
			return true
		}
	}
	return false
}

// textKind is the kind that a profile in text says in its first line: Go's contention is
// that of its block profile. Of the "contentionz" of gperftools it is not known whose
// stacks it has.
func textKind(data []byte) Kind {
	switch {
	case bytes.HasPrefix(data, []byte("--- mutex:")):
		return Mutex
	case bytes.HasPrefix(data, []byte("--- contention:")):
		return Block
	}
	return ""
}

// parseLegacy reads such a profile.
func parseLegacy(data []byte) (*pprof.Profile, error) {
	names := symbols{}
	symbolized := bytes.HasPrefix(data, []byte("--- symbol"))
	if symbolized {
		data = names.section(data)
	}
	raw, err := pprof.ParseData(data)
	if err != nil {
		return nil, err
	}
	if symbolized && raw.Period == lostPeriod && len(raw.SampleType) == 2 {
		for _, s := range raw.Sample {
			if s.Value[1] > math.MaxInt64/usualPeriod*lostPeriod {
				return nil, errSum
			}
			s.Value[1] *= usualPeriod / lostPeriod
		}
		raw.Period = usualPeriod
		raw.Comments = append(raw.Comments, noteLostPeriod)
	}
	if isLegacyText(data) {
		names.comments(data)
	}
	names.apply(raw)
	return raw, nil
}

// "pprof --raw" of gperftools (2.10) replaces the period of a CPU profile by 1 µs. Both
// periods are in nanoseconds.
const (
	lostPeriod     = 1000
	usualPeriod    = 10_000_000 // unless CPUPROFILE_FREQUENCY says otherwise
	noteLostPeriod = "\"pprof --raw\" lost the period of the samples: times are for the usual one, 10 ms."
)

// symbols are the functions at an address, the innermost first.
type symbols map[uint64][]pprof.Line

// startAddress is behind the name of a function.
var startAddress = regexp.MustCompile(`<[0-9a-f]{8,16}>$`)

// section reads what "pprof --raw" of gperftools puts before a profile, and returns the
// profile.
//
//	--- symbol
//	binary=/bin/program
//	0x0000000000400b70 main
//	---
//	--- profile
func (s symbols) section(data []byte) (rest []byte) {
	for len(data) > 0 {
		var line []byte
		line, data, _ = bytes.Cut(data, []byte("\n"))
		if bytes.HasPrefix(line, []byte("--- ")) && !bytes.HasPrefix(line, []byte("--- symbol")) {
			return data
		}
		address, name, ok := bytes.Cut(line, []byte(" "))
		at, err := strconv.ParseUint(string(address), 0, 64)
		if !ok || err != nil {
			continue
		}
		for n := range bytes.SplitSeq(name, []byte("--")) { // those inlined are first
			n = startAddress.ReplaceAll(n, nil)
			s[at] = append(s[at], pprof.Line{Function: &pprof.Function{Name: string(n)}})
		}
	}
	return nil
}

// comments reads those that Go writes below a sample:
//
//	#	0x46ad5e	main.work+0x1e	/src/main.go:12
//
// Functions that are inlined have the same address.
func (s symbols) comments(data []byte) {
	of := map[uint64]int{} // the sample that an address was first below
	sample := 0
	for line := range bytes.Lines(data) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 || line[0] != '#' {
			sample++
			continue
		}
		fields := bytes.FieldsFunc(line[1:], func(r rune) bool { return r == '\t' })
		if len(fields) < 3 {
			continue
		}
		at, err := strconv.ParseUint(string(fields[0]), 0, 64)
		if err != nil || s[at] != nil && of[at] != sample {
			continue
		}
		of[at] = sample
		name := fields[1]
		if i := bytes.LastIndex(name, []byte("+0x")); i >= 0 {
			name = name[:i]
		}
		file, number := bytes.TrimSpace(fields[2]), int64(0)
		if i := bytes.LastIndexByte(file, ':'); i >= 0 {
			number, _ = strconv.ParseInt(string(file[i+1:]), 10, 64)
			file = file[:i]
		}
		s[at] = append(s[at], pprof.Line{Function: &pprof.Function{Name: string(name), Filename: string(file)}, Line: number})
	}
}

// apply gives locations without functions theirs. pprof moves the address of a call, not
// of where a sample was taken, back by one.
func (s symbols) apply(raw *pprof.Profile) {
	for _, lines := range s {
		for _, line := range lines {
			line.Function.ID = uint64(len(raw.Function) + 1)
			raw.Function = append(raw.Function, line.Function)
		}
	}
	for _, l := range raw.Location {
		for _, at := range []uint64{l.Address, l.Address + 1} {
			if lines := s[at]; len(l.Line) == 0 && lines != nil {
				l.Line = lines
			}
		}
	}
}
