package profile

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	pprof "github.com/google/pprof/profile"
)

var update = flag.Bool("update", false, "write the golden files")

// made builds profiles. A stack is its functions, the innermost first, separated
// by spaces; "~" stands for the suite's module. Lines number the functions.
type made struct {
	*pprof.Profile
	functions map[string]*pprof.Location
}

func newMade(types ...string) *made {
	m := &made{&pprof.Profile{DurationNanos: 2e9, TimeNanos: 1_760_000_000e9}, make(map[string]*pprof.Location)}
	for _, t := range types {
		typ, unit, _ := strings.Cut(t, "/")
		m.SampleType = append(m.SampleType, &pprof.ValueType{Type: typ, Unit: unit})
	}
	return m
}

func madeWaits() *made { return newMade("contentions/count", "delay/nanoseconds") }

func madeCPU() *made { return newMade("samples/count", "cpu/nanoseconds") }

func (m *made) mark(comments ...string) *made {
	for _, c := range comments {
		m.Comments = append(m.Comments, "idlebench: "+c)
	}
	return m
}

func (m *made) add(stack string, values ...int64) *made {
	s := &pprof.Sample{Value: values}
	for name := range strings.FieldsSeq(stack) {
		name = strings.ReplaceAll(name, "~", strings.TrimSuffix(module, "/"))
		l := m.functions[name]
		if l == nil {
			id := uint64(len(m.Function) + 1)
			f := &pprof.Function{ID: id, Name: name, Filename: "/home/somebody/src/file.go"}
			l = &pprof.Location{ID: id, Line: []pprof.Line{{Function: f, Line: int64(10 * id)}}}
			m.Function = append(m.Function, f)
			m.Location = append(m.Location, l)
			m.functions[name] = l
		}
		s.Location = append(s.Location, l)
	}
	m.Sample = append(m.Sample, s)
	return m
}

func (m *made) bytes(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := m.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (m *made) parse(t testing.TB, file string) *Profile {
	t.Helper()
	p, err := Parse(file, m.bytes(t))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

const (
	worker    = " ~/loadgen/host.(*worker).park ~/loadgen/host.(*worker).work ~/loadgen/host.Start.func1"
	generator = " ~/loadgen/workload.(*wakeLoad).op ~/loadgen.(*driver).measured.func1 ~/bench/profile.Record" +
		" ~/loadgen.(*driver).measured ~/loadgen.(*driver).drive"
)

func madeBlock(impl string) *made {
	return madeWaits().
		mark("cell=Wake/impl="+impl+"/park=cond/workers=2/gap=20us", "kind=block", "ops=1000").
		add("sync.(*Cond).Wait ~/impls/park.(*Cond).Park ~/impls/"+impl+".(*Idle).wait ~/impls/"+impl+".(*Idle).Park"+worker, 800, 3_000_000_000).
		add("sync.(*Mutex).Lock ~/impls/park.(*Cond).Park ~/impls/"+impl+".(*Idle).wait ~/impls/"+impl+".(*Idle).Park"+worker, 10, 1_000_000).
		add("sync.(*Mutex).Lock ~/impls/"+impl+".(*Idle).Park"+worker, 40, 8_000_000).
		add("sync.(*Mutex).Lock ~/loadgen/host.(*Scheduler).Submit"+generator, 50, 11_000_000).
		add("runtime.chanrecv1 ~/internal/prim.Recv[go.shape.struct{}] ~/loadgen/workload.(*wakeLoad).op.func1"+generator, 5, 2_000_000)
}

func madeMutex() *made {
	return madeWaits().
		mark("cell=Wake/impl=bitmap/park=futex/workers=2/gap=20us", "kind=mutex", "ops=1000").
		add("sync.(*Mutex).Unlock ~/impls/bitmap.(*Idle).NotifyRemote ~/loadgen/host.(*Scheduler).Submit"+generator, 70, 13_000_000).
		add("internal/sync.(*Mutex).Unlock sync.(*Mutex).Unlock ~/impls/bitmap.(*Idle).Park"+worker, 30, 7_000_000).
		add("runtime.unlock runtime.parkunlock_c runtime.park_m runtime.mcall", 4, 90_000).
		add("runtime._LostContendedRuntimeLock", 1, 10_000)
}

func madeProcessor() *made {
	return madeCPU().
		mark("cell=Wake/impl=mine/park=spin/workers=2/gap=20us", "kind=cpu", "ops=1000").
		add("~/loadgen/workload.(*Generator).Spin"+generator, 190, 1_900_000_000).
		add("sync/atomic.(*Uint32).Load ~/impls/park.(*Spin).Park example.org/idle/mine.(*Idle).Park"+worker, 100, 1_000_000_000).
		add("example.org/idle/mine.(*Idle).Park"+worker, 7, 70_000_000).
		add("internal/runtime/syscall/linux.Syscall6 golang.org/x/sys/unix.Syscall6 ~/internal/prim.futexWake ~/impls/park.(*Futex).Unpark example.org/idle/mine.(*Idle).NotifyRemote"+generator, 40, 400_000_000).
		add("runtime.usleep runtime.sysmon runtime.mstart", 1, 10_000_000).
		add("example.org/idle/mine.tiny"+worker, 1, 10_000_000).
		add("", 1, 10_000_000)
}

func golden(t *testing.T, name string, v any) {
	t.Helper()
	got, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	file := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.WriteFile(file, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got), \"go test -update\" accepts it:\n%s", file, diff)
	}
}

func TestGolden(t *testing.T) {
	for _, test := range []struct {
		name string
		made *made
	}{
		{"block", madeBlock("bitmap")},
		{"mutex", madeMutex()},
		{"cpu", madeProcessor()},
		{"none.mutex", madeWaits().mark("cell=Wake/impl=bitmap/park=futex/workers=2/gap=20us", "kind=mutex", "ops=1000")},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := test.made.parse(t, test.name+".pb.gz")
			var c *Contention
			if p.Kind != CPU {
				found, err := p.Contention()
				if err != nil {
					t.Fatal(err)
				}
				c = &found
			}
			golden(t, test.name, struct {
				*Profile
				Notes      []string
				Contention *Contention `json:",omitempty"`
				Parts      []Part
				Tree       *Node
			}{p, p.Notes(), c, p.Parts(), p.Tree(Reduced)})
		})
	}
}

func TestGoldenDifference(t *testing.T) {
	old := madeBlock("bitmap").parse(t, "old.block.pb.gz")
	new := madeBlock("mutexonly").add("sync.(*Mutex).Lock ~/impls/mutexonly.(*Idle).NotifyRemote ~/loadgen/host.(*Scheduler).Submit"+generator, 50, 33_000_000)
	new.DurationNanos *= 2
	contention := func(p *Profile) *Profile { return p.Only(Lock, RuntimeLock, Event) }
	d, err := Difference(contention(old), contention(new.parse(t, "new.block.pb.gz")), Second, Reduced)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "difference", d)
}

// uncompressed is bytes without gzip.
func uncompressed(t testing.TB, m *made) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := m.WriteUncompressed(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
