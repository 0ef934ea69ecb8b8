package hlog

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"math/bits"
	"strings"
)

// Cookies begin an encoded histogram. Bits 4 to 7 of those of [histograms] have the size
// of a count in bytes, with 0x1 added; in version 2 counts vary in size, and they are 0x1.
const (
	v0, v0Compressed = 0x1c849308, 0x1c849309
	v1, v1Compressed = 0x1c849301, 0x1c849302
	v2, v2Compressed = 0x1c849303, 0x1c849304

	double, doubleCompressed = 0x0c72124e, 0x0c72124f
)

// isPayload reports whether text begins like an encoded histogram: with the first bytes
// of a cookie, in base64.
func isPayload(text string) bool {
	return strings.HasPrefix(text, "HIST") || strings.HasPrefix(text, "DHIST")
}

// errDamaged is what is wrong with a histogram that ends early or contradicts itself.
var errDamaged = errors.New("its histogram is cut off or damaged")

// maxBars bounds the memory that a histogram takes. One that distinguishes five digits from
// 1 ns to an hour has less than half of that.
const maxBars = 1 << 23

// decode returns the values of an encoded histogram.
func decode(text string) (Values, error) {
	data, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
	if err != nil {
		return Values{}, fmt.Errorf("%w: %v", errDamaged, err)
	}
	r := bufio.NewReader(bytes.NewReader(data))
	ofDouble, err := skipDouble(r)
	if err != nil {
		return Values{}, err
	}
	cookie, err := peekCookie(r)
	if err != nil {
		return Values{}, err
	}
	if c := base(cookie); c == v0Compressed || c == v1Compressed || c == v2Compressed {
		var length [8]byte // the cookie and a length, which the compressed data repeat
		if _, err := io.ReadFull(r, length[:]); err != nil {
			return Values{}, errDamaged
		}
		z, err := zlib.NewReader(r)
		if err != nil {
			return Values{}, fmt.Errorf("%w: %v", errDamaged, err)
		}
		r = bufio.NewReader(z)
	}
	h, err := readHeader(r)
	if err != nil {
		return Values{}, err
	}
	if !ofDouble {
		h.factor = 1 // integers are not converted, whatever the header has
	}
	return h.counts(r)
}

// skipDouble reads what a DoubleHistogram has before its histogram of integers.
func skipDouble(r *bufio.Reader) (ofDouble bool, err error) {
	cookie, err := peekCookie(r)
	if err != nil || cookie != double && cookie != doubleCompressed {
		return false, err
	}
	if _, err := r.Discard(4 + 4 + 8); err != nil { // the cookie, the precision, the range
		return true, errDamaged
	}
	return true, nil
}

func peekCookie(r *bufio.Reader) (uint32, error) {
	b, err := r.Peek(4)
	if err != nil {
		return 0, errDamaged
	}
	return binary.BigEndian.Uint32(b), nil
}

func base(cookie uint32) uint32 { return cookie &^ 0xf0 }

// A header says how the counts that follow it are encoded, and of which values they are.
type header struct {
	size   int     // of a count in bytes; 0 if it varies
	length int64   // of all counts in bytes; -1 if that is not known
	unit   int     // values below 2**unit are not distinguished
	half   int     // a bucket has 2**half bars, the first twice as many
	factor float64 // of values
}

