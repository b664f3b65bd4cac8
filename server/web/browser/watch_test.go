package browser_test

import (
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
)

// watch collects what a page must never do: complain in its console, or ask
// anything of a host other than its own.
type watch struct {
	mu         sync.Mutex
	host       string
	tolerates  []string // parts of complaints that belong to the test
	complaints []string
}

// hear takes every event of a tab, on the goroutine that reads them.
func (w *watch) hear(event any) {
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" || e.Type == "assert" {
			w.complain("console.%s: %s", e.Type, spoken(e.Args))
		}
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			text += " " + e.ExceptionDetails.Exception.Description
		}
		w.complain("exception: %s", text)
	case *log.EventEntryAdded:
		// Policy violations, failed requests and broken styles come this way.
		if e.Entry.Level == "error" || e.Entry.Level == "warning" {
			w.complain("%s %s: %s (%s)", e.Entry.Source, e.Entry.Level, e.Entry.Text, e.Entry.URL)
		}
	case *network.EventRequestWillBeSent:
		w.asks(e.Request.URL)
	case *network.EventWebSocketCreated:
		w.asks(e.URL)
	}
}

func spoken(args []*runtime.RemoteObject) string {
	words := make([]string, 0, len(args))
	for _, a := range args {
		words = append(words, strings.Trim(string(a.Value), `"`)+a.Description)
	}
	return strings.Join(words, " ")
}

// asks looks where a request goes.
func (w *watch) asks(address string) {
	u, err := url.Parse(address)
	if err == nil && (u.Host == w.host || u.Scheme == "data" || u.Scheme == "blob") {
		return
	}
	w.complain("a request to %s", address)
}

func (w *watch) complain(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.complaints = append(w.complaints, text)
}

// tolerate allows complaints with these words in them: a browser writes about
// every connection that it could not open, and some tests are about just that.
func (w *watch) tolerate(parts ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tolerates = append(w.tolerates, parts...)
}

// faults are the complaints that are not tolerated.
func (w *watch) faults() (faults []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
complaints:
	for _, c := range w.complaints {
		for _, part := range w.tolerates {
			if strings.Contains(c, part) {
				continue complaints
			}
		}
		faults = append(faults, c)
	}
	return faults
}

// The watch hears what it is there for; else the silence of the other tests would
// say nothing.
func TestWatchHears(t *testing.T) {
	t.Parallel()
	w := setup(t)
	p := w.person(w.program.addr)
	p.see(id("sign-in-dev"))
	for _, c := range [][2]string{
		{"policy", `fetch('http://127.0.0.1:1/').catch(() => 1)`},
		{"style-src", `document.body.append(Object.assign(document.createElement('style'), { textContent: 'p { color: red }' })), 1`},
		{"console.error", `console.error('a fault'), 1`},
		{"exception", `setTimeout(() => { throw new Error('thrown') }), 1`},
		{"a request to", `location.assign('http://127.0.0.1:1/'), 1`}, // the page is gone after this
	} {
		value[int](p, c[1])
		w.eventually(c[0], func() bool { return strings.Contains(strings.Join(p.faults(), "\n"), c[0]) })
	}
	p.tolerate("") // all of it was meant
}
