package prim

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/impls/invariants"
)

const module = "github.com/idlebench/idlebench/"

// hosted are the packages whose machine code is compared.
var hosted = []string{
	"impls", "impls/bitmap", "impls/mutexonly", "impls/channels", "impls/park", "impls/tied",
	"impls/bitmapclaim", "impls/ctlstack", "impls/eventcount", "impls/gosched", "impls/jec",
	"impls/multithread", "impls/rendezvous", "impls/semaphore", "impls/wakingtoken", "loadgen/host",
}

// hot are functions that must be among those compared, so that the comparison is
// not of nothing. What is inlined everywhere is compared where it went.
var hot = []string{
	"impls.(*Mutex).Lock", "impls.(*Mutex).Unlock",
	"impls/bitmap.(*Idle).NotifyLocal", "impls/bitmap.(*Idle).NotifyRemote", "impls/bitmap.(*Idle).NotifyMult",
	"impls/bitmap.(*Idle).Search", "impls/bitmap.(*Idle).Found", "impls/bitmap.(*Idle).Park",
	"impls/bitmap.(*Idle).waitForCore", "impls/bitmap.(*Idle).Snapshot",
	"impls/mutexonly.(*Idle).NotifyLocal", "impls/mutexonly.(*Idle).NotifyRemote", "impls/mutexonly.(*Idle).NotifyMult",
	"impls/mutexonly.(*Idle).Search", "impls/mutexonly.(*Idle).Found", "impls/mutexonly.(*Idle).Park",
	"impls/channels.(*Idle).NotifyLocal", "impls/channels.(*Idle).NotifyRemote", "impls/channels.(*Idle).NotifyMult",
	"impls/channels.(*Idle).Search", "impls/channels.(*Idle).Found", "impls/channels.(*Idle).Park", "impls/channels.(*Idle).wake",
	"impls/park.(*Cond).Park", "impls/park.(*Cond).Unpark", "impls/park.(*Chan).Park", "impls/park.(*Chan).Unpark",
	"impls/park.(*Futex).Park", "impls/park.(*Futex).Unpark", "impls/park.(*Spin).Park", "impls/park.(*Spin).Unpark",
	"loadgen/host.(*runQueue).pop", "loadgen/host.(*runQueue).stealInto", "loadgen/host.(*worker).push",
	"loadgen/host.(*worker).takeInjected", "loadgen/host.(*Scheduler).Submit", "loadgen/host.(*worker).search",
}

var (
	// Functions that run once for each scheduler are not compared.
	cold = regexp.MustCompile(`\.(New|init\b|Kinds\b|Start\b)|^loadgen/host\.(newScheduler|\(\*Scheduler\)\.(start|join))\b`)

	// Of functions with channel operations the calls are compared. An operation
	// through the door is an inlined function: its operands are evaluated before
	// it, and what it returns has a place, be it used or not. That makes for
	// another move or two.
	onChannels = regexp.MustCompile(`^impls/(channels\.|park\.\(\*Chan\))`)

	// Of these the kinds of instructions are compared, in any order: the compiler
	// takes the address of a Var before it takes the value, and so other registers.
	onVar = regexp.MustCompile(`^impls/ctlstack\.\(\*Idle\)\.choose$`)
)

// The door costs nothing: the linked benchmark has the same instructions as it
// would have if its source used sync, sync/atomic and chan themselves. And it
// could cost something, which would be noticed: the build with the tag perturb,
// whose door is made of types around those, is not the same.
func TestOneDoorCostsNothing(t *testing.T) {
	switch {
	case testing.Short():
		t.Skip("it builds the benchmark three times")
	case invariants.Enabled:
		t.Skip("what is built is the same with and without the race detector: once is enough")
	case runtime.GOOS != "linux" || runtime.GOARCH != "amd64":
		t.Skip("it knows the operands of amd64 only")
	}
	dir := t.TempDir()
	door := compile(t, dir, "door")
	direct := compile(t, dir, "direct", "-overlay", writeOverlay(t, dir))
	wrapped := compile(t, dir, "wrapped", "-tags", "perturb")

	for _, name := range hot {
		if len(door[name]) == 0 {
			t.Errorf("%s is not in the benchmark", name)
		}
	}
	for _, d := range slices.Concat(differences(door, direct), callsOfDoor(door)) {
		t.Error(d)
	}
	if len(differences(wrapped, direct)) < len(hot)/2 || len(callsOfDoor(wrapped)) < len(hot)/2 {
		t.Error("a door made of functions and types of its own would not be noticed")
	}
	if t.Failed() {
		return
	}
	var compared []string
	instructions := 0
	for _, name := range slices.Sorted(maps.Keys(door)) {
		if !cold.MatchString(name) {
			compared = append(compared, name)
			instructions += len(door[name])
		}
	}
	t.Logf("%d functions with %d instructions are equal with and without the door:\n%s",
		len(compared), instructions, strings.Join(compared, "\n"))
}

