package environ

import (
	"crypto/sha256"
	"fmt"
)

// machine distinguishes machines, even identical ones: a hash of the id that the system
// was given when it was installed, or of the host's name where it has none. The hash is
// salted, so that it cannot be used to find the machine by anything but results of this
// suite.
//
// Containers of one image may share an id, and those without one have a new name
// each time they are made.
func machine(s System) string {
	if id := s.file("etc/machine-id"); id != "" && id != "uninitialized" {
		return salted(id)
	}
	if s.Hostname != "" {
		return salted(s.Hostname) + " (of its name)"
	}
	return ""
}

func salted(name string) string {
	return fmt.Sprintf("%x", sha256.Sum256([]byte("idlebench machine "+name)))[:16]
}

// stolen returns the share of stolen time since boot.
func stolen(s System) string {
	t := s.Counters().Of(s.Affinity())
	if t.Total == 0 {
		return ""
	}
	return fmt.Sprintf("%.2f %%", 100*float64(t.Steal)/float64(t.Total))
}
