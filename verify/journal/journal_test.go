package journal

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"
)

var fork = Exploration{"bound 3", "bitmap/chan", "fork", "0123"}

func TestRecord(t *testing.T) {
	name := filepath.Join(t.TempDir(), "record.tsv")
	if r, err := ReadRecord(name); err != nil || len(r) > 0 {
		t.Errorf("no file: %v, %v", r, err)
	}
	edited := fork
	edited.Source = "4567"
	failed := Result{fork, Failed, 7, 0, time.Second}
	repaired := Result{fork, Complete, 1234, 5, 1500 * time.Millisecond}
	other := Result{edited, Failed, 1, 0, 0}
	for _, r := range []Result{failed, other, repaired} {
		if err := Append(name, r); err != nil {
			t.Fatal(err)
		}
	}
	r, err := ReadRecord(name)
	if want := (Record{fork: repaired, edited: other}); err != nil || !reflect.DeepEqual(r, want) {
		t.Errorf("got %v (%v), want %v", r, err, want)
	}
	if !r.Has(fork) || r.Has(edited) || r.Has(Exploration{}) {
		t.Error("Has: what failed has to be done again, and what passed has not")
	}
}

func TestPlan(t *testing.T) {
	name := filepath.Join(t.TempDir(), "plan.tsv")
	if _, err := ReadPlan(name); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	if err := Append(name, fork); err != nil {
		t.Fatal(err)
	}
	if got, err := ReadPlan(name); err != nil || !reflect.DeepEqual(got, []Exploration{fork}) {
		t.Errorf("got %v (%v)", got, err)
	}
	if err := os.WriteFile(name, []byte(fork.String()+"\nx\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadPlan(name); err == nil || err.Error() != name+":2: 1 columns, want 4: was it written by make verify?" {
		t.Error(err)
	}
}

func TestReadRefuses(t *testing.T) {
	const key = "bound 3\ta/b\tfork\t0123\t"
	for line, want := range map[string]string{
		"bound 3\ta/b\tfork\tcomplete\t1\t0\t2": "7 columns, want 8: was it written by make verify?",
		key + "good\t1\t0\t2":                   `outcome "good": want complete, cut or failed`,
		key + "cut\tx\t0\t2":                    `executions: strconv.Atoi: parsing "x": invalid syntax`,
		key + "cut\t1\tx\t2":                    `known deadlocks: strconv.Atoi: parsing "x": invalid syntax`,
		key + "cut\t1\t0\ty":                    `seconds: strconv.ParseFloat: parsing "y": invalid syntax`,
	} {
		name := filepath.Join(t.TempDir(), "r")
		if err := os.WriteFile(name, []byte(line+"\n"), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadRecord(name); err == nil || err.Error() != name+":1: "+want {
			t.Errorf("of %q: %v, want %s", line, err, want)
		}
	}
}
