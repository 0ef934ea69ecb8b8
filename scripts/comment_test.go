package scripts_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// gh says what $IDS has when it is asked for comments, and notes what is written.
const gh = `#!/bin/sh
case $* in
*--method*)
	echo "$3 $4" >> "$DIR/written"
	for a; do case $a in body=@*) cat "${a#body=@}" >> "$DIR/written" ;; esac; done ;;
*) printf "$IDS" ;;
esac
`

// There is one comment: the first time it is made, then it is edited.
func TestComment(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a shell script")
	}
	const repository = "me/it"
	for _, test := range []struct {
		name   string
		ids    string
		args   []string
		code   int
		want   string // written
		stderr string
	}{
		{"first", ``, []string{repository, "12", "text"}, 0, "POST repos/me/it/issues/12/comments\n<!-- idlebench -->\n**faster**\n", ""},
		{"again", `77\n`, []string{repository, "12", "text"}, 0, "PATCH repos/me/it/issues/comments/77\n<!-- idlebench -->\n**faster**\n", ""},
		{"two", `77\n78\n`, []string{repository, "12", "text"}, 0, "PATCH repos/me/it/issues/comments/77\n<!-- idlebench -->\n**faster**\n", ""},
		{"empty", ``, []string{repository, "12", "empty"}, 2, "", "nothing in it"},
		{"no file", ``, []string{repository, "12", "nosuch"}, 2, "", "nothing in it"},
		{"no number", ``, []string{repository, "x12", "text"}, 2, "", "want the number"},
		{"no arguments", ``, nil, 2, "", "usage: "},
	} {
		t.Run(test.name, func(t *testing.T) {
			script, err := filepath.Abs("comment")
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			for name, content := range map[string]string{"gh": gh, "text": "**faster**\n", "empty": ""} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o777); err != nil {
					t.Fatal(err)
				}
			}
			cmd := exec.Command(script, test.args...)
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "DIR="+dir, "IDS="+test.ids)
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			err = cmd.Run()
			var exit *exec.ExitError
			if err != nil && !errors.As(err, &exit) {
				t.Fatal(err)
			}
			if code := cmd.ProcessState.ExitCode(); code != test.code || !strings.Contains(stderr.String(), test.stderr) {
				t.Errorf("exit status %d with %q, want %d with %q", code, stderr.String(), test.code, test.stderr)
			}
			written, _ := os.ReadFile(filepath.Join(dir, "written"))
			if string(written) != test.want {
				t.Errorf("written was %q, want %q", written, test.want)
			}
		})
	}
}
