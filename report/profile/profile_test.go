package profile

import (
	"bytes"
	"compress/gzip"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	pprof "github.com/google/pprof/profile"

	"github.com/idlebench/idlebench/record"
	recorded "github.com/idlebench/idlebench/record/profile"
)

const (
	unlock = "sync.(*Mutex).Unlock main.f"
	lock   = "sync.(*Mutex).Lock main.f"
	cell   = "cell=Wake/impl=bitmap/park=cond/workers=2/gap=20us"
)

// A stack without an end is cut off.
func TestDepth(t *testing.T) {
	p := madeCPU().add(strings.Repeat("main.f ", maxDepth+1), 1, 1).parse(t, "x")
	depth := 0
	for n := p.Tree(Reduction{}); n.Children != nil; n = n.Children[0] {
		depth++
	}
	if depth != maxDepth {
		t.Errorf("a tree of %d levels; want %d", depth, maxDepth)
	}
}

// What kind a profile is follows from all that is known, and is refused if that
// does not agree.
func TestKind(t *testing.T) {
	waits := func(stacks ...string) *made {
		m := madeWaits()
		for _, s := range stacks {
			m.add(s, 1, 1)
		}
		return m
	}
	for _, test := range []struct {
		name string
		made *made
		file string
		want Kind
		err  string
	}{
		{"CPU", madeCPU().add("main.f", 1, 1), "x", CPU, ""},
		{"CPU without samples", madeCPU(), "x", CPU, ""},
		{"CPU named so", madeCPU(), "cpu.pprof", CPU, ""},
		{"CPU named mutex", madeCPU().add("main.f", 1, 1), "a/mutex.pb.gz", CPU, ""},
		{"CPU named block", madeCPU(), `a\blockprofile.out`, CPU, ""},
		{"the suite's CPU named block", madeCPU().mark(cell, "kind=cpu"), "x.block.pb.gz", "", "x.block.pb.gz: it is named block, but it is a cpu profile: rename it"},
		{"CPU of mutexonly", madeCPU(), "wake,impl=mutexonly,park=cond.cpu.pb.gz", CPU, ""},
		{"mutex by stacks", waits(unlock), "x", Mutex, ""},
		{"mutex of readers", waits("sync.(*RWMutex).RUnlock main.f"), "x", Mutex, ""},
		{"mutex of the runtime", waits("runtime.unlock runtime.f"), "x", Mutex, ""},
		{"mutex lost", waits("runtime._LostContendedRuntimeLock"), "x", Mutex, ""},
		{"mutex inside", waits("internal/sync.(*Mutex).unlockSlow sync.(*Mutex).Unlock"), "x", Mutex, ""},
		{"block by stacks", waits(lock), "x", Block, ""},
		{"block by a channel", waits("runtime.selectgo main.f"), "x", Block, ""},
		{"by name", waits("main.strange"), "mutex.out", Mutex, ""},
		{"by name, empty", waits(), "TestX_blockprofile.out", Block, ""},
		{"by mark, empty", waits().mark(cell, "kind=block"), "x", Block, ""},
		{"unknown", waits("main.strange"), "x", "", `put "mutex" or "block" in its name`},
		{"unknown, two words", waits(), "mutex-and-block.out", "", "it does not say which"},
		{"folder is no name", waits(), "mutex/x.pb.gz", "", "it does not say which"},
		{"mixed", waits(lock, unlock), "mutex.out", "", "both mutex and block samples"},
		{"block named mutex", waits(lock), "mutex.out", Block, ""},
		{"mutex named CPU", waits(unlock), "cpu.pb.gz", Mutex, ""},
		{"wall", newMade("samples/count", "wall/nanoseconds"), "cpu.pb.gz", Wall, ""},
		{"of pyroscope", newMade("mutex_count/count", "mutex_duration/nanoseconds").add("main.f", 1, 1), "x", Mutex, ""},
		{"marked otherwise", waits(lock).mark(cell, "kind=mutex"), "x", "", "its comments say that it is a mutex profile, but its samples are those of a block profile"},
		{"marked CPU", waits().mark(cell, "kind=cpu"), "mutex.out", "", "its comments say"},
		{"several cells", waits().mark(cell, "kind=block", "cell=Idle/impl=bitmap/park=cond/workers=2"), "x", "", "merged from several"},
		{"heap", newMade("alloc_objects/count", "inuse_space/bytes"), "x", "", `["alloc_objects/count" "inuse_space/bytes"]`},
		{"other units", newMade("samples/count", "cpu/cycles"), "x", "", "neither"},
		{"no types", newMade(), "cpu.out", "", "neither"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, err := Parse(test.file, test.made.bytes(t))
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) || !strings.Contains(err.Error(), test.file) {
					t.Errorf("error %v; want %q", err, test.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if p.Kind != test.want {
				t.Errorf("%s; want %s", p.Kind, test.want)
			}
		})
	}
}

