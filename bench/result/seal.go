package result

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// sealed is run.json: a manifest with the checksum of each of its fields, so that
// one that was changed afterwards can be named.
type sealed struct {
	Manifest
	Sums map[string]string `json:"crc"` // by the field's name, of its value without white space
}

// seal returns what run.json is to hold.
func seal(m Manifest) ([]byte, error) {
	bare, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(bare, &fields); err != nil {
		return nil, err
	}
	sums, err := sumFields(fields)
	if err != nil {
		return nil, err
	}
	data, err := json.MarshalIndent(sealed{m, sums}, "", "\t")
	if err != nil {
		return nil, err
	}
	return append(data, '\n'), nil
}

// checkSeal refuses the content of a run.json that is not as it was written.
func checkSeal(data []byte) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return err
	}
	seal, ok := fields["crc"]
	if !ok {
		return errors.New("it has lost its checksums: " + restore)
	}
	var want map[string]string
	if err := json.Unmarshal(seal, &want); err != nil {
		return fmt.Errorf("its checksums: %w", err)
	}
	delete(fields, "crc")
	got, err := sumFields(fields)
	if err != nil {
		return err
	}
	var changed []string
	for name := range maps.Keys(want) {
		if got[name] != want[name] {
			changed = append(changed, name)
		}
	}
	for name := range maps.Keys(got) {
		if _, ok := want[name]; !ok {
			changed = append(changed, name)
		}
	}
	if changed == nil {
		return nil
	}
	slices.Sort(changed)
	return fmt.Errorf("%s: changed after it was written: %s", strings.Join(changed, ", "), restore)
}

func sumFields(fields map[string]json.RawMessage) (map[string]string, error) {
	sums := make(map[string]string, len(fields))
	for name, value := range fields {
		var compact bytes.Buffer
		if err := json.Compact(&compact, value); err != nil {
			return nil, err
		}
		sums[name] = checksum(compact.Bytes())
	}
	return sums, nil
}
