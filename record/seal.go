package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// sealed is run.json: a manifest with the checksum of each of its values, so that later
// changes can be located.
type sealed struct {
	Manifest
	Sums map[string]string `json:"crc"` // by name, such as plan.time_ns
}

const sealField = "crc"

// seal returns the content of run.json.
func seal(m Manifest) ([]byte, error) {
	bare, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	sums := make(map[string]string)
	if err := addSums(sums, "", bare); err != nil {
		return nil, err
	}
	data, err := json.MarshalIndent(sealed{m, sums}, "", "\t")
	if err != nil {
		return nil, err
	}
	return append(data, '\n'), nil
}

// checkSeal rejects a run.json whose content is not as it was written. White space may
// differ.
func checkSeal(data []byte) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return err
	}
	if fields[sealField] == nil {
		return errors.New("its checksums are missing: " + restore)
	}
	var want map[string]string
	if err := json.Unmarshal(fields[sealField], &want); err != nil {
		return fmt.Errorf("its checksums: %w", err)
	}
	delete(fields, sealField)
	got := make(map[string]string)
	for name, value := range fields {
		if err := addSums(got, name, value); err != nil {
			return err
		}
	}
	var changed []string
	for name, sum := range got {
		if want[name] != sum {
			changed = append(changed, name)
		}
	}
	for name := range want {
		if got[name] == "" {
			changed = append(changed, name)
		}
	}
	if changed == nil {
		return nil
	}
	slices.Sort(changed)
	return fmt.Errorf("%s: changed after it was written: %s", strings.Join(changed, ", "), restore)
}

// addSums adds the checksums of a JSON value with this name: of each of its members,
// if it is an object that has some.
func addSums(sums map[string]string, name string, value json.RawMessage) error {
	var members map[string]json.RawMessage
	if json.Unmarshal(value, &members) == nil && len(members) > 0 {
		if name != "" {
			name += "."
		}
		for member, v := range members {
			if err := addSums(sums, name+member, v); err != nil {
				return err
			}
		}
		return nil
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, value); err != nil {
		return err
	}
	sums[name] = checksum(compact.Bytes())
	return nil
}
