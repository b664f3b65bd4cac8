package browser_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// known is a question that the catalogue answers beyond doubt.
const known = "80s norwegian band, guy with a really high voice, pencil drawing video"

// top is the candidate that stands first.
var top = id("candidate", `[data-rank="1"]`)

// A person signs in, asks, finds the song and says so; a reload forgets nothing.
func TestAskConfirmReload(t *testing.T) {
	t.Parallel()
	w := setup(t)
	p := w.person(w.program.addr)
	p.signIn()
	p.see(id("example"))
	p.ask(known)
	p.see(id("stage"))
	p.says(top, "Take On Me")
	p.settled()
	if got := p.text(id("stage-text")); !strings.HasPrefix(got, "Finished") {
		t.Errorf("the line of the recall says %q", got)
	}
	if p.text(id("answer")) == "" {
		t.Error("the answer is empty")
	}
	p.click(top + " " + id("confirm"))
	p.says(top+" "+id("verdict"), "You found it")
	before := p.conversation()
	p.do(chromedp.Reload())
	p.live()
	p.says(top+" "+id("verdict"), "You found it")
	p.settled()
	if after := p.conversation(); after != before {
		t.Errorf("after the reload the thread shows\n%s\nand before it\n%s", after, before)
	}
	if n := p.count(id("thread-row")); n != 1 {
		t.Errorf("%d threads are listed", n)
	}
}

// conversation is what the entries that are stored say.
func (p *tab) conversation() string {
	p.w.t.Helper()
	return value[string](p, `[...document.querySelectorAll('[data-message-id]')].map((e) => e.dataset.kind + ': ' + e.innerText).join('\n')`)
}

// Something vague brings a question back; its answer goes on in the same thread.
func TestFollowUpAndReject(t *testing.T) {
	t.Parallel()
	w := setup(t)
	p := w.person(w.program.addr)
	p.signIn()
	p.ask("a sad slow song with a piano")
	p.see(id("follow-up", `[data-open="true"]`))
	if p.text(id("follow-up-text")) == "" {
		t.Error("the question is empty")
	}
	p.settled()
	thread := value[string](p, `location.hash`)
	first := value[string](p, `document.querySelector('[data-testid="candidate"]').dataset.key`)
	rejected := id("candidate", `[data-key="`+first+`"]`)
	p.click(rejected + " " + id("reject"))
	p.says(rejected+" "+id("verdict"), "Ruled out")
	p.click(id("follow-up-answer"))
	if !value[bool](p, `document.activeElement.id === 'input'`) {
		t.Error("the button to answer does not lead to where one writes")
	}
	p.write("from the nineties, a woman sings")
	p.click(id("send"))
	p.until(`document.querySelectorAll('[data-kind="user"]').length === 2`)
	p.settled()
	if now := value[string](p, `location.hash`); now != thread {
		t.Errorf("the answer went to %s and not to %s", now, thread)
	}
	if p.count(id("follow-up", `[data-open="true"]`)) > 1 {
		t.Error("more than one question is open")
	}
	second := value[string](p, `[...document.querySelectorAll('[data-testid="candidate"]')]
		.filter((e) => e.dataset.key === `+"`"+first+"`"+`).map((e) => e.dataset.verdict).join()`)
	if second != "rejected" {
		t.Errorf("what was ruled out stands there as %q", second)
	}
	if n := w.recalls(); n != 2 {
		t.Errorf("%d recalls for two turns", n)
	}
}

// When the server would ask others, the page has words for them that can be copied.
func TestAskOthers(t *testing.T) {
	t.Parallel()
	w := setup(t)
	p := w.person(w.program.addr)
	p.signIn()
	p.ask("qwertz zxcvb blorp")
	p.says(id("crowd-text"), "blorp")
	p.settled()
	value[int](p, `(navigator.clipboard.writeText = async (text) => { window.copied = text; }, 1)`)
	p.click(id("crowd-copy"))
	p.says(id("notice"), "Copied")
	if got, want := value[string](p, `window.copied`), p.text(id("crowd-text")); got != want {
		t.Errorf("copied %q, and the card says %q", got, want)
	}
}
