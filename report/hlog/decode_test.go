package hlog

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/google/go-cmp/cmp"
)

// Every version, size of counts and wrapping has the same values.
func TestEncodings(t *testing.T) {
	for name, e := range map[string]encoding{
		"V0, 2 bytes":                 {cookie: v0 | 0x20, compressed: v0Compressed | 0x20, size: 2},
		"V0, 4 bytes, jHiccup's mark": {cookie: v0 | 0x50, compressed: v0Compressed | 0x50, size: 4},
		"V0, 8 bytes":                 {cookie: v0 | 0x80, compressed: v0Compressed | 0x80, size: 8},
		"V0, not compressed":          {cookie: v0 | 0x80, size: 8},
		"V1, 2 bytes":                 {cookie: v1 | 0x20, compressed: v1Compressed | 0x20, size: 2},
		"V1, 4 bytes":                 {cookie: v1 | 0x40, compressed: v1Compressed | 0x40, size: 4},
		"V1, 8 bytes":                 {cookie: v1 | 0x80, compressed: v1Compressed | 0x80, size: 8},
		"V1, not compressed":          {cookie: v1 | 0x80, size: 8},
		"V2":                          version2,
		"V2, not compressed":          uncompressed,
	} {
		t.Run(name, func(t *testing.T) {
			v, err := decode(e.encode(t, small()...))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]Bar{{1, 1, 1}, {3, 3, 2}, {3407872, 3424255, 1}}, v.Bars); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
	for name, e := range map[string]encoding{
		"double":                 {cookie: v2 | 0x10, compressed: v2Compressed | 0x10, double: true, factor: 0.25},
		"double, not compressed": {cookie: v2 | 0x10, double: true, factor: 0.25},
		"double, V1":             {cookie: v1 | 0x80, compressed: v1Compressed | 0x80, size: 8, double: true, factor: 0.25},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := decode(e.encode(t, small()...))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]Bar{{0.25, 0.25, 1}, {0.75, 0.75, 2}, {851968, 856063.75, 1}}, v.Bars); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// The bars and quantiles are those of the Go implementation, for every precision and unit.
func TestAgainstGo(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for digits := 1; digits <= 4; digits++ {
		for _, lowest := range []int64{1, 2, 1000, 1 << 20} {
			h := hdrhistogram.New(lowest, math.MaxInt64/2, digits)
			for range 1000 {
				if err := h.RecordValue(random.Int64N(1 << random.IntN(62))); err != nil {
					t.Fatal(err)
				}
			}
			encoded, err := h.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
			if err != nil {
				t.Fatal(err)
			}
			v, err := decode(string(encoded))
			if err != nil {
				t.Fatal(err)
			}
			var want []Bar
			for _, bar := range h.Distribution() {
				if bar.Count > 0 {
					want = append(want, Bar{float64(bar.From), float64(bar.To), bar.Count})
				}
			}
			if diff := cmp.Diff(want, v.Bars); diff != "" {
				t.Errorf("%d digits from %d: -want +got:\n%s", digits, lowest, diff)
			}
			for _, q := range []float64{0.1, 1, 25, 50, 90, 99, 99.9, 99.99, 100} {
				if got, want := v.Quantile(q/100), float64(h.ValueAtQuantile(q)); got != want {
					t.Errorf("%d digits from %d: quantile %v is %v, want %v", digits, lowest, q, got, want)
				}
			}
			if v.Count() != h.TotalCount() || v.Max() != float64(h.Max()) {
				t.Errorf("%d digits from %d: %d values to %v, want %d to %d", digits, lowest, v.Count(), v.Max(), h.TotalCount(), h.Max())
			}
		}
	}
}

func TestNoValues(t *testing.T) {
	v, err := decode(version2.encode(t, 0))
	if err != nil || v.Count() != 0 || v.Quantile(0.5) != 0 || v.Max() != 0 {
		t.Errorf("%+v, %v", v, err)
	}
}

// What is cut off, or not of HdrHistogram, is an error, and never a histogram of less.
func TestDamaged(t *testing.T) {
	for _, e := range []encoding{version2, uncompressed, {cookie: v1 | 0x80, size: 8}, {cookie: v2 | 0x10, double: true, factor: 1}} {
		whole := e.encode(t, small()...)
		for n := len("HIST"); n < len(whole)-2; n++ { // two may be padding
			if v, err := decode(whole[:n]); err == nil {
				t.Fatalf("cut off after %d of %d characters: %+v", n, len(whole), v)
			}
		}
	}
	for name, text := range map[string]string{
		"another cookie":              "HISTAAAAAAA=",
		"a run of zeros beyond 2**63": encoding{cookie: v2 | 0x10}.encode(t, append(make([]int64, 0), math.MinInt64)...),
		"a negative count":            encoding{cookie: v1 | 0x80, size: 8}.encode(t, -1),
		"counts beyond 2**63":         uncompressed.encode(t, math.MaxInt64, math.MaxInt64),
	} {
		if v, err := decode(text); err == nil {
			t.Errorf("%s: %+v", name, v)
		}
	}
}
