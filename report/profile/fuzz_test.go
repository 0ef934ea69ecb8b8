package profile

import (
	"encoding/json"
	"testing"
)

// Whatever a file has in it, it is an error or a profile that everything can be
// asked of, with parts that make a whole.
func FuzzParse(f *testing.F) {
	for _, m := range []*made{madeBlock("bitmap"), madeMutex(), madeProcessor(), newMade("a/b"),
		madeWaits().add("<script> \xff\xfe [[[ ]]] (. .)", 1, 1), madeWaits().add(unlock, 1<<62, 1<<62)} {
		data := m.bytes(f)
		f.Add("x.block.pb.gz", data)
		f.Add("mutex", data[:len(data)/2])
		raw, _, err := decode(data, limits{MaxSize, maxFrames})
		if err != nil {
			f.Fatal(err)
		}
		f.Add("", uncompressed(f, &made{Profile: raw}))
	}
	f.Add("contention.txt", contentionText(f))
	f.Add("cpu", gperftools(f))
	for _, text := range []string{v8Profile, speedscopeSampled, speedscopeEvents} {
		f.Add("", []byte(text))
	}
	f.Fuzz(func(t *testing.T, file string, data []byte) {
		p, err := Parse(file, data)
		if err != nil {
			return
		}
		if c, err := p.Contention(); (err == nil) != p.Kind.Waits() {
			t.Errorf("contention of a %s profile: %v", p.Kind, err)
		} else if err == nil {
			var waits int64
			for _, total := range c.Totals {
				waits += total.Contentions
			}
			for _, s := range c.Sites {
				waits -= s.Contentions
			}
			if waits != 0 {
				t.Errorf("sites and totals differ by %d", waits)
			}
		}
		var self, caused int64
		for _, part := range p.Parts() {
			self += int64(part.Self)
			caused += int64(part.Caused)
		}
		if self != int64(p.Time) || caused != int64(p.Time) {
			t.Errorf("parts of %d and %d in %d", self, caused, p.Time)
		}
		p.Notes()
		tree := p.Tree(Reduced)
		check(t, tree)
		if _, err := json.Marshal(struct {
			*Profile
			*Node
		}{p, tree}); err != nil {
			t.Error(err)
		}
		if d, err := Difference(p, p, Second, Reduced); err == nil && d.Old != d.New {
			t.Errorf("%v against itself: %v", d.Old, d.New)
		}
	})
}

// check refuses children that are larger than what they are part of.
func check(t *testing.T, n *Node) {
	var sum float64
	for _, c := range n.Children {
		check(t, c)
		sum += c.Value
	}
	if sum > n.Value*(1+1e-9) {
		t.Errorf("%s: %v in %v", n.Name, sum, n.Value)
	}
}
