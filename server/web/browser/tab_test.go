package browser_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// beforehand runs in every page before its own scripts. Violations of the policy
// become console errors, and all that moves is written down.
const beforehand = `
addEventListener('securitypolicyviolation', (e) => console.error('policy', e.violatedDirective, e.blockedURI));
window.shifts = [];
new PerformanceObserver((list) => window.shifts.push(...list.getEntries()))
  .observe({ type: 'layout-shift', buffered: true });`

// tab is one page on the console.
type tab struct {
	*watch
	w   *world
	ctx context.Context
	url string
}

// person opens a tab in a browser context of its own, as a browser of somebody
// else would, on the program at addr.
func (w *world) person(addr string) *tab {
	w.t.Helper()
	return w.open(w.chrome.ctx, addr, chromedp.WithNewBrowserContext())
}

// second opens another tab in the same browser: it shares the sign-in.
func (p *tab) second() *tab {
	p.w.t.Helper()
	return p.w.open(p.ctx, p.host)
}

func (w *world) open(parent context.Context, addr string, options ...chromedp.ContextOption) *tab {
	w.t.Helper()
	p := &tab{w: w, watch: &watch{host: addr}, url: "http://" + addr + "/"}
	ctx, cancel := chromedp.NewContext(parent, append(options, chromedp.WithListener(p.hear))...)
	w.t.Cleanup(cancel)
	p.ctx = ctx
	w.t.Cleanup(p.judge)
	p.do(
		send(network.Enable, network.EnableParams{}),
		send(log.Enable, none),
		send(page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: beforehand}),
		chromedp.Navigate(p.url),
	)
	return p
}

// judge fails the test for what the page should not have done, and shows the page
// of a test that failed.
func (p *tab) judge() {
	for _, fault := range p.faults() {
		p.w.t.Errorf("the page: %s", fault)
	}
	if p.w.t.Failed() {
		ctx, done := context.WithTimeout(p.ctx, patience/10)
		defer done()
		text, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href + '\n' + document.body.innerText`))
		p.w.t.Logf("the page showed %s", text)
	}
}

// do runs actions within what is left of the test's time.
func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.w.t.Helper()
	// The first run of a context makes the tab live as long as the context of
	// that run, so the tab's own context stays the parent.
	check(p.w.t, p.within(func(ctx context.Context) error { return chromedp.Do(ctx, steps...) }))
}

func (p *tab) within(fn func(context.Context) error) error {
	if chromedp.FromContext(p.ctx).Target == nil {
		return fn(p.ctx)
	}
	ctx, done := context.WithCancel(p.ctx)
	defer done()
	defer context.AfterFunc(p.w.ctx, done)()
	return fn(ctx)
}

// value is what an expression gives, after any promise.
func value[T any](p *tab, js string) (v T) {
	p.w.t.Helper()
	err := p.within(func(ctx context.Context) (err error) {
		v, err = chromedp.Run(ctx, chromedp.Evaluate[T](js, chromedp.EvalAwaitPromise))
		return err
	})
	if err != nil {
		p.w.t.Fatalf("%s: %v", js, err)
	}
	return v
}

// until waits in the page until an expression holds. (The Poll of chromedp makes
// a function of text, which the page's policy forbids.)
func (p *tab) until(js string) {
	p.w.t.Helper()
	value[bool](p, fmt.Sprintf(`new Promise((done) => {
		const look = () => ((%s) ? done(true) : setTimeout(look, 15));
		look();
	})`, js))
}

// id is the CSS selector of a data-testid, with more conditions of the element.
func id(testid string, more ...string) string {
	return `[data-testid="` + testid + `"]` + strings.Join(more, "")
}

// see waits until an element is there and shows, and gives its text.
func (p *tab) see(selector string) string {
	p.w.t.Helper()
	p.until(fmt.Sprintf(`document.querySelector(%q)?.checkVisibility()`, selector))
	return p.text(selector)
}

func (p *tab) text(selector string) string {
	p.w.t.Helper()
	return value[string](p, fmt.Sprintf(`document.querySelector(%q)?.innerText ?? ''`, selector))
}

func (p *tab) count(selector string) int {
	p.w.t.Helper()
	return value[int](p, fmt.Sprintf(`document.querySelectorAll(%q).length`, selector))
}

// says waits until the first such element has a text in it.
func (p *tab) says(selector, text string) {
	p.w.t.Helper()
	p.until(fmt.Sprintf(`document.querySelector(%q)?.innerText.includes(%q)`, selector, text))
}

// click waits until the middle of an element can be hit and stands still, and
// presses the mouse there.
func (p *tab) click(selector string) {
	p.w.t.Helper()
	p.see(selector)
	p.until(fmt.Sprintf(`(() => {
		const el = document.querySelector(%q);
		el.scrollIntoView({ block: 'nearest' });
		const { x, y, width, height } = el.getBoundingClientRect();
		return el.contains(document.elementFromPoint(x + width / 2, y + height / 2)) && !el.disabled
			&& el.closest('.entry, .side')?.getAnimations().every((a) => a.playState === 'finished') !== false;
	})()`, selector))
	p.do(chromedp.Click(chromedp.CSS(selector)))
}

// write types a text where the focus is, as an input method does.
func (p *tab) write(text string) {
	p.w.t.Helper()
	p.do(send(input.InsertText, input.InsertTextParams{Text: text}))
}

// ask writes a question and sends it.
func (p *tab) ask(text string) {
	p.w.t.Helper()
	p.click(id("composer-input"))
	p.write(text)
	p.press(kb.Enter)
}

// signIn signs in as a new development user and waits for the connection.
func (p *tab) signIn() {
	p.w.t.Helper()
	p.click(id("sign-in-dev"))
	p.live()
}

// live waits until the page says that it is connected.
func (p *tab) live() {
	p.w.t.Helper()
	p.see(id("connection", `[data-state="live"]`))
}

// settled waits until n recalls of the thread have ended on the page.
func (p *tab) settled() {
	p.w.t.Helper()
	p.until(`document.querySelector('[data-testid="messages"]').children.length > 0
		&& !document.querySelector('[data-state="running"], [data-state="sending"], [data-streaming]')`)
}
