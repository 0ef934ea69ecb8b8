package hlog

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
)

// Is reports whether data are an interval log: it has a comment or a legend of the format,
// or the first line that is neither is that of an interval.
func Is(data []byte) bool {
	for text := range bytes.Lines(plain(data, maxHead)) {
		text = bytes.TrimSpace(text)
		switch {
		case len(text) == 0:
		case bytes.HasPrefix(text, []byte("#[Histogram log format")), bytes.HasPrefix(text, []byte(`"StartTimestamp"`)):
			return true
		case text[0] == '#':
		default:
			l, err := parseLine(0, string(text))
			// More is needed of a histogram alone than that it begins like one.
			if err == nil && l.bare {
				_, err = decode(l.payload)
			}
			return err == nil
		}
	}
	return false
}

// maxHead is how much of a file that is not ASCII decides what it is.
const maxHead = 64 << 10

// plain returns text in UTF-8, without a byte-order mark. Of UTF-16 it returns the
// beginning, of most bytes, or all if most is 0.
func plain(data []byte, most int) []byte {
	if rest, ok := bytes.CutPrefix(data, []byte("\xef\xbb\xbf")); ok {
		return rest
	}
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		order, data = binary.LittleEndian, data[2:]
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		order, data = binary.BigEndian, data[2:]
	case len(data) > 1 && data[0] == '#' && data[1] == 0: // added to another file
		order = binary.LittleEndian
	default:
		return data
	}
	if most > 0 {
		data = data[:min(len(data), most)]
	}
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return []byte(string(utf16.Decode(units)))
}
