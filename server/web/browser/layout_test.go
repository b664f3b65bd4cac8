package browser_test

import (
	"testing"

	permit "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
)

// phone makes the tab a phone of the small kind.
func (p *tab) phone() {
	p.w.t.Helper()
	p.do(chromedp.EmulateViewport(360, 640, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulatePortrait))
}

// On a phone the list slides in and out, everything fits the width, and what is
// pressed is large enough for a finger.
func TestPhone(t *testing.T) {
	t.Parallel()
	w := setup(t)
	p := w.person(w.program.addr)
	p.phone()
	p.fits("signing in")
	p.signIn()
	p.fits("nothing asked")
	p.ask(known)
	p.says(top, "Take On Me")
	p.settled()
	p.fits("an answer")
	if p.shows("#side") {
		t.Error("the list covers the conversation from the start")
	}
	p.click(id("open-threads"))
	p.until(`document.querySelector('#side').getBoundingClientRect().left === 0`)
	p.fits("the list")
	if !value[bool](p, `document.querySelector('#desk').inert`) {
		t.Error("what lies below the list can be reached")
	}
	p.click(id("close-threads"))
	p.until(`document.querySelector('#side').getBoundingClientRect().right <= 0`)
	if !value[bool](p, `document.activeElement.id === 'open-side'`) {
		t.Error("the focus does not come back from the list")
	}
	p.click(id("open-threads"))
	p.until(`document.querySelector('#side').getBoundingClientRect().left === 0`)
	p.click(id("new-thread"))
	p.until(`document.querySelector('#side').getBoundingClientRect().right <= 0`)
	p.see(id("empty-state"))
}

// A recording, a picture that waits, a player and the services fit a phone as well.
func TestPhoneMedia(t *testing.T) {
	t.Parallel()
	w := setup(t)
	p := w.person(w.program.addr)
	p.phone()
	p.signIn()
	p.answer(permit.PermissionSettingGranted)
	p.record()
	p.fits("recording")
	p.inside(id("record-send"))
	p.click(id("record-send"))
	p.see(id("voice-player"))
	p.settled()
	p.fits("a voice note")
	p.choose(drawing(t))
	p.fits("a picture that waits")
	p.inside(id("picture-remove"))
	p.click(id("send"))
	p.until(shown)
	p.settled()
	p.fits("a picture")
	p.click(id("open-threads"))
	p.click(id("services-open"))
	p.see(id("services-close"))
	p.fits("the services")
	p.inside(id("services"))
}

// inside looks that an element is wholly on the screen.
func (p *tab) inside(selector string) {
	p.w.t.Helper()
	if !value[bool](p, `(({ left, top, right, bottom }) => left >= 0 && top >= 0 && right <= screen.width && bottom <= innerHeight)(
		document.querySelector('`+selector+`').getBoundingClientRect())`) {
		p.w.t.Errorf("%s is not wholly on the screen", selector)
	}
}

func (p *tab) shows(selector string) bool {
	p.w.t.Helper()
	return value[bool](p, `document.querySelector('`+selector+`').checkVisibility({ visibilityProperty: true })`)
}

// fits looks for anything wider than the screen, and too small for a finger. (A
// phone's innerWidth grows with a page that is too wide, the screen does not.)
func (p *tab) fits(when string) {
	p.w.t.Helper()
	wide := value[string](p, `[document.scrollingElement, document.querySelector('#main')]
		.filter((e) => e.scrollWidth > Math.min(screen.width, e.clientWidth || innerWidth))
		.map((e) => e.tagName + ' ' + e.scrollWidth + ' of ' + screen.width).join()`)
	if wide != "" {
		p.w.t.Errorf("%s: wider than the screen: %s", when, wide)
	}
	small := value[string](p, `[...document.querySelectorAll('button')]
		.filter((e) => e.checkVisibility({ visibilityProperty: true }) && e.getBoundingClientRect().height < 24)
		.map((e) => e.innerText || e.ariaLabel).join()`)
	if small != "" {
		p.w.t.Errorf("%s: too small for a finger: %s", when, small)
	}
}

// Nothing jumps while an answer comes over a slow network. The search is held until half a second
// after the last key: up to then, browsers excuse every shift as the person's own.
// A second tab watches too, in which nobody ever pressed a key.
func TestNothingJumps(t *testing.T) {
	t.Parallel()
	w := setup(t)
	net := newProxy(t, w.program.addr)
	p := w.person(net.addr())
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
		value[int](tab, followEntries)
	}
	net.crawl()
	accept()
	for name, tab := range map[string]*tab{"who asked": p, "who watches": watcher} {
		tab.until(`[...document.querySelectorAll('[data-testid="candidate"]')].some((e) => e.innerText.includes('Take On Me'))`)
		tab.settled()
		value[bool](tab, `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`) // what was painted last counts
		sum := value[float64](tab, `window.shifts.filter((s) => !s.hadRecentInput).reduce((sum, s) => sum + s.value, 0)`)
		t.Logf("%s: a layout shift of %.4f", name, sum)
		if moved := value[string](tab, `[...window.moved].join()`); moved != "" {
			t.Errorf("%s: moved after they were there: %s", name, moved)
		}
		if sum >= 0.1 {
			t.Errorf("%s: a layout shift of %.3f; %s", name, sum, value[string](tab, `JSON.stringify(window.shifts.map((s) =>
				[s.value, s.sources.map((x) => (x.node?.outerHTML ?? x.node?.nodeValue ?? '').slice(0, 80))]))`))
		}
	}
}

// followEntries writes down what moves within its turn once it stands there. The
// browser's own measure does not count what is still fading in.
const followEntries = `(() => {
	const places = new Map();
	window.moved = new Set();
	const look = () => {
		const all = [...document.querySelectorAll('#messages > *')];
		const own = all.findLast((e) => e.dataset.kind === 'user');
		for (const el of all.slice(all.indexOf(own) + 1)) {
			const place = el.offsetTop - own.offsetTop;
			const before = places.get(el) ?? place;
			if (Math.abs(place - before) > 1) window.moved.add(el.dataset.kind + ' by ' + (place - before) + ' px');
			places.set(el, place);
		}
		requestAnimationFrame(look);
	};
	look();
	return 1;
})()`