// readHeader reads what is before the counts.
func readHeader(r io.Reader) (h header, err error) {
	var cookie uint32
	if err := binary.Read(r, binary.BigEndian, &cookie); err != nil {
		return h, damage(err)
	}
	var digits int32
	var lowest int64
	switch base(cookie) {
	case v0:
		var rest struct {
			Digits                 int32
			Lowest, Highest, Total int64
		}
		err = binary.Read(r, binary.BigEndian, &rest)
		digits, lowest, h.length, h.factor = rest.Digits, rest.Lowest, -1, 1
	case v1, v2:
		var rest struct {
			Length, Offset, Digits int32
			Lowest, Highest        int64
			Factor                 float64
		}
		err = binary.Read(r, binary.BigEndian, &rest)
		digits, lowest, h.length, h.factor = rest.Digits, rest.Lowest, int64(rest.Length), rest.Factor
		if rest.Length < 0 {
			return h, errDamaged
		}
	default:
		return h, fmt.Errorf("its histogram is in an encoding that is not known (%#x): known are the versions 0, 1 and 2 of HdrHistogram", cookie)
	}
	if err != nil {
		return h, damage(err)
	}
	if base(cookie) != v2 {
		if h.size = int(cookie & 0xe0 >> 4); h.size != 2 && h.size != 4 && h.size != 8 {
			return h, errDamaged
		}
	}
	if digits < 0 || digits > 5 || !(h.factor > 0) || math.IsInf(h.factor, 0) {
		return h, errDamaged
	}
	// A bar of the first bucket is exact up to twice the precision.
	exact := 2 * uint64(math.Pow10(int(digits)))
	h.half = max(1, bits.Len64(exact-1)) - 1
	h.unit = bits.Len64(uint64(max(1, lowest))) - 1
	return h, nil
}

// damage is the error of what ends too early, or whose compression is damaged.
func damage(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return errDamaged
	}
	return fmt.Errorf("%w: %v", errDamaged, err)
}

// bar returns the range of the values that are counted at an index. It reports whether
// they fit into 63 bits, as all values do.
func (h header) bar(index int64) (from, to int64, ok bool) {
	bucket, sub := index>>h.half-1, index&(1<<h.half-1)
	if bucket < 0 {
		bucket = 0
	} else {
		sub += 1 << h.half
	}
	shift := int(min(bucket, 64)) + h.unit
	if bits.Len64(uint64(sub+1))+shift > 64 || shift > 62 {
		return 0, 0, false
	}
	end := uint64(sub+1)<<shift - 1
	if end > math.MaxInt64 {
		return 0, 0, false
	}
	return sub << shift, int64(end), true
}

// counts reads the counts.
func (h header) counts(r *bufio.Reader) (v Values, err error) {
	index, total, read := int64(0), int64(0), int64(0)
	for h.length < 0 || read < h.length {
		count, size, err := h.count(r)
		if err == io.EOF && h.length < 0 && size == 0 {
			break
		} else if err != nil {
			return Values{}, damage(err)
		}
		read += int64(size)
		switch {
		case count < 0 && h.size > 0 || count == math.MinInt64:
			return Values{}, errDamaged
		case count < 0: // as many zeros
			index += min(-count, 1<<32)
			continue
		case count > 0:
			from, to, ok := h.bar(index)
			if !ok || count > math.MaxInt64-total {
				return Values{}, errDamaged
			}
			if len(v.Bars) == maxBars {
				return Values{}, fmt.Errorf("its histogram has more than %d different values", maxBars)
			}
			total += count
			v.Bars = append(v.Bars, Bar{float64(from) * h.factor, float64(to) * h.factor, count})
		}
		index++
	}
	if h.length >= 0 && read != h.length {
		return Values{}, errDamaged
	}
	if _, err := r.ReadByte(); err != io.EOF { // a wrong checksum shows at the end
		return Values{}, errDamaged
	}
	return v, nil
}

// count reads one, and how many bytes it takes.
func (h header) count(r *bufio.Reader) (count int64, size int, err error) {
	if h.size == 0 {
		return zigZag(r)
	}
	var b [8]byte
	if size, err = io.ReadFull(r, b[8-h.size:]); err != nil {
		return 0, size, err
	}
	count = int64(binary.BigEndian.Uint64(b[:]))
	unused := 64 - 8*h.size
	return count << unused >> unused, size, nil
}

// zigZag reads a number of up to nine bytes: seven bits in each, from the lowest, and
// eight in the ninth. Even numbers are positive.
func zigZag(r *bufio.Reader) (n int64, size int, err error) {
	var u uint64
	for shift := 0; ; shift += 7 {
		b, err := r.ReadByte()
		if err != nil {
			return 0, size, err
		}
		size++
		if shift == 56 {
			u |= uint64(b) << shift
			break
		}
		u |= uint64(b&0x7f) << shift
		if b < 0x80 {
			break
		}
	}
	return int64(u>>1) ^ -int64(u&1), size, nil
}