// Bad input is an error that names the file.
func TestBroken(t *testing.T) {
	whole := madeBlock("bitmap").bytes(t)
	for _, test := range []struct {
		name string
		data []byte
		err  string
	}{
		{"empty", nil, "empty"},
		{"text", []byte("goos: linux\n"), "no profile"},
		{"cut", whole[:len(whole)/2], "cut off or damaged"},
		{"only the head of gzip", whole[:5], "cut off or damaged"},
		{"nothing in gzip", func() []byte {
			var b bytes.Buffer
			_ = gzip.NewWriter(&b).Close()
			return b.Bytes()
		}(), "no profile"},
		{"large", make([]byte, MaxSize+1), "too large"},
		{"negative", madeWaits().add(lock, -1, 1).bytes(t), "sample 1 is negative"},
		{"negative time", madeCPU().add(lock, 1, -1).bytes(t), "difference of two profiles"},
		{"too much", madeWaits().add(lock, 1, math.MaxInt64).add(unlock, 1, 1).bytes(t), "add up"},
		{"bad mark", madeWaits().mark(cell, "kind=heap").bytes(t), "kind=heap"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Parse("x.pb.gz", test.data)
			if err == nil || !strings.Contains(err.Error(), test.err) || !strings.HasPrefix(err.Error(), "profile x.pb.gz: ") {
				t.Errorf("error %v; want %q", err, test.err)
			}
		})
	}
	for _, most := range []limits{{100, maxFrames}, {MaxSize, 20}} {
		if _, err := parse("x.block.pb.gz", whole, most); err == nil || !strings.Contains(err.Error(), "too large") {
			t.Errorf("with limits %+v: error %v", most, err)
		}
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a missing file is read")
	}
}

func TestCPUHasNoContention(t *testing.T) {
	if _, err := madeProcessor().parse(t, "x").Contention(); err == nil {
		t.Error("no error")
	}
}

func TestClassify(t *testing.T) {
	const suite = "github.com/idlebench/idlebench/"
	for _, test := range []struct {
		function string
		want     Class
	}{
		{suite + "impls/bitmap.(*Idle).Park", Implementation},
		{suite + "impls/bitmap.New", Implementation},
		{suite + "impls/variant.(*delayed).NotifyRemote", Implementation},
		{suite + "impls/idletest.run", Host},
		{suite + "impls.(*Snapshot).Resize", Host},
		{suite + "impls/park.(*Futex).Park", Parker},
		{suite + "impls/park.NewFutex.func1", Parker},
		{suite + "impls/parking.(*Lot).Park", Implementation},
		{suite + "impls/prim.Recv[go.shape.struct {}]", Runtime},
		{suite + "impls/prim.Recv[" + suite + "impls/bitmap.x]", Runtime},
		{suite + "impls/invariants.Check", Host},
		{suite + "internal/prim.Recv[go.shape.struct {}]", Runtime},
		{suite + "internal/prim.Recv[" + suite + "impls/bitmap.x]", Runtime},
		{suite + "internal/invariants.Check", Host},
		{suite + "loadgen/host.(*worker).work", Host},
		{suite + "loadgen/workload.(*Generator).Spin", Workload},
		{suite + "loadgen.(*driver).run", Workload},
		{suite + "loadgen.(*floor).work", Implementation},
		{suite + "loadgen.(*spinner).Park", Parker},
		{suite + "loadgen.(*goWorker).Spawn.gowrap1", Implementation},
		{suite + "bench/profile.Record", Workload},
		{"github.com/idlebench/idlebench2/impls/x.f", Other},
		{"github.com/HdrHistogram/hdrhistogram-go.(*Histogram).RecordValue", Workload},
		{"golang.org/x/sys/unix.Syscall6", Runtime},
		{"runtime.futex", Runtime},
		{"runtime._System", Runtime},
		{"runtime._ExternalCode", Other},
		{"runtime._VDSO", Other},
		{"internal/runtime/syscall/linux.Syscall6", Runtime},
		{"internal/sync.(*Mutex).Lock", Runtime},
		{"sync/atomic.(*Bool).Load", Runtime},
		{"slices.SortFunc[go.shape.[]example.org/x.T,go.shape.int]", Runtime},
		{"testing.(*B).runN", Runtime},
		{"time.Sleep", Runtime},
		{"main.main", Other},
		{"example.org/idle/mine.(*Idle).Park", Other},
		{"mymodule/sync.Lock", Other},
		{"__GI___clone", Other},
		{"runtime", Other},
		{"std::sync::Mutex", Other},
		{"", Other},
		{"/", Other},
		{".", Other},
		{"[", Other},
	} {
		if got := Classify(test.function); got != test.want {
			t.Errorf("%s: %s; want %s", test.function, got, test.want)
		}
	}
}

