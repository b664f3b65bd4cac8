package browser_test

import (
	"context"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// none are the parameters of a command without any.
var none = cdp.Empty{}

// send is a command of the DevTools protocol as an action.
func send[P, R any](command cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, command, params)
		return err
	})
}

// press presses and releases a key as a keyboard does: what it types comes with
// its going down, so that a page which takes the key for itself gets no character
// from it. (The key events of chromedp send that apart, and a line break would
// stay behind in the composer.)
func (p *tab) press(key string) {
	p.w.t.Helper()
	for _, r := range key {
		events := kb.Encode(r)
		down, up := *events[0], *events[len(events)-1]
		if len(events) == 3 {
			down.Text = events[1].Text
		}
		p.do(send(input.DispatchKeyEvent, down), send(input.DispatchKeyEvent, up))
	}
}
