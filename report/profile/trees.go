package profile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	pprof "github.com/google/pprof/profile"
)

// Profiles in JSON: those of V8 (.cpuprofile, from Node.js and browsers), and of speedscope
// (from py-spy, and dotnet-trace).

// isJSON reports whether data are one of these. A large file is not parsed for that.
func isJSON(data []byte) bool { return isV8(data) || isSpeedscope(data) }

func isV8(data []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(head(data), " \n\r\t"), []byte("{")) && bytes.Contains(head(data), []byte(`"callFrame"`))
}

func isSpeedscope(data []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(head(data), " \n\r\t"), []byte("{")) && bytes.Contains(data, []byte("speedscope.app/file-format-schema.json"))
}

// head is as much as is looked at to tell what a file is.
func head(data []byte) []byte { return data[:min(len(data), 4096)] }

func parseJSON(data []byte) (*pprof.Profile, error) {
	if isV8(data) {
		return parseV8(data)
	}
	return parseSpeedscope(data)
}

// A collector builds a profile from stacks of frames that have numbers.
type collector struct {
	*pprof.Profile
	frames map[frameKey]*pprof.Location
}

type frameKey struct {
	name, file string
	line       int64
}

func newCollector(time string) *collector {
	return &collector{
		&pprof.Profile{SampleType: []*pprof.ValueType{{Type: "samples", Unit: "count"}, {Type: time, Unit: "nanoseconds"}}},
		map[frameKey]*pprof.Location{},
	}
}

func (c *collector) frame(key frameKey) *pprof.Location {
	l := c.frames[key]
	if l == nil {
		id := uint64(len(c.frames) + 1)
		f := &pprof.Function{ID: id, Name: key.name, Filename: key.file}
		l = &pprof.Location{ID: id, Line: []pprof.Line{{Function: f, Line: key.line}}}
		c.frames[key] = l
		c.Function = append(c.Function, f)
		c.Location = append(c.Location, l)
	}
	return l
}

// add adds a stack, the innermost first.
func (c *collector) add(stack []*pprof.Location, samples int64, ns float64) error {
	if !(math.Abs(ns) < math.MaxInt64) {
		return errSum
	}
	c.Sample = append(c.Sample, &pprof.Sample{Location: stack, Value: []int64{samples, int64(ns)}})
	return nil
}

// parseV8 reads a profile of V8. It samples a thread by the wall clock, and says when the
// thread was idle, so that the rest is the thread's CPU time, or nearly. Times are in
// microseconds.
func parseV8(data []byte) (*pprof.Profile, error) {
	var v8 struct {
		Nodes []struct {
			ID        int64
			CallFrame struct {
				FunctionName, URL string
				LineNumber        int64 // from 0
			}
			Children []int64
			Parent   int64 // instead of children, in Chrome's
		}
		StartTime, EndTime float64
		Samples            []int64
		TimeDeltas         []float64
	}
	if err := json.Unmarshal(data, &v8); err != nil {
		return nil, fmt.Errorf("it is cut off or damaged: %w", err)
	}
	if len(v8.Samples) != len(v8.TimeDeltas) {
		return nil, fmt.Errorf("it has %d samples and %d times: it is damaged", len(v8.Samples), len(v8.TimeDeltas))
	}
	c := newCollector("cpu")
	parent := map[int64]int64{}
	frames := map[int64]*pprof.Location{}
	names := map[int64]string{}
	for _, n := range v8.Nodes {
		if n.Parent != 0 {
			parent[n.ID] = n.Parent
		}
		for _, child := range n.Children {
			parent[child] = n.ID
		}
		name := n.CallFrame.FunctionName
		if name == "" {
			name = "(anonymous)"
		}
		names[n.ID] = name
		frames[n.ID] = c.frame(frameKey{name, n.CallFrame.URL, n.CallFrame.LineNumber + 1})
	}
	samples, took := map[int64]int64{}, map[int64]float64{}
	for i, id := range v8.Samples {
		samples[id]++
		// A sample holds until the next one.
		if i+1 < len(v8.TimeDeltas) {
			took[id] += v8.TimeDeltas[i+1]
		}
	}
	for _, n := range v8.Nodes {
		if samples[n.ID] == 0 || names[n.ID] == "(idle)" {
			continue
		}
		var stack []*pprof.Location
		for id, depth := n.ID, 0; frames[id] != nil && names[id] != "(root)" && depth < maxDepth; id, depth = parent[id], depth+1 {
			stack = append(stack, frames[id])
		}
		if err := c.add(stack, samples[n.ID], max(0, took[n.ID]*1000)); err != nil {
			return nil, err
		}
	}
	if long := (v8.EndTime - v8.StartTime) * 1000; long > 0 && long < math.MaxInt64 {
		c.DurationNanos = int64(long)
	}
	return c.Profile, nil
}

// parseSpeedscope reads a file of speedscope. Its threads are put together. It does not say
// of which clock its time is; most producers sample threads whether they run or not.
func parseSpeedscope(data []byte) (*pprof.Profile, error) {
	var file struct {
		Shared struct {
			Frames []struct {
				Name, File string
				Line       int64
			}
		}
		Profiles []struct {
			Type, Unit           string
			StartValue, EndValue float64
			Samples              [][]int
			Weights              []float64
			Events               []struct {
				Type  string
				At    float64
				Frame int
			}
		}
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("it is cut off or damaged: %w", err)
	}
	c := newCollector("wall")
	frame := func(n int) (*pprof.Location, error) {
		if n < 0 || n >= len(file.Shared.Frames) {
			return nil, fmt.Errorf("it has no frame %d: it is damaged", n)
		}
		f := file.Shared.Frames[n]
		return c.frame(frameKey{f.Name, f.File, f.Line}), nil
	}
	for _, p := range file.Profiles {
		unit := timeUnits[p.Unit]
		if unit == 0 {
			return nil, fmt.Errorf("its unit is %.40q, and not one of time: export it with times", p.Unit)
		}
		if long := (p.EndValue - p.StartValue) * unit; long > float64(c.DurationNanos) && long < math.MaxInt64 {
			c.DurationNanos = int64(long)
		}
		if len(p.Samples) != len(p.Weights) {
			return nil, errors.New("it has another number of weights than of samples: it is damaged")
		}
		for i, s := range p.Samples {
			var stack []*pprof.Location
			for k := len(s) - 1; k >= 0 && len(stack) < maxDepth; k-- { // the outermost is first
				l, err := frame(s[k])
				if err != nil {
					return nil, err
				}
				stack = append(stack, l)
			}
			if err := c.add(stack, 1, p.Weights[i]*unit); err != nil {
				return nil, err
			}
		}
		var open []*pprof.Location // the outermost first
		last := p.StartValue
		for _, e := range p.Events {
			if e.At < last {
				return nil, errors.New("its events are not in order of time: it is damaged")
			}
			if e.At > last && len(open) > 0 {
				var stack []*pprof.Location
				for k := len(open) - 1; k >= 0 && len(stack) < maxDepth; k-- {
					stack = append(stack, open[k])
				}
				if err := c.add(stack, 0, (e.At-last)*unit); err != nil {
					return nil, err
				}
			}
			last = e.At
			switch l, err := frame(e.Frame); {
			case err != nil:
				return nil, err
			case e.Type == "O":
				open = append(open, l)
			case e.Type == "C" && len(open) > 0:
				open = open[:len(open)-1]
			default:
				return nil, errors.New("it closes a call that was not opened: it is damaged")
			}
		}
	}
	return c.Profile, nil
}