// Code of other modules is the implementation's in profiles of cells only.
func TestOtherModules(t *testing.T) {
	for _, test := range []struct {
		made *made
		want Class
	}{
		{madeWaits(), Other},
		{madeWaits().mark("cell=Wake/impl=mine/park=cond/workers=2", "kind=block"), Implementation},
	} {
		p := test.made.add("sync.(*Mutex).Lock example.org/mine.(*Idle).Found main.main", 1, 1).parse(t, "block")
		c, err := p.Contention()
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Sites[0].Class; got != test.want {
			t.Errorf("%s; want %s", got, test.want)
		}
	}
}

func TestFrame(t *testing.T) {
	for _, test := range []struct {
		function, file string
		want           Frame
	}{
		{"github.com/idlebench/idlebench/impls/park.(*Cond).Park", "/home/x/impls/park/cond.go",
			Frame{Name: "park.(*Cond).Park", File: "impls/park/cond.go", Class: Parker}},
		{"internal/sync.(*Mutex).Lock", "/usr/local/go/src/internal/sync/mutex.go",
			Frame{Name: "sync.(*Mutex).Lock", File: "internal/sync/mutex.go", Class: Runtime}},
		{"example.org/a/b.(*T[go.shape.struct { X a/b.c }]).M[x].func1", `C:\src\b.go`,
			Frame{Name: "b.(*T).M.func1", File: "b.go", Class: Other}},
		{"x\xff<b>", "", Frame{Function: "x\uFFFD<b>", Name: "x\uFFFD<b>", Class: Other}},
		{"", "", Frame{Class: Other}},
	} {
		if test.want.Function == "" {
			test.want.Function = test.function
		}
		got := newFrame(pprof.Line{Function: &pprof.Function{Name: test.function, Filename: test.file}}, false)
		if diff := cmp.Diff(test.want, *got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", test.function, diff)
		}
	}
	m := &pprof.Mapping{File: "/usr/lib/libc.so"}
	if f := nameless(&pprof.Location{Mapping: m}); f.Name != "(libc.so)" || f.Class != Other {
		t.Errorf("without symbols: %+v", f)
	}
}

// A folder's files are read or are problems, and none is neither.
func TestReadFolder(t *testing.T) {
	folder := t.TempDir()
	files, err := record.OpenFiles(folder)
	if err != nil {
		t.Fatal(err)
	}
	if got, problems := ReadFolder(folder, files); got != nil || problems != nil {
		t.Errorf("without profiles: %v, %v", got, problems)
	}
	c, err := record.ParseName(strings.TrimPrefix(cell, "cell="))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(folder, record.ProfilesDir), 0o777); err != nil {
		t.Fatal(err)
	}
	write := func(file string, data []byte) {
		t.Helper()
		if err := os.WriteFile(file, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	block := madeWaits().mark(cell, "kind=block").bytes(t)
	write(recorded.File(folder, c, Block), block)
	write(recorded.File(folder, c, CPU), block[:20])
	write(recorded.File(folder, c, Mutex)+".tmp", block)
	c.Workers++
	write(recorded.File(folder, c, Block), block)
	got, problems := ReadFolder(folder, files)
	if len(got) != 1 || got[0].Kind != Block || got[0].Cell.Workers != 2 {
		t.Errorf("read: %v", got)
	}
	var all string
	for _, p := range problems {
		all += p.Error() + "\n"
	}
	if len(problems) != 2 || !strings.Contains(all, "cut off") || !strings.Contains(all, "workers=3,gap=20us.block.pb.gz: it is the block profile of Wake/impl=bitmap/park=cond/workers=2/gap=20us: name it wake,impl=bitmap,park=cond,workers=2,gap=20us.block.pb.gz") {
		t.Errorf("problems: %s", all)
	}
}
