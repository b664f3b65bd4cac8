package browser_test

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// A deployment: the program says goodbye (1012), is away and comes back on the
// same address. The page connects again by itself and goes on where it was.
func TestRestart(t *testing.T) {
	t.Parallel()
	w := setup(t)
	p := w.person(w.program.addr)
	p.tolerate(brokenConnections...)
	p.signIn()
	p.ask("a sad song")
	p.see(id("follow-up"))
	p.settled()
	p.click(id("composer-input"))
	p.write("a draft")
	addr := w.program.addr
	w.program.stop()
	p.see(id("connection", `[data-state="reconnecting"], [data-testid="connection"][data-state="connecting"]`))
	w.start(addr)
	p.live()
	if got := value[string](p, `document.querySelector('#input').value`); got != "a draft" {
		t.Errorf("the draft is now %q", got)
	}
	p.write(": norwegian band of the 80s, high voice, pencil drawing video")
	p.press(kb.Enter)
	p.until(`[...document.querySelectorAll('[data-testid="candidate"]')].some((e) => e.innerText.includes('Take On Me'))`)
	p.settled()
	if n := w.recalls(); n != 2 {
		t.Errorf("%d recalls for two questions", n)
	}
}
