package launch

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/loadgen/gaps"
)

// Gaps is the content of the file of Request.Gaps, as JSON.
type Gaps struct {
	Workers [][]gaps.Gap `json:"workers"` // of each worker that slept, in their order
	Lost    int          `json:"lost"`    // for which there was no room
}

// recordGaps has the parker of the request's cell recorded.
func (r Request) recordGaps(c *catalog.Catalog) (*gaps.Recorder, error) {
	*c = c.With(r.Cell.Park)
	c.Parkers = slices.Clone(c.Parkers)
	recorder := gaps.NewRecorder()
	for i, k := range c.Parkers {
		if k.Name == r.Cell.Park {
			c.Parkers[i] = recorder.Kind(k)
			return recorder, nil
		}
	}
	return nil, fmt.Errorf("%s: idle gaps are recorded of workers that are pinned threads, with a parker of their own choice: want -park futex, for one", r.Cell.Name())
}

// saveGaps writes what was recorded.
func (r Request) saveGaps(recorder *gaps.Recorder) error {
	var g Gaps
	g.Workers, g.Lost = recorder.Gaps()
	data, err := json.Marshal(g)
	if err != nil {
		return err
	}
	return os.WriteFile(r.Gaps, data, 0o666)
}
