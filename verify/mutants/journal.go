package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

// A journal remembers cells across runs: a file with a line for each. A line
// that was not finished is ignored.
type journal struct {
	mu    sync.Mutex
	file  *os.File
	cells map[string]cell
}

type journalLine struct {
	Key  string
	Cell cell
}

func openJournal(name string) (*journal, error) {
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o666)
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	j := &journal{file: file, cells: make(map[string]cell)}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		var l journalLine
		if json.Unmarshal(lines.Bytes(), &l) == nil {
			j.cells[l.Key] = l.Cell
		}
	}
	if err := lines.Err(); err != nil {
		file.Close()
		return nil, fmt.Errorf("journal %s: %w; remove it to begin anew", name, err)
	}
	return j, nil
}

func (j *journal) get(key string) (cell, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	c, ok := j.cells[key]
	return c, ok
}

func (j *journal) put(key string, c cell) error {
	line, err := json.Marshal(journalLine{key, c})
	if err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.cells[key] = c
	// In front the end of a line that an interrupted run did not finish.
	_, err = j.file.Write(append(append([]byte("\n"), line...), '\n'))
	return err
}
