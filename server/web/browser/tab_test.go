package browser_test

import (
	"context"
	"fmt"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
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
		ctx, done := context.WithTimeout(p.ctx, 10*time.Second)
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

// none are the parameters of a command without any.
var none = cdp.Empty{}

// send is a command of the DevTools protocol as an action.
func send[P, R any](command cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, command, params)
		return err
	})
}
