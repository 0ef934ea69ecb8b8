package source

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/HdrHistogram/hdrhistogram-go"
	"golang.org/x/perf/benchproc"
	"golang.org/x/perf/benchunit"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/evidence"
	recorded "github.com/idlebench/idlebench/record/profile"
	"github.com/idlebench/idlebench/report/hlog"
	"github.com/idlebench/idlebench/report/profile"
)

// A Source is the content of some inputs.
type Source struct {
	Filter string // "*" if everything was selected
	Inputs []*Input

	// Profiles are those of all inputs, in input order and sorted by name within each.
	Profiles []*profile.Profile

	// Measured is how many launches could be read, those that the filter leaves
	// out included.
	Measured int

	Logs    []*Log // given by themselves
	NotUsed []NotUsed

	alike map[likeness]alike
}

// A Kind is what an input is.
type Kind string

const (
	Folder    Kind = "folder"    // a result folder
	Benchmark Kind = "benchmark" // a file in the Go benchmark format
	Profile   Kind = "profile"   // of pprof
	Histogram Kind = "histogram" // an interval log of HdrHistogram
	Unknown   Kind = "unknown"   // nothing of it was used
)

// An Input is a path that was named, with the measurements that it has.
type Input struct {
	Name string // its label, if it was given as LABEL=PATH, otherwise the path
	Path string // "-" is standard input
	Kind Kind

	// File is the path of the benchmark file: the one in the folder, or the input
	// itself. It is "" if there is none.
	File string

	// Text is the benchmark file, parsed. The lines that are not used are refused in it;
	// those that the filter leaves out are not.
	Text *record.Text

	Config  []record.Pair     // of the benchmark file; a key that has several values is there for each
	Units   []record.Unit     // of all metrics of the launches
	Primary map[string]string // as in record.Manifest; nil if it is not known

	// Defaults are the default values of workloads' parameters, as in record.Manifest.
	Defaults map[string]map[string]string

	Launches []*Launch // in the order they ran
	Cells    []*Cell   // in the order of the plan, or of their first launches

	// Manifest and Run are nil except for a result folder. The manifest is as it
	// was written; the run is what the filter leaves, and its plan has no order.
	Manifest *record.Manifest
	Run      *record.Run

	// Simulation is what only a simulated run has; nil if the run was measured.
	Simulation *Simulation

	// Packed says that the folder has an archive.
	Packed bool

	// Selftest is what the folder's self-test found. It is nil if the folder is not that
	// of a self-test, or, with Unfinished, if the self-test still goes on.
	Selftest   *evidence.SelftestResult
	Unfinished bool

	// Audit says which of the results depend on the harness; nil if that is not
	// known. NoAudit says why then, "" if the folder just has none.
	Audit   *evidence.Evidence
	NoAudit string
}

// Column is the value of the key .file, as benchstat has it: the label, or the path of the
// benchmark file.
func (in *Input) Column() string {
	if in.Name != in.Path {
		return in.Name
	}
	return in.File
}

// Argument is the input as it was given.
func (in *Input) Argument() string {
	if in.Name != in.Path {
		return in.Name + "=" + in.Path
	}
	return in.Path
}

// A Launch is what one process measured of one cell, once.
type Launch struct {
	record.Launch        // its Cell is the zero one if the name is not of the suite's form
	Name          string // of the benchmark, without the prefix
	Line          int    // of the benchmark file
	Index         int    // in Input.Launches

	// Rounded says that Round is what was written. Otherwise it is the number of
	// launches of the cell before this one.
	Rounded bool
}

// Valid reports whether the launch counts.
func (l *Launch) Valid() bool { return len(l.Invalid) == 0 }

// Metric returns the launch's value in a unit, in whichever spelling the launch
// has it.
func (l *Launch) Metric(unit string) (value float64, ok bool) {
	for _, m := range l.Metrics {
		if m.Unit == unit {
			return m.Value, true
		}
	}
	factor, base := benchunit.Tidy(1, unit)
	for _, m := range l.Metrics {
		if v, b := benchunit.Tidy(m.Value, m.Unit); b == base {
			return v / factor, true
		}
	}
	return 0, false
}

// A Cell is all launches of one input with the same benchmark name and configuration.
type Cell struct {
	Name string // of the benchmark, without the prefix

	// Config is the configuration by which the cell differs from others of a benchmark
	// file: "pkg:ex.com/a"; "" if the file has one configuration, or only its date and the
	// like change.
	Config string

	Role record.Role

	// Parsed is the name taken apart; nil if it is not of the suite's form.
	Parsed *record.Cell

	Launches []*Launch // in the order they ran, invalid ones too
	Failures []record.Failure

	// Latency has the samples of all valid launches together, in nanoseconds. It
	// is nil if they have none.
	Latency *hdrhistogram.Histogram
}

