package record

import "fmt"

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
