package hlog

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"testing"
)

// An encoding is a way to write a histogram.
type encoding struct {
	cookie, compressed uint32 // compressed is 0 for a histogram that is not
	size               int    // of a count in bytes; 0 for version 2
	double             bool
	factor             float64 // of a DoubleHistogram
}

var (
	version2     = encoding{cookie: v2 | 0x10, compressed: v2Compressed | 0x10}
	uncompressed = encoding{cookie: v2 | 0x10}
)

// encode writes counts of values from 0, with the precision of two digits, so that values
// below 256 have a count each.
func (e encoding) encode(t testing.TB, counts ...int64) string {
	t.Helper()
	var payload []byte
	for i := 0; i < len(counts); i++ {
		var word [8]byte
		binary.BigEndian.PutUint64(word[:], uint64(counts[i]))
		if e.size > 0 {
			payload = append(payload, word[8-e.size:]...)
			continue
		}
		n := counts[i]
		for n == 0 && i+1 < len(counts) && counts[i+1] == 0 {
			i++
		}
		if zeros := i; counts[zeros] == 0 && zeros > 0 && counts[zeros-1] == 0 {
			first := zeros
			for first > 0 && counts[first-1] == 0 {
				first--
			}
			n = -int64(zeros - first + 1)
		}
		payload = appendZigZag(payload, n)
	}
	var b bytes.Buffer
	put := func(values ...any) {
		for _, v := range values {
			if err := binary.Write(&b, binary.BigEndian, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	const digits, lowest, highest = int32(2), int64(1), int64(1 << 40)
	if base(e.cookie) == v0 {
		var total int64
		for _, n := range counts {
			total += n
		}
		put(e.cookie, digits, lowest, highest, total)
	} else {
		factor := e.factor
		if !e.double {
			factor = 1
		}
		put(e.cookie, int32(len(payload)), int32(0), digits, lowest, highest, factor)
	}
	b.Write(payload)
	if e.compressed != 0 {
		var z bytes.Buffer
		w := zlib.NewWriter(&z)
		_, _ = w.Write(b.Bytes())
		_ = w.Close()
		b.Reset()
		put(e.compressed, int32(z.Len()))
		b.Write(z.Bytes())
	}
	if e.double {
		inner := bytes.Clone(b.Bytes())
		b.Reset()
		cookie := uint32(double)
		if e.compressed != 0 {
			cookie = doubleCompressed
		}
		put(cookie, digits, int64(1<<20))
		b.Write(inner)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

func appendZigZag(b []byte, n int64) []byte {
	u := uint64(n)<<1 ^ uint64(n>>63)
	for range 8 {
		if u < 0x80 {
			return append(b, byte(u))
		}
		b = append(b, byte(u)|0x80)
		u >>= 7
	}
	return append(b, byte(u))
}

// small is a histogram of 1, 3, 3, and a value between 3,407,872 and 3,424,255.
func small() []int64 {
	counts := make([]int64, 2001)
	counts[1], counts[3], counts[2000] = 1, 2, 1
	return counts
}
