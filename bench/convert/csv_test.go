package convert

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/loadgen/recording"
)

// Lists, with what becomes of them; the golden file has both.
func TestCSV(t *testing.T) {
	var got strings.Builder
	for _, f := range []struct {
		name, text string
		sort       bool
	}{
		{"two columns", "arrival_ns,service_ns\n1000,500\n1500,200\n3000,100\n", false},
		{"other units, order and columns", "user,Service_us,arrival_s\nann,1.5,1700000000.000001\nbob,0.25,1700000000.0000125\n", false},
		{"a byte-order mark, carriage returns and quotes", "\ufeff\"arrival_us\",\"service_us\"\r\n\"1\",\"2\"\r\n\"4\",\"2\"\r\n", false},
		{"families", "id,parent,arrival_us,service_us,after_us\na,,10,50,\nb,a,20,5,30\nc,a,30,5,\nd,b,70,1,99\ne,gone,80,1,\n", false},
		{"a child that arrives late is no child", "id,parent,arrival_us,service_us\na,,0,2000\nb,a,999,1\nc,a,1001,1\nd,c,1500,1\n", false},
		{"unsorted", "arrival_ns,service_ns\n3000,1\n1000,2\n", false},
		{"sorted on request", "arrival_ns,service_ns\n3000,1\n1000,2\n2000,3\n", true},
		{"children before their parents, sorted", "id,parent,arrival_ns,service_ns\nb,a,1500,10\na,,1000,2000\n", true},
		{"empty", "", false},
		{"only a header", "arrival_ns,service_ns\n", false},
		{"one task", "arrival_ns,service_ns\n5,5\n", false},
		{"no header", "1,2\n3,4\n", false},
		{"no units", "arrival,service\n1,2\n", false},
		{"an unknown unit", "arrival_min,service_ns\n1,2\n", false},
		{"no service time", "arrival_ns,duration_ns\n1,2\n", false},
		{"a column twice", "arrival_ns,arrival_us,service_ns\n1,2,3\n", false},
		{"parents without ids", "arrival_ns,service_ns,parent\n1,2,3\n", false},
		{"after without parents", "arrival_ns,service_ns,after_ns\n1,2,3\n", false},
		{"semicolons", "arrival_ns;service_ns\n1;2\n", false},
		{"a line that is cut", "arrival_ns,service_ns\n1,2\n3\n", false},
		{"a quote that does not end", "arrival_ns,service_ns\n1,\"2\n", false},
		{"no number", "arrival_ns,service_ns\n1,2\nsoon,2\n", false},
		{"an empty value", "arrival_ns,service_ns\n1,\n", false},
		{"negative", "arrival_ns,service_ns\n1,-2\n", false},
		{"an exponent", "arrival_ns,service_ns\n1e9,2\n", false},
		{"infinite", "arrival_ns,service_ns\nInf,2\n", false},
		{"beyond 64 bits", "arrival_s,service_ns\n9223372037,2\n", false},
		{"a service time of an hour", "arrival_s,service_s\n1,3600\n2,1\n", false},
		{"over two hours", "arrival_s,service_ns\n0,1\n7200,1\n", false},
		{"over 290 years", "arrival_s,service_ns\n0,1\n9223372036,1\n", false},
		{"all at once", "arrival_s,service_ns\n1,1\n1,1\n", false},
		{"faster than anything", "arrival_ns,service_ns\n1,1\n2,1\n3,1\n", false},
		{"an id twice", "id,arrival_ns,service_ns\na,1,1\na,2,1\n", false},
		{"a long id", "id,arrival_ns,service_ns\n" + strings.Repeat("a", 65) + ",1,1\n", false},
		{"before its parent", "id,parent,arrival_ns,service_ns\na,b,1,1\nb,,2,1\n", false},
		{"its own parent", "id,parent,arrival_ns,service_ns\na,a,100,1\nb,,200,1\n", false},
		{"a circle", "id,parent,arrival_ns,service_ns\na,b,100,1\nb,a,100,1\nc,,500,1\n", false},
	} {
		r, err := CSV("x.csv", strings.NewReader(f.text), f.sort)
		fmt.Fprintf(&got, "# %s\n", f.name)
		if err != nil {
			var e *recording.Error
			if !errors.As(err, &e) {
				t.Errorf("%s: %v is no *recording.Error", f.name, err)
			}
			fmt.Fprintf(&got, "%v\n\n", err)
			continue
		}
		fmt.Fprintf(&got, "%s\n", text(t, r))
	}
	golden(t, "csv.golden", got.String())
}

// A list with too many tasks ends early, with the line.
func TestLongList(t *testing.T) {
	var b strings.Builder
	b.WriteString("arrival_us,service_ns\n")
	for i := range recording.MaxTasks + 1 {
		fmt.Fprintf(&b, "%d,1\n", i)
	}
	_, err := CSV("x", strings.NewReader(b.String()), false)
	var e *recording.Error
	if !errors.As(err, &e) || e.Line != recording.MaxTasks+2 {
		t.Errorf("%v", err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestInputIsBounded(t *testing.T) {
	l := &limited{r: endless{}, left: 1000}
	buf := make([]byte, 300)
	n := 0
	for {
		m, err := l.Read(buf)
		n += m
		if err != nil {
			break
		}
	}
	if n != 1000 {
		t.Errorf("%d bytes", n)
	}
}

// A tree is cut where the format or a window could not hold it.
func TestLargeTreesAreCut(t *testing.T) {
	tasks := []task{{at: 0, service: 10, parent: none}}
	for i := range 2 * maxTree {
		tasks = append(tasks, task{at: 10 + int64(i), service: 1, parent: 0})
	}
	r, _, err := assemble("test", tasks, 0, 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	if n := r.Arrivals(); n != 2*maxTree+1-(maxTree-1) {
		t.Errorf("%d arrivals of %d tasks", n, len(r.Tasks))
	}
}

func FuzzCSV(f *testing.F) {
	f.Add("arrival_ns,service_ns\n1000,500\n1500,200\n3000,100\n", false)
	f.Add("id,parent,arrival_us,service_us,after_us\na,,10,50,\nb,a,20,5,30\n", true)
	f.Add("\ufeffarrival_s,service_ms\n0.5,\"1\"\n", false)
	f.Fuzz(func(t *testing.T, text string, sort bool) {
		r, err := CSV("x", strings.NewReader(text), sort)
		if (r == nil) == (err == nil) {
			t.Errorf("%v, %v", r, err)
		}
		var e *recording.Error
		if err != nil && (!errors.As(err, &e) || e.Remedy == "") {
			t.Errorf("%q", err)
		}
	})
}
