package browser_test

import (
	"testing"

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

func (p *tab) shows(selector string) bool {
	p.w.t.Helper()
	return value[bool](p, `document.querySelector('`+selector+`').checkVisibility({ visibilityProperty: true })`)
}

// fits looks for anything wider than the screen, and for text that is cut off.
func (p *tab) fits(when string) {
	p.w.t.Helper()
	wide := value[string](p, `[document.scrollingElement, document.querySelector('#main')]
		.filter((e) => e.scrollWidth > Math.min(innerWidth, e.clientWidth || innerWidth))
		.map((e) => e.tagName + ' ' + e.scrollWidth + ' of ' + innerWidth).join()`)
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
