// Package browser opens pages in Chromium or Chrome, for tests and for screenshots.
package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// names are what the browser is called, by system and packager.
var names = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"}

// ErrNone says that there is no browser, and what to install.
var ErrNone = errors.New("no Chromium or Chrome was found: install one, with \"apt-get install chromium\" on Debian, or set CHROME to its path")

// Skip ends a test for which there is no browser: it is skipped, or it fails where
// the environment variable IDLEBENCH_BROWSER is "required", as in .ci/run.
func Skip(t interface {
	Helper()
	Skip(...any)
	Fatal(...any)
}) {
	t.Helper()
	if os.Getenv("IDLEBENCH_BROWSER") == "required" {
		t.Fatal(ErrNone)
	} else {
		t.Skip(ErrNone)
	}
}

// Tab returns a browser's tab for a test, until the test ends. Without a browser it ends the
// test as Skip does.
func Tab(t interface {
	Helper()
	Context() context.Context
	Cleanup(func())
	Skip(...any)
	Fatal(...any)
}) context.Context {
	t.Helper()
	tab, stop, err := Start(t.Context())
	if errors.Is(err, ErrNone) {
		Skip(t)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return tab
}

// Find returns the path of the browser: that of the environment variable CHROME, or
// the first that is installed. Its error is ErrNone if there is none.
func Find() (string, error) {
	if path := os.Getenv("CHROME"); path != "" {
		found, err := exec.LookPath(path)
		if err != nil {
			return "", fmt.Errorf("CHROME: %w", err)
		}
		return found, nil
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrNone
}

// Start starts the browser without a window, for as long as the parent lives. The
// context that it returns is a tab's; stop ends the browser.
func Start(parent context.Context) (tab context.Context, stop context.CancelFunc, err error) {
	path, err := Find()
	if err != nil {
		return nil, nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.DisableGPU,
		chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("font-render-hinting", "none"), // text is as wide as on paper
	)
	if runtime.GOOS == "linux" && os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // the sandbox refuses to run as root
	}
	allocator, stopAllocator := chromedp.NewExecAllocator(parent, options...)
	tab, stopTab := chromedp.NewContext(allocator)
	stop = func() {
		stopTab()
		stopAllocator()
	}
	if err := chromedp.Do(tab); err != nil {
		stop()
		return nil, nil, fmt.Errorf("start %s: %w", path, err)
	}
	return tab, stop, nil
}

// Look sets the size of the tab's viewport in CSS pixels, and whether pages are asked
// to be dark. They are asked not to move by themselves, so that they are at rest when
// they are looked at.
func Look(width, height int64, dark bool) chromedp.Action[chromedp.Void] {
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		if _, err := cdp.Call(ctx, t, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
			Width: width, Height: height, DeviceScaleFactor: 1, Mobile: width < 600,
		}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}},
		})
		return err
	})
}