// Valid returns the launches that count.
func (c *Cell) Valid() []*Launch {
	return slices.DeleteFunc(slices.Clone(c.Launches), func(l *Launch) bool { return !l.Valid() })
}

// Saturated reports whether half of the valid launches, or more, did not achieve
// the load that was offered.
func (c *Cell) Saturated() bool {
	valid, saturated := c.Valid(), 0
	for _, l := range valid {
		if l.Saturated() {
			saturated++
		}
	}
	return saturated > 0 && 2*saturated >= len(valid)
}

// Values returns the values of the valid launches in a unit.
func (c *Cell) Values(unit string) []float64 {
	var values []float64
	for _, l := range c.Launches {
		if v, ok := l.Metric(unit); ok && l.Valid() {
			values = append(values, v)
		}
	}
	return values
}

// Title is the name of the cell, which no other of the input has.
func (c *Cell) Title() string {
	if c.Config == "" {
		return c.Name
	}
	return c.Name + " " + c.Config
}

// Cell returns the first cell with a benchmark name, nil if there is none.
func (in *Input) Cell(name string) *Cell {
	for _, c := range in.Cells {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// Unit returns what is known of a unit, in whichever spelling the input has it.
// Of a unit that is not there it knows the name.
func (in *Input) Unit(name string) record.Unit {
	_, base := benchunit.Tidy(1, name)
	for _, u := range in.Units {
		if _, b := benchunit.Tidy(1, u.Name); b == base {
			return u
		}
	}
	return record.Unit{Name: name}
}

// Partial says why the run of a folder is not all that was planned; "" if it is.
func (in *Input) Partial() string {
	if in.Manifest == nil || !in.Manifest.State.Partial() {
		return ""
	}
	if in.Manifest.State == record.Running {
		return "the run still goes on, or was killed"
	}
	return fmt.Sprintf("the run was %s", in.Manifest.State)
}

// A Log is an interval log that was given on its own. In the suite's, the tag "invalid" is
// of invalid launches.
type Log struct {
	File string
	*hlog.Log
}

// Why says why nothing of an input is used.
func (s *Source) Why(in *Input) string {
	for _, n := range s.NotUsed {
		if n.File == in.Path || n.File == in.Argument() {
			return n.Why
		}
	}
	return "it is of another kind"
}

// Selected is how many launches the filter leaves.
func (s *Source) Selected() (n int) {
	for _, in := range s.Inputs {
		n += len(in.Launches)
	}
	return n
}

// Stdin is the path of standard input.
const Stdin = "-"

// named returns an input for an argument: LABEL=PATH, as for benchstat, or a path. What
// exists is a path, even if it has an equals sign.
func named(arg string) *Input {
	in := &Input{Name: arg, Path: arg, Kind: Unknown}
	if name, path, ok := strings.Cut(arg, "="); ok && name != "" && path != "" {
		if _, err := os.Stat(arg); err != nil {
			in.Name, in.Path = name, path
		}
	}
	return in
}

// Open reads inputs, in the order they are given: paths, with a label before an equals
// sign if they have one, and "-" for standard input. A filter of "" or "*" selects
// everything; the error is that of an invalid filter. Everything else that goes wrong
// is in NotUsed.
func Open(filter string, args ...string) (*Source, error) {
	if filter == "" {
		filter = "*"
	}
	selected, err := benchproc.NewFilter(filter)
	if err != nil {
		return nil, fmt.Errorf("filter %q: %w", filter, err)
	}
	s := &Source{Filter: filter}
	seen := map[string]bool{}
	for _, arg := range args {
		in := named(arg)
		s.Inputs = append(s.Inputs, in)
		path := filepath.Clean(in.Path)
		label := "label " + in.Name // no path that is named twice has another label
		switch {
		case seen[path]:
			s.skip(arg, 0, "the input", "it was named before: name it once")
			continue
		case seen[label]:
			s.skip(arg, 0, "the input", "another one has the same label: choose another label")
			continue
		}
		seen[path], seen[label] = true, true
		s.open(in, selected)
	}
	return s, nil
}

// open finds out what an input is and reads it.
func (s *Source) open(in *Input, filter *benchproc.Filter) {
	if in.Path == Stdin {
		data, err := readAll(os.Stdin)
		if err != nil {
			s.skip(in.Name, 0, "standard input", reason(err))
			return
		}
		s.read(in, data, filter)
		return
	}
	info, err := os.Stat(in.Path)
	switch {
	case err != nil:
		s.skip(in.Path, 0, "the input", reason(err))
		return
	case info.IsDir():
		in.Kind = Folder
		s.folder(in, filter)
		return
	case info.Size() > maxFile:
		s.skip(in.Path, 0, "the file", fmt.Sprintf("it has %d bytes, and at most %d are read: give a part of it", info.Size(), maxFile))
		return
	}
	data, err := readFile(in.Path)
	if err != nil {
		s.skip(in.Path, 0, "the file", reason(err))
		return
	}
	s.read(in, data, filter)
}

// read finds out what a file is and reads it.
func (s *Source) read(in *Input, data []byte, filter *benchproc.Filter) {
	switch in.Kind = sniff(in.Path, data); in.Kind {
	case Profile:
		s.profile(in.Path, data, filter)
	case Histogram:
		s.log(in.Path, data)
	case Benchmark:
		in.File = in.Path
		s.benchmarks(in, data, filter)
	default:
		if isText(unzipped(data)) {
			s.skip(in.Path, 0, "the file", "it is compressed text: unpack it with gunzip and give that")
			return
		}
		if isPercentiles(data) {
			s.skip(in.Path, 0, "the file", "it has the percentiles that HdrHistogram prints, not its samples: give the interval log (.hlog) that they are of")
			return
		}
		s.skip(in.Path, 0, "the file", "it is no benchmark file, no profile and no interval log: give a result folder or one of these")
	}
}

// maxFile bounds what is read into memory. A line of the suite's has some 500
// bytes.
const maxFile = 512 << 20

// readFile reads a file that may be a pipe, up to maxFile.
func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readAll(f)
}

// readAll reads what is left of a file.
func readAll(f *os.File) ([]byte, error) {
	var b bytes.Buffer
	if info, err := f.Stat(); err == nil { // 0 for a pipe
		b.Grow(int(min(info.Size(), maxFile)) + bytes.MinRead)
	}
	_, err := b.ReadFrom(io.LimitReader(f, maxFile+1))
	data := b.Bytes()
	if err == nil && len(data) > maxFile {
		err = fmt.Errorf("it has more than %d bytes: give a part of it", maxFile)
	}
	return data, err
}

// sniff says what a file is. Its name decides only if its content does not: a file that
// is cut off should be reported as a damaged profile, not as a malformed benchmark.
func sniff(name string, data []byte) Kind {
	head := data[:min(len(data), 4096)]
	named := recorded.IsFile(name) || slices.Contains([]string{".pprof", ".prof", ".pb"}, filepath.Ext(name))
	binary := bytes.IndexByte(head, 0) >= 0
	switch {
	case isText(unzipped(data)) && !profile.Is(unzipped(data)):
		return Unknown
	case bytes.HasPrefix(data, gzipMagic), profile.Is(data):
		return Profile
	case hlog.Is(data):
		return Histogram
	case record.HasBenchmarks(data) && (!named || isText(head)):
		return Benchmark
	case named, binary: // binary is one that is not compressed
		return Profile
	case filepath.Ext(name) == ".hlog":
		return Histogram
	}
	return Unknown
}

// gzipMagic begins a compressed file.
var gzipMagic = []byte{0x1f, 0x8b}

// unzipped returns the beginning of what is in a compressed file; nothing if it
// is not one.
func unzipped(data []byte) []byte {
	if !bytes.HasPrefix(data, gzipMagic) {
		return nil
	}
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	head := make([]byte, 512)
	n, _ := io.ReadFull(r, head) // a file that is cut off has a beginning too
	return head[:n]
}

// isText reports whether there is text, whose end may be cut off. A profile begins with
// a field of protobuf, which has control characters.
func isText(data []byte) bool {
	control := func(b byte) bool { return b < ' ' && b != '\t' && b != '\n' && b != '\r' }
	return len(data) > 0 && !slices.ContainsFunc(data, control)
}

// profile reads one that was named.
func (s *Source) profile(name string, data []byte, filter *benchproc.Filter) {
	p, err := profile.Parse(name, data)
	if err != nil {
		s.skipProfile(name, err)
		return
	}
	s.addProfile(p, filter)
}

// skipProfile adds an entry for a profile that cannot be used; the file is the input's.
func (s *Source) skipProfile(file string, err error) {
	why := err
	if at := (*profile.Error)(nil); errors.As(err, &at) {
		file, why = at.File, at.Err
	}
	s.skip(file, 0, "the profile", reason(why))
}

// addProfile takes up a profile, unless it is of a cell that the filter leaves
// out. A filter on units says nothing about profiles.
func (s *Source) addProfile(p *profile.Profile, filter *benchproc.Filter) {
	if p.Cell != nil && !(selector{filter: filter, file: p.File}).cell(*p.Cell, record.Units()) {
		return
	}
	s.Profiles = append(s.Profiles, p)
}
