package engine

import (
	"errors"
	"fmt"

	"github.com/idlebench/idlebench/record"
)

// ErrInterrupted says that a signal, or the end of the context, ended the work.
var ErrInterrupted = errors.New("interrupted")

// A Reason says why a session stopped before its plan was done, and so what helps.
type Reason string

const (
	Interrupted    Reason = "interrupted"     // nothing is wrong: resume
	ProgramChanged Reason = "program changed" // put the program back
	CPULost        Reason = "CPU lost"        // make the CPU available again
	Unwritable     Reason = "unwritable"      // make room, or make the folder writable
)

// A StoppedError ends a session early. What was measured before is in the folder.
type StoppedError struct {
	Reason  Reason
	Command string // the command that resumes the run; see Setup

	// Folder has the launches so far. It is empty if a pilot was stopped, whose
	// launches are not recorded.
	Folder string

	Err error // ErrInterrupted, a *ReplacedError, or an error that says more
}

func (e *StoppedError) Error() string {
	if e.Folder == "" {
		return fmt.Sprintf("the pilot of %s was stopped: %v", e.Command, e.Err)
	}
	return fmt.Sprintf("the run in %s was stopped: %v", e.Folder, e.Err)
}

func (e *StoppedError) Unwrap() error { return e.Err }

// A ReplacedError says that the program changed during the run.
type ReplacedError struct {
	Path string
	Err  error // why it cannot be read any more; nil if it is another program
}

func (e *ReplacedError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("the program can no longer be read: %v", e.Err)
	}
	return fmt.Sprintf("%s was replaced by another program during the run", e.Path)
}

func (e *ReplacedError) Unwrap() error { return e.Err }

// A FinishedError says that nothing of a run is left to measure.
type FinishedError struct {
	Folder   string
	State    record.State
	Launches int
}

func (e *FinishedError) Error() string {
	return fmt.Sprintf("%s is %s, with %d launches: nothing is left to measure", e.Folder, e.State, e.Launches)
}

// An OtherCommandError says that a run belongs to another command, and cannot be
// resumed as one of this.
type OtherCommandError struct{ Folder, Command string }

func (e *OtherCommandError) Error() string {
	return fmt.Sprintf("%s is a run of the command %s", e.Folder, e.Command)
}

// An UnusableError says that this process may not use the CPUs that were asked for.
type UnusableError struct{ Err error }

func (e *UnusableError) Error() string { return fmt.Sprintf("%v: choose among these", e.Err) }

func (e *UnusableError) Unwrap() error { return e.Err }

// A ChangedError says that a run cannot be resumed because the program or the machine
// is not the one that it began with.
type ChangedError struct {
	Folder      string
	Differences []Difference
}

func (e *ChangedError) Error() string {
	return fmt.Sprintf("%s was begun by another program or on another machine: %v", e.Folder, e.Differences)
}

// NotRecorded is the value of a fact that one side of a Difference lacks.
const NotRecorded = "not recorded"

// A Difference is a fact that changed since a run began.
type Difference struct{ Key, Was, Is string }

func (d Difference) String() string { return fmt.Sprintf("%s: was %s, is %s", d.Key, d.Was, d.Is) }

// A JudgeError says that a program does not have what an A/B run is to be judged by.
type JudgeError struct {
	Program string
	Err     error
}

func (e *JudgeError) Error() string { return e.Program + ": " + e.Err.Error() }

func (e *JudgeError) Unwrap() error { return e.Err }
