package browser_test

import "testing"

// Nothing jumps while an answer comes. The search is held until half a second
// after the last key: up to then, browsers excuse every shift as the person's own.
// A second tab watches too, in which nobody ever pressed a key.
func TestNothingJumps(t *testing.T) {
	t.Parallel()
	w := setup(t)
	p := w.person(w.program.addr)
	p.signIn()
	p.ask("a sad song")
	p.see(id("follow-up"))
	p.settled()
	watcher := p.second()
	watcher.live()
	watcher.click(id("thread-open"))
	watcher.see(id("follow-up"))
	accept := w.shut("INSERT")
	p.ask(known)
	w.queued("advisory")
	for _, tab := range []*tab{p, watcher} {
		tab.until(`(window.since ??= performance.now()) + 700 < performance.now()`)
		value[int](tab, `window.shifts.splice(0).length`)
	}
	accept()
	for name, tab := range map[string]*tab{"who asked": p, "who watches": watcher} {
		tab.until(`[...document.querySelectorAll('[data-testid="candidate"]')].some((e) => e.innerText.includes('Take On Me'))`)
		tab.settled()
		value[bool](tab, `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`) // what was painted last counts
		sum := value[float64](tab, `window.shifts.filter((s) => !s.hadRecentInput).reduce((sum, s) => sum + s.value, 0)`)
		t.Logf("%s: a layout shift of %.4f", name, sum)
		if sum >= 0.1 {
			t.Errorf("%s: a layout shift of %.3f; %s", name, sum, value[string](tab, `JSON.stringify(window.shifts.map((s) =>
				[s.value, s.sources.map((x) => (x.node?.outerHTML ?? x.node?.nodeValue ?? '').slice(0, 80))]))`))
		}
	}
}
