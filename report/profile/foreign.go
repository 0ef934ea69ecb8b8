package profile

import (
	"bytes"
	"errors"
)

// Is reports whether data are a profile, of whatever format, by their content. A file that
// is cut off or damaged may be one for which this is false.
func Is(data []byte) bool {
	return bytes.HasPrefix(data, []byte{0x1f, 0x8b}) || isLegacyText(data) || isJSON(data) || unreadable(data) != nil
}

// unreadable says what a profile of a format that cannot be read is, and which command
// converts it; nil if it is not such a one.
func unreadable(data []byte) error {
	text := bytes.TrimLeft(head(data), " \n\r\t")
	switch {
	case bytes.HasPrefix(data, []byte("FLR\x00")):
		return errors.New("it is a recording of JDK Flight Recorder: convert it with async-profiler's \"jfrconv --cpu FILE.jfr FILE.pb.gz\" (--wall and --lock for the others), and give that")
	case bytes.HasPrefix(data, []byte("PERFILE2")):
		return errors.New("it is a recording of perf: convert it with \"perf_to_profile -i perf.data -o FILE.pb.gz\" of github.com/google/perf_data_converter, and give that; record with \"perf record -e cpu-clock -g\"")
	case bytes.HasPrefix(data, []byte("Nettrace")):
		return errors.New("it is a trace of .NET: convert it with \"dotnet-trace convert --format Speedscope FILE.nettrace\", and give that")
	case isPstats(data):
		return errors.New("it is a profile of Python's cProfile, which has no stacks: record one with \"py-spy record --format speedscope -o FILE.json -- python PROGRAM\", and give that")
	case bytes.HasPrefix(text, []byte("{")) && bytes.Contains(text, []byte(`"traceEvents"`)):
		return errors.New("it is a trace in Chrome's format, which no converter makes a profile of: record a .cpuprofile (\"node --cpu-prof\"), or a file of speedscope")
	case isFolded(text):
		return errors.New("it has folded stacks, whose numbers have no unit: give a profile with times, such as py-spy's \"--format speedscope\" or async-profiler's \"jfrconv FILE.jfr FILE.pb.gz\"")
	case bytes.HasPrefix(text, []byte("goroutine ")) && bytes.Contains(text, []byte("]:\n")):
		return errors.New("it has the stacks of goroutines at one moment, and no times: give a CPU, mutex or block profile")
	}
	return nil
}

// isPstats reports whether data are a dictionary of Python's marshal format whose first key
// is a tuple, as cProfile dumps it.
func isPstats(data []byte) bool {
	if len(data) < 3 || data[0]&^0x80 != '{' {
		return false
	}
	key := data[1] &^ 0x80 // the highest bit marks what is referred to
	return key == ')' && data[2] == 3 || key == '(' && bytes.HasPrefix(data[2:], []byte{3, 0, 0, 0})
}

// isFolded reports whether each of the first lines is a stack, as in "main;run;wait 12".
func isFolded(text []byte) bool {
	lines := bytes.Split(text, []byte("\n"))
	if len(lines) > 1 {
		lines = lines[:len(lines)-1] // the last may be cut off, or is empty
	}
	stacks := 0
	for _, line := range lines[:min(len(lines), 10)] {
		stack, count, ok := cutLast(bytes.TrimSpace(line))
		if !ok || len(count) == 0 || len(bytes.Trim(count, "0123456789")) > 0 {
			return false
		}
		if bytes.IndexByte(stack, ';') > 0 {
			stacks++
		}
	}
	return stacks > 0
}

func cutLast(line []byte) (before, after []byte, ok bool) {
	i := bytes.LastIndexByte(line, ' ')
	if i < 0 {
		return line, nil, false
	}
	return line[:i], line[i+1:], true
}
