package record

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// A failure is what a line of go test's output says about results that are missing.
type failure struct {
	what string
	err  error

	// sums says what the line sums up: that something of the package failed, or of the run.
	// If that was said before it is no news.
	sums sum
}

type sum int

const (
	ofItself sum = iota
	ofPackage
	ofRun
)

// What a test binary, the go command or a shell print when a run does not end well.
var (
	failedTest    = []byte("--- FAIL: ")
	failedPackage = []byte("FAIL\t")
	fails         = []string{"FAIL", "exit status "}
	deaths        = []string{"panic: ", "fatal error: ", "signal: ", "SIGQUIT: ", "*** Test killed", "Killed"}
)

// failureOf reads a line that is not a benchmark line.
func failureOf(line []byte) (f failure, ok bool) {
	line = bytes.TrimRight(line, "\r\n")
	if len(line) == 0 || len(line) > maxFailure {
		return f, false
	}
	line = bytes.TrimPrefix(line, []byte("\x16")) // a mark of go test -v=test2json
	if name, ok := bytes.CutPrefix(bytes.TrimLeft(line, " "), failedTest); ok {
		word, _, _ := bytes.Cut(name, []byte(" "))
		return failure{what: "the result of " + string(word), err: errors.New("it failed: see the lines after this one, and run it again")}, true
	}
	if rest, ok := bytes.CutPrefix(line, failedPackage); ok {
		return failure{what: "the package " + strings.ReplaceAll(string(rest), "\t", " "), err: errFailed, sums: ofPackage}, true
	}
	if text := string(line); text == fails[0] || strings.HasPrefix(text, fails[1]) {
		return failure{what: "the rest of the run", err: errFailed, sums: ofRun}, true
	}
	return deathOf(line)
}

// deathOf reads the text with which a process ended, which may follow a benchmark's name.
func deathOf(text []byte) (f failure, ok bool) {
	for _, begin := range deaths {
		if bytes.HasPrefix(text, []byte(begin)) {
			how := strings.TrimSpace(string(text))
			return failure{what: "the rest of the run", err: fmt.Errorf("it ended with %q, and what it had not measured is missing: run it again", how)}, true
		}
	}
	return f, false
}

var errFailed = errors.New("it failed, and what it had not measured is missing: run it again")

// maxFailure bounds the lines that are looked at.
const maxFailure = 4096

// ends reports whether a line ends the output of a package.
func ends(line []byte) bool {
	return bytes.HasPrefix(line, failedPackage) || bytes.HasPrefix(line, []byte("ok  \t"))
}
