package replace

import "testing"

func TestMarked(t *testing.T) {
	const begin, end = "<!-- x:begin -->\n", "<!-- x:end -->\n"
	got, err := Marked("a\n"+begin+"old\n"+end+"b\n", "x", "new\n")
	if want := "a\n" + begin + "new\n" + end + "b\n"; err != nil || got != want {
		t.Errorf("%q, %v", got, err)
	}
	for _, page := range []string{"", begin, end + begin, "<!-- y:begin -->\n<!-- y:end -->\n"} {
		if got, err := Marked(page, "x", "new\n"); err == nil {
			t.Errorf("%q became %q: want an error", page, got)
		}
	}
}
