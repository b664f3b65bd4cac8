package browser_test

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// The panel of the services says how each one is, follows what happens, and asks
// nothing of the server once it is closed.
func TestServicesPanel(t *testing.T) {
	t.Parallel()
	w := setup(t)
	p := w.person(w.program.addr)
	p.signIn()
	value[int](p, fakeStats)
	p.click(id("services-open"))
	p.says(id("service", `[data-state="closed"]`), "Working")
	p.says(id("service", `[data-state="open"]`), "5 failures in a row")
	p.named("the services")
	value[int](p, `(window.breakers.shazam.state = 'half_open', 1)`)
	p.says(id("service", `[data-name="Shazam"]`), "Being tried again")
	p.press(kb.Escape)
	p.until(`!document.querySelector('#services').matches(':popover-open')`)
	// A closed panel has no timer left; an open one sets its next within one beat.
	if n := value[int](p, `window.asked`); n < 2 {
		t.Errorf("the statistics were read %d times", n)
	}
	if left := value[int](p, `window.beats.size`); left != 0 {
		t.Errorf("%d timers still ask for the statistics", left)
	}
}

// fakeStats gives the page statistics of the test's own, and counts who asks and
// which timers beat every three seconds.
const fakeStats = `(() => {
	window.breakers = { shazam: { state: 'open', failures: 5, opened_at: '2024-01-01T09:30:00.000Z' }, whisper: { state: 'closed', failures: 0 } };
	window.asked = 0;
	window.beats = new Set();
	const [set, clear, fetch] = [window.setInterval.bind(window), window.clearInterval.bind(window), window.fetch.bind(window)];
	window.setInterval = (fn, ms) => { const timer = set(fn, ms); if (ms === 3000) window.beats.add(timer); return timer; };
	window.clearInterval = (timer) => { window.beats.delete(timer); clear(timer); };
	window.fetch = (url, more) => (String(url).endsWith('/v1/stats')
		? (window.asked++, Promise.resolve(Response.json({ breakers: window.breakers }))) : fetch(url, more));
	return 1;
})()`
