package browser_test

import (
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

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

// reload loads the page anew and waits until it is connected.
func (p *tab) reload() {
	p.w.t.Helper()
	p.do(chromedp.Reload())
	p.live()
}

// settled waits until every recall of the thread has ended on the page.
func (p *tab) settled() {
	p.w.t.Helper()
	p.until(`document.querySelector('[data-testid="messages"]').children.length > 0
		&& !document.querySelector('[data-state="running"], [data-state="sending"], [data-streaming]')`)
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
