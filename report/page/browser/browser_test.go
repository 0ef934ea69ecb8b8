package browser_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/report/page/browser"
)

func TestFind(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("on other systems a browser need not be in PATH")
	}
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	t.Setenv("CHROME", "")
	if path, err := browser.Find(); !errors.Is(err, browser.ErrNone) || !strings.Contains(err.Error(), "apt-get install chromium") {
		t.Errorf("without a browser: %q, %v", path, err)
	}
	program := filepath.Join(dir, "chromium")
	if err := os.WriteFile(program, []byte("#!/bin/sh\n"), 0o777); err != nil {
		t.Fatal(err)
	}
	if path, err := browser.Find(); path != program || err != nil {
		t.Errorf("with one: %q, %v", path, err)
	}
	t.Setenv("CHROME", filepath.Join(dir, "missing"))
	if path, err := browser.Find(); err == nil || errors.Is(err, browser.ErrNone) || !strings.Contains(err.Error(), "CHROME") {
		t.Errorf("with another name: %q, %v", path, err)
	}
}

// What does not fit on the rest of a sheet goes to the next, and leaves the first empty.
func TestSheets(t *testing.T) {
	tab := browser.Tab(t)
	name := filepath.Join(t.TempDir(), "page.html")
	text := `<!DOCTYPE html><body style="margin:0"><p style="height:300px;margin:0">first</p><p style="height:800px;margin:0;break-inside:avoid">second</p><p>third</p>`
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	filled, err := browser.Sheets(tab, "file://"+filepath.ToSlash(name))
	if err != nil {
		t.Fatal(err)
	}
	if len(filled) != 2 || filled[0] < 0.3 || filled[0] > 0.32 || filled[1] < 0.8 {
		t.Errorf("sheets are filled to %v, want the first to a third, and the second", filled)
	}
}

// ending is a test that notes how it ends.
type ending string

func (*ending) Helper()        {}
func (e *ending) Skip(...any)  { *e = "skipped" }
func (e *ending) Fatal(...any) { *e = "failed" }

func TestSkip(t *testing.T) {
	for value, want := range map[string]string{"": "skipped", "required": "failed"} {
		t.Setenv("IDLEBENCH_BROWSER", value)
		var e ending
		browser.Skip(&e)
		if string(e) != want {
			t.Errorf("with IDLEBENCH_BROWSER=%q a test without a browser is %s, want %s", value, e, want)
		}
	}
}
