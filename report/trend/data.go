package trend

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"
	"time"
)

// Version is the version of the form that JSON writes. It changes when a reader of
// the former one would misunderstand. In version 1 a change's p was of its own series
// alone.
const Version = 2

// JSON writes everything, as an object with "version" and "histories", each a [History]
// with names in lower case. Numbers by which metrics and changes refer to others count
// from 0: "runs" of a metric are indices into those of the history, "at" of a change is
// an index into the metric's own values.
func JSON(w io.Writer, histories []History) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(struct {
		Version   int       `json:"version"`
		Histories []History `json:"histories"`
	}{Version, histories})
}

// CSV writes a line for each value: the machine's number, the run, the cell, the
// unit, the value, and which segment between two changes it is in.
func CSV(w io.Writer, histories []History) error {
	c := csv.NewWriter(w)
	c.Write([]string{"machine", "folder", "commit", "date", "cell", "unit", "value", "segment"})
	for i, h := range histories {
		for _, m := range h.Metrics {
			segment := 0
			for k, v := range m.Values {
				if segment < len(m.Changes) && m.Changes[segment].At == k {
					segment++
				}
				r := h.Runs[m.Runs[k]]
				c.Write([]string{strconv.Itoa(i), r.Folder, r.Commit, r.Date.UTC().Format(time.RFC3339),
					m.Cell, m.Unit, strconv.FormatFloat(v, 'g', -1, 64), strconv.Itoa(segment)})
			}
		}
	}
	c.Flush()
	return c.Error()
}
