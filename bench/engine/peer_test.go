package engine

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/bench/peer"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/record"
)

// fakePeer writes a program that says hello and refuses gaps of 2 ms.
func fakePeer(t *testing.T) (path string, use cpu.Set) {
	t.Helper()
	if !peer.Supported {
		t.Skip("peers are for Linux")
	}
	path = filepath.Join(t.TempDir(), "fake")
	script := `#!/bin/sh
echo "hello protocol=1 peer=fake version=3 build=sh config=tuned held=no can=wake,idle"
while read -r word rest; do
	case "$word $rest" in
	cell*gap=2000000*) echo "no too long" ;;
	cell*) echo ready ;;
	run*) exit 4 ;;
	esac
done
`
	if err := os.WriteFile(path, []byte(script), 0o777); err != nil {
		t.Fatal(err)
	}
	use, err := cpu.Allowed()
	if err != nil {
		t.Fatal(err)
	}
	return path, use
}

func wakeCell(impl, park, gap string) record.Cell {
	return record.Cell{Workload: "wake", Impl: impl, Park: park, Workers: 1, Params: []record.Param{{Name: "gap", Value: gap}, {Name: "submitter", Value: "block"}}}
}

func TestFindPeer(t *testing.T) {
	path, use := fakePeer(t)
	p, err := FindPeer(t.Context(), path, use)
	if err != nil {
		t.Fatal(err)
	}
	if p.Name != "fake" || p.Version != "3" || p.Config != peer.Tuned || p.Park() != record.TunedPeerPark || p.Program != path || !strings.HasPrefix(p.Sum, "sha256:") || len(p.Can) != 2 {
		t.Errorf("%+v", p)
	}
	if _, err := FindPeer(t.Context(), path+"-missing", use); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a program that is not there: %v", err)
	}
}

// Cells that a peer refuses are taken out of a plan; others stay, whatever becomes of them.
func TestUnable(t *testing.T) {
	path, use := fakePeer(t)
	found, err := FindPeer(t.Context(), path, use)
	if err != nil {
		t.Fatal(err)
	}
	e := &Engine{Catalog: catalog.Default()}
	p := record.Plan{Peers: []record.Peer{found.Peer}, Cells: []record.Cell{
		wakeCell("fake", record.TunedPeerPark, "2ms"), wakeCell("bitmap", "cond", "2ms"), wakeCell("fake", record.TunedPeerPark, "1ms"),
	}}
	reasons, err := e.Unable(t.Context(), &p, use)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Cells) != 2 || p.Cells[0].Impl != "bitmap" || p.Cells[1].Impl != "fake" || len(reasons) != 1 || reasons[wakeCell("fake", record.TunedPeerPark, "2ms").Name()] != "too long" {
		t.Errorf("cells %v, reasons %v", p.Cells, reasons)
	}
}

// A program that is no longer what it was is an error of its own rows, and keeps a run from
// being resumed.
func TestChangedPeer(t *testing.T) {
	path, use := fakePeer(t)
	found, err := FindPeer(t.Context(), path, use)
	if err != nil {
		t.Fatal(err)
	}
	plan := record.Plan{Peers: []record.Peer{found.Peer}}
	f := fleet{&Engine{Catalog: catalog.Default()}, plan, make(map[string]*Program)}
	r := launch.Request{Cell: wakeCell("fake", record.TunedPeerPark, "1ms"), CPUs: use}
	if _, ok, err := f.request(r); !ok || err != nil {
		t.Errorf("as it was: %v, %v", ok, err)
	}
	if _, ok, err := f.request(launch.Request{Cell: wakeCell("bitmap", "cond", "1ms")}); ok || err != nil {
		t.Errorf("a cell that is no peer's: %v, %v", ok, err)
	}
	if list := changedPeers(plan); list != nil {
		t.Errorf("nothing has changed, yet %v", list)
	}
	if err := os.WriteFile(path, []byte("#!/bin/sh\nexit 1\n"), 0o777); err != nil {
		t.Fatal(err)
	}
	var replaced *ReplacedError
	if _, _, err := f.request(r); !errors.As(err, &replaced) {
		t.Errorf("replaced within a session: %v", err)
	}
	f.programs = make(map[string]*Program)
	if _, _, err := f.request(r); !errors.As(err, &replaced) {
		t.Errorf("replaced before a session: %v", err)
	}
	if list := changedPeers(plan); len(list) != 1 || list[0].Key != "peer-fake" {
		t.Errorf("replaced: %v", list)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if list := changedPeers(plan); len(list) != 1 {
		t.Errorf("removed: %v", list)
	}
}
