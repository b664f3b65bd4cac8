package browser_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// operationsOf is the page of operations on the world's program, opened as by
// somebody who has never signed in.
func operationsOf(w *world) *tab {
	w.t.Helper()
	p := w.person(w.program.addr)
	p.see(id("operations-from-sign-in"))
	p.tabTo(id("operations-from-sign-in"))
	p.press(kb.Enter)
	p.see(id("operations", `[data-state="live"]`))
	return p
}

// figure is a figure of the page, such as that of the connections.
func figure(key string) string {
	return id("ops-now") + " " + id("figure", `[data-key="`+key+`"]`) + " " + id("figure-text")
}

// cell is what stands in a row of a part of the page.
func cell(part, row, column string) string {
	return id("ops-"+part) + " " + id("row", `[data-key="`+row+`"]`) + ` [data-column="` + column + `"]`
}

// Who runs the server sees without signing in what others do on it, and is not
// counted among them.
func TestOperationsFollowTheServer(t *testing.T) {
	t.Parallel()
	w := setup(t)
	watcher := operationsOf(w)
	watcher.says(figure("connections"), "0")
	watcher.says(cell("operations", "resolve_recall", "count"), "0")
	value[int](watcher, `window.shifts.splice(0).length`)
	person := w.person(w.program.addr)
	person.signIn()
	watcher.says(figure("connections"), "1")
	person.ask(known)
	person.says(top, "Take On Me")
	person.settled()
	watcher.says(cell("operations", "resolve_recall", "count"), "1")
	watcher.says(figure("p95"), "ms")
	if sum := value[float64](watcher, `window.shifts.reduce((sum, s) => sum + s.value, 0)`); sum >= 0.1 {
		t.Errorf("a layout shift of %.3f while figures changed", sum)
	}
	watcher.named("the operations")
	if value[bool](watcher, `document.querySelector('#signin').checkVisibility()`) {
		t.Error("the page to sign in shows beside the operations")
	}
	watcher.tabTo(id("operations-back"))
	watcher.press(kb.Enter)
	watcher.see(id("sign-in-dev"))
}

// Somebody who is signed in comes back to the search that was open, or to none,
// on the same page and connection.
func TestOperationsAndBack(t *testing.T) {
	t.Parallel()
	w := setup(t)
	p := w.person(w.program.addr)
	p.signIn()
	value[int](p, `window.stays = 1`)
	p.click(id("operations-open"))
	p.see(id("operations", `[data-state="live"]`))
	p.click(id("operations-back"))
	p.see(id("empty-state"))
	p.ask(known)
	p.says(top, "Take On Me")
	p.settled()
	was := value[string](p, `location.hash + document.title`)
	p.click(id("operations-open"))
	p.see(id("operations", `[data-state="live"]`))
	p.until(`document.activeElement.id === 'operations-title' && document.title.startsWith('Operations')`)
	p.says(figure("connections"), "1")
	p.click(id("operations-back"))
	p.says(top, "Take On Me")
	p.until(fmt.Sprintf(`location.hash + document.title === %q`, was))
	p.until(`document.querySelector('#operations').hidden && document.activeElement.closest('#desk')`)
	if !value[bool](p, `window.stays === 1`) {
		t.Error("the page was loaded anew")
	}
}

// When the server does not answer, the last values stay, marked as old; an answer
// again is taken as one. A hidden page asks nothing.
func TestOperationsWithoutAnswers(t *testing.T) {
	t.Parallel()
	w := setup(t)
	p := operationsOf(w)
	value[int](p, playedStats)
	p.says(figure("connections"), "9,800")
	value[int](p, `(window.played = 'silence', 1)`)
	p.see(id("operations", `[data-state="stale"]`))
	p.says(id("operations-state"), "does not answer")
	p.says(id("operations-time"), "values of")
	if got := p.text(figure("connections")); got != "9,800" {
		t.Errorf("the last value was not kept: %q", got)
	}
	value[int](p, `(window.played = 'refusal', 1)`)
	p.says(id("operations-state"), "answers 503")
	value[int](p, `(window.played = 'nothing', 1)`)
	p.see(id("operations", `[data-state="live"]`))
	p.says(figure("connections"), "–")
	value[int](p, `(window.played = 'all', Object.defineProperty(document, 'hidden', { value: true, configurable: true }), document.dispatchEvent(new Event('visibilitychange')), 1)`)
	// Whatever was under way is over once two turns have passed; a page that asks sets its next timer within one.
	value[bool](p, `new Promise((done) => setTimeout(() => setTimeout(() => done(true))))`)
	if left := value[int](p, `window.beats.size`); left != 0 {
		t.Errorf("%d timers of a hidden page still ask for the statistics", left)
	}
	value[int](p, `(delete document.hidden, document.dispatchEvent(new Event('visibilitychange')), 1)`)
	p.says(figure("connections"), "9,800")
	p.until(`window.beats.size === 1`)
}

// Every part shows what it is about, on a screen of any width: tables that are
// wider scroll by themselves, and can be reached by the keyboard then.
func TestOperationsParts(t *testing.T) {
	t.Parallel()
	w := setup(t)
	p := operationsOf(w)
	value[int](p, playedStats)
	p.says(cell("stages", "transcribing", "p95"), "1.89 s")
	for selector, text := range map[string]string{
		cell("breakers", "shazam", "state"):                                 "Resting after failures · timeout",
		cell("caches", "messages", "rate"):                                  "40 %",
		cell("spared", "fetch_messages", "joined"):                          "4,420",
		cell("refusals", "flood frames", "count"):                           "31",
		cell("slowest", "a", "course"):                                      "recognizing 1.20 s",
		id("ops-pool") + " " + id("figure", `[data-key="size"]`):            "3.0",
		id("ops-limits") + " " + id("figure", `[data-state="good"]`):        "Normal users refused",
		id("ops-now") + " " + id("figure", `[data-key="overload"]`):         "Refused",
		id("operations-server"):                                             "recall 0.4.0 · up 1 d 1 h",
		cell("operations", "resolve_recall_added", "p99"):                   "32 ms",
		id("ops-stages") + ` th[scope="col"][data-column="p50"]`:            "p50",
		id("ops-stages") + ` th[scope="row"][data-column="name"]`:           "transcribing",
		id("ops-breakers") + " " + id("row", `[data-key="gpt-4o"]`) + " th": "GPT-4o",
	} {
		p.says(selector, text)
	}
	p.named("all of the operations")
	p.do(chromedp.EmulateViewport(360, 640, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulatePortrait))
	p.until(`document.querySelector('[data-testid="ops-operations"] .ops-scroll[tabindex="0"]')`)
	if wide := value[string](p, wideParts); wide != "" {
		t.Errorf("wider than the screen: %s", wide)
	}
	p.fits("the operations")
	p.tabTo(id("ops-operations") + " .ops-scroll")
}

// wideParts are the parts of the page that reach beyond the screen, except for
// what scrolls sideways within its frame; the slowest recalls fit as they are.
const wideParts = `[...document.querySelectorAll('#operations, #operations *')]
	.filter((e) => e.getBoundingClientRect().right > screen.width + 1)
	.filter((e) => !e.closest('.ops-scroll') || e.closest('[data-part="slowest"] tbody'))
	.map((e) => e.tagName + '.' + e.className + ' ' + e.innerText).join()`
