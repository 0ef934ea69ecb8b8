package record

import (
	"fmt"
	"slices"
)

// A Peer is a real runtime that a run measures with a program of its own.
type Peer struct {
	Name    string `json:"name"` // impl of its cells
	Config  string `json:"config"`
	Version string `json:"version"` // of the runtime
	Build   string `json:"build"`   // its compiler and flags
	Program string `json:"program"` // absolute path
	Sum     string `json:"sum"`     // identifies the content of the program
}

// About says which one it is.
func (p Peer) About() string {
	return fmt.Sprintf("version=%s build=%s config=%s", p.Version, p.Build, p.Config)
}

// The parkers of peers' cells. A peer sleeps in its own way.
const (
	PeerPark      = "peer"
	TunedPeerPark = "peer-tuned" // its users have to set something to get this
)

// IsPeer reports whether a cell is a peer's.
func IsPeer(c Cell) bool { return c.Park == PeerPark || c.Park == TunedPeerPark }

// Park returns the parker of the peer's cells.
func (p Peer) Park() string {
	if p.Config == "tuned" {
		return TunedPeerPark
	}
	return PeerPark
}

// Peer returns the peer of a cell.
func (p Plan) Peer(c Cell) (Peer, bool) {
	i := slices.IndexFunc(p.Peers, func(peer Peer) bool { return peer.Name == c.Impl && peer.Park() == c.Park })
	if i < 0 {
		return Peer{}, false
	}
	return p.Peers[i], true
}

// validatePeers rejects a plan with a peer's cell that no program measures.
func (p Plan) validatePeers() error {
	for _, c := range p.Cells {
		if _, ok := p.Peer(c); IsPeer(c) && !ok {
			return fmt.Errorf("%s: the plan has no program for it", c.Name())
		}
	}
	return nil
}