var throughDoor = regexp.MustCompile(`\bprim\.(Mutex|Cond|NewCond|Bool|U?[Ii]nt\d+|Pointer|Var|Chan|MakeChan|Send|TrySend|Recv|TryRecv|Len|Peek)\b`)

// writeOverlay writes the source without the door to a folder, and returns the name
// of a file for go build -overlay.
func writeOverlay(t *testing.T, dir string) string {
	t.Helper()
	patterns := []string{module + "impls"}
	for _, p := range hosted {
		patterns = append(patterns, module+p)
	}
	files, err := withoutDoor(patterns...)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 20 {
		t.Errorf("there are only %d files", len(files))
	}
	replace := make(map[string]string)
	for name, text := range files {
		for line := range strings.Lines(string(text)) {
			if m := throughDoor.FindString(line); m != "" && !strings.HasPrefix(strings.TrimSpace(line), "//") {
				t.Errorf("%s still has %s", name, m)
			}
		}
		replace[name] = filepath.Join(dir, fmt.Sprintf("%d.go", len(replace)))
		if err := os.WriteFile(replace[name], text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	overlay := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(overlay, text, 0o666); err != nil {
		t.Fatal(err)
	}
	return overlay
}

// Code has the instructions of functions by their names, without the module.
type code map[string][]string

// compile builds the benchmark and returns the code of the hosted packages.
func compile(t *testing.T, dir, name string, flags ...string) code {
	t.Helper()
	program := filepath.Join(dir, name)
	args := append([]string{"build", "-buildvcs=false", "-ldflags=-w", "-o", program}, flags...)
	if out, err := exec.Command("go", append(args, module+"bench")...).CombinedOutput(); err != nil {
		t.Fatalf("the build named %s: %v\n%s", name, err, out)
	}
	symbols := "^" + module + "(" + strings.ReplaceAll(strings.Join(hosted, "|"), ".", `\.`) + `)\.`
	out, err := exec.Command("go", "tool", "objdump", "-s", symbols, program).Output()
	if err != nil {
		t.Fatalf("go tool objdump: %v", err)
	}
	return parse(string(out))
}

var (
	jump    = regexp.MustCompile(`\b0x[0-9a-f]+$`)
	pointer = regexp.MustCompile(`-?0x[0-9a-f]+\(IP\)`)
	onStack = regexp.MustCompile(`\b0x[0-9a-f]+\(SP\)`)
	spill   = regexp.MustCompile(`^MOVQ [A-Z0-9]+, \(SP\)$`)
	nothing = regexp.MustCompile(`^(NOP[LW]?|XCHGL AX, AX)\b`)
)

// parse reads the output of go tool objdump. Instructions that do nothing are
// left out: they align others, or mark in the tables where an inlined call began.
// A jump gets the number of the instruction to which it goes. Where data lie is
// left out too, since it depends on the size of everything before them; calls
// have names. Where on the stack a value is kept is left out too, and in
// which order several are put there: the compiler orders variables by more than the
// code that uses them.
func parse(dump string) code {
	all := make(code)
	for text := range strings.SplitSeq(dump, "TEXT ") {
		head, body, _ := strings.Cut(text, "\n")
		name, _, ok := strings.Cut(strings.TrimPrefix(head, module), "(SB)")
		if !ok {
			continue
		}
		var instructions []string
		number := make(map[string]int) // of the instruction at an address, or after it
		for line := range strings.Lines(body) {
			fields := slices.DeleteFunc(strings.Split(strings.TrimRight(line, "\n"), "\t"), func(s string) bool { return s == "" })
			if len(fields) != 4 { // place, address, bytes, instruction
				continue
			}
			number[fields[1]] = len(instructions)
			if !nothing.MatchString(fields[3]) {
				instructions = append(instructions, pointer.ReplaceAllString(fields[3], "(IP)"))
			}
		}
		for i, instruction := range instructions {
			instruction = onStack.ReplaceAllString(instruction, "(SP)")
			instructions[i] = instruction
			if strings.HasPrefix(instruction, "J") {
				instructions[i] = jump.ReplaceAllStringFunc(instruction, func(to string) string { return fmt.Sprint(number[to]) })
			}
		}
		sortSpills(instructions)
		all[name] = instructions
	}
	return all
}

// sortSpills sorts each series of registers that are put on the stack.
func sortSpills(instructions []string) {
	for from, i := 0, 0; i <= len(instructions); i++ {
		if i == len(instructions) || !spill.MatchString(instructions[i]) {
			slices.Sort(instructions[from:i])
			from = i + 1
		}
	}
}

// differences lists the functions that are not the same in both, each with the
// first instructions that differ.
func differences(a, b code) (list []string) {
	both := maps.Clone(a)
	maps.Copy(both, b)
	for _, name := range slices.Sorted(maps.Keys(both)) {
		x, y := a[name], b[name]
		if onChannels.MatchString(name) {
			x, y = callsIn(x), callsIn(y)
		}
		if onVar.MatchString(name) {
			x, y = kindsIn(x), kindsIn(y)
		}
		if cold.MatchString(name) || slices.Equal(x, y) {
			continue
		}
		i := 0
		for i < len(x) && i < len(y) && x[i] == y[i] {
			i++
		}
		list = append(list, fmt.Sprintf("%s: %d instructions and %d; from %d on %q and %q",
			name, len(x), len(y), i, x[i:min(i+3, len(x))], y[i:min(i+3, len(y))]))
	}
	return list
}

func callsIn(instructions []string) []string {
	return slices.DeleteFunc(slices.Clone(instructions), func(s string) bool { return !strings.HasPrefix(s, "CALL") })
}

func kindsIn(instructions []string) (kinds []string) {
	for _, s := range instructions {
		kind, _, _ := strings.Cut(s, " ")
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	return kinds
}

// stay are the functions of this package that are called in the ordinary build,
// too. What they do is a system call, a loop or a new thread.
var stay = []string{"Go", "Spin", "SpinTimes", "YieldTimes", "futexWait", "futexWake"}

// callsOfDoor lists the other calls of functions of this package.
func callsOfDoor(c code) (list []string) {
	for _, name := range slices.Sorted(maps.Keys(c)) {
		for _, call := range callsIn(c[name]) {
			_, function, ok := strings.Cut(call, primPath+".")
			if ok && !slices.Contains(stay, strings.TrimSuffix(function, "(SB)")) {
				list = append(list, name+": "+call)
			}
		}
	}
	return list
}

func TestSortSpills(t *testing.T) {
	got := []string{"MOVQ CX, (SP)", "MOVQ BX, (SP)", "MOVQ (SP), AX", "MOVQ DI, (SP)", "MOVQ AX, (SP)"}
	sortSpills(got)
	want := []string{"MOVQ BX, (SP)", "MOVQ CX, (SP)", "MOVQ (SP), AX", "MOVQ AX, (SP)", "MOVQ DI, (SP)"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// The comparison notices an instruction, a call and a jump that differ, and
// nothing that depends on the place.
func TestDifferences(t *testing.T) {
	dump := func(start int, nop string, data, to int, call string) code {
		at := func(i int) string { return fmt.Sprintf("  x.go:%d\t\t%#x\t\t90\t", i, start+i) }
		return parse("TEXT " + module + "impls/x.F(SB) /x.go\n" +
			at(0) + nop + "\t\n" +
			at(1) + fmt.Sprintf("LEAQ %#x(IP), AX\t\n", data) +
			at(2) + fmt.Sprintf("JLS %#x\t\n", start+to) +
			at(3) + "CALL " + call + "(SB)\t\n" +
			at(4) + "RET\t\n")
	}
	same := dump(0x1000, "NOPL", 0x2000, 3, "sync.(*Mutex).Lock")
	for _, test := range []struct {
		name  string
		other code
		want  int
	}{
		{"other addresses", dump(0x5000, "NOPW 0(AX)(AX*1)", 0x7000, 3, "sync.(*Mutex).Lock"), 0},
		{"another instruction", dump(0x1000, "PUSHQ BP", 0x2000, 3, "sync.(*Mutex).Lock"), 1},
		{"another jump", dump(0x1000, "NOPL", 0x2000, 4, "sync.(*Mutex).Lock"), 1},
		{"another call", dump(0x1000, "NOPL", 0x2000, 3, "sync.(*Mutex).Unlock"), 1},
		{"no code", code{}, 1},
	} {
		if got := differences(same, test.other); len(got) != test.want {
			t.Errorf("%s: %q", test.name, got)
		}
	}
	for call, want := range map[string]int{primPath + ".Send": 1, primPath + ".(*Mutex).Lock": 1, primPath + ".futexWait": 0, "sync.(*Mutex).Lock": 0} {
		if got := callsOfDoor(dump(0, "NOPL", 0, 3, call)); len(got) != want {
			t.Errorf("a call of %s: %q", call, got)
		}
	}
}
