package record

import (
	"strings"
	"testing"
)

// A plan with a peer's cell says which program measures it.
func TestPlanOfPeers(t *testing.T) {
	p := Plan{
		Cells: []Cell{{Workload: "wake", Impl: "there", Park: PeerPark, Workers: 1}}, Rounds: 1, Order: [][]int{{0}},
		Peers: []Peer{{Name: "there", Config: "tuned"}},
	}
	if err := p.Validate(); err == nil || !strings.Contains(err.Error(), "no program for it") {
		t.Errorf("only a tuned peer: %v", err)
	}
	p.Peers = append(p.Peers, Peer{Name: "there", Config: "default", Version: "1"})
	if err := p.Validate(); err != nil {
		t.Error(err)
	}
	if peer, ok := p.Peer(p.Cells[0]); !ok || peer.Version != "1" {
		t.Errorf("%+v, %v", peer, ok)
	}
}
