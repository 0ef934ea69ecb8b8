package browser

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

//go:embed inspect.js
var inspect string

// Inspect says what is wrong with the layout of the page in the tab, at its present
// size: text that overlaps, that is cut off or outside of the window, sections and
// figures that have no size. It knows the elements of package page.
func Inspect(tab context.Context) (problems []string, err error) {
	return chromedp.Run(tab, chromedp.Evaluate[[]string](inspect))
}

// A Watch notes what a page does that it should not.
type Watch struct {
	mu   sync.Mutex
	seen []string
}

// NewWatch watches a tab, for as long as the context lives.
func NewWatch(tab context.Context) (*Watch, error) {
	w := &Watch{}
	err := chromedp.Listen(tab, func(event any) {
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			// The page itself, and what is inside of it, is no request.
			if url := e.Request.URL; url != e.DocumentURL && !strings.HasPrefix(url, "data:") {
				w.note("a request: " + url)
			}
		case *runtime.EventConsoleAPICalled:
			w.note(fmt.Sprintf("the console: %s", e.Type))
		case *runtime.EventExceptionThrown:
			w.note("an exception: " + e.ExceptionDetails.Text)
		case *log.EventEntryAdded:
			w.note("the log: " + e.Entry.Text)
		}
	})
	return w, err
}

func (w *Watch) note(what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen = append(w.seen, what)
}

// Take returns what was noted: requests, messages on the console, exceptions. It
// forgets it.
func (w *Watch) Take() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	seen := slices.Clone(w.seen)
	w.seen = nil
	return seen
}
