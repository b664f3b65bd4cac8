package browser_test

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/jackc/pgx/v5"
)

// A search that runs is stopped by its button, while the same person has another
// tab open.
func TestStopRunning(t *testing.T) {
	t.Parallel()
	w := setup(t)
	p := w.person(w.program.addr)
	p.tolerate(brokenConnections...)
	p.signIn()
	p.ask("a sad song")
	p.see(id("follow-up"))
	p.settled()
	w.restart() // so that it must read what was said before
	p.live()
	other := p.second()
	other.live()
	release := w.hold(func() { p.ask(known) })
	p.see(id("stage", `[data-state="running"]`))
	p.click(id("stage", `[data-state="running"] `) + id("cancel"))
	p.says(id("note"), "You stopped this search")
	p.settled()
	release()
	other.click(id("thread-open"))
	other.until(`[...document.querySelectorAll('[data-kind="user"]')].some((e) => e.innerText.includes('pencil'))`)
	other.settled()
	if n := w.count(`SELECT count(*) FROM recalls WHERE terminal->>'type' = 'recall.cancelled'`); n != 1 {
		t.Errorf("%d recalls were cancelled", n)
	}
}

// restart stops the program as a deployment does and starts it on the same address.
func (w *world) restart() {
	w.t.Helper()
	addr := w.program.addr
	w.program.stop()
	w.start(addr)
}

// hold stops a recall where it reads the thread's past: the table is locked
// between its acceptance and that.
func (w *world) hold(ask func()) (release func()) {
	w.t.Helper()
	accept := w.shut("INSERT")
	ask()
	w.queued("advisory") // the question is written, not yet stored
	conn, err := pgx.Connect(w.ctx, w.database)
	check(w.t, err)
	locked := make(chan error, 1)
	go func() {
		_, err := conn.Exec(w.ctx, `BEGIN; LOCK TABLE recall_messages IN ACCESS EXCLUSIVE MODE`)
		locked <- err
	}()
	w.queued("relation") // next in line
	accept()
	check(w.t, <-locked)
	release = func() { _ = conn.Close(context.WithoutCancel(w.ctx)) } // the lock goes with it
	w.t.Cleanup(release)
	return release
}

// Two tabs show the same search, and the other one stops it, when its end is
// already on its way into the database: it ends once, and both tabs show how.
func TestStopTooLate(t *testing.T) {
	t.Parallel()
	w := setup(t)
	one := w.person(w.program.addr)
	one.signIn()
	finish := w.shut("UPDATE")
	one.ask(known)
	w.queued("advisory")
	two := one.second()
	two.live()
	two.click(id("thread-open"))
	for _, p := range []*tab{one, two} {
		p.see(id("stage", `[data-state="running"]`))
		p.says(top, "Take On Me") // though it is not stored yet
	}
	two.click(id("cancel"))
	two.says(id("stage-text"), "Stopping")
	finish()
	for _, p := range []*tab{one, two} {
		p.settled()
		if got := p.text(id("stage-text")); !strings.HasPrefix(got, "Finished") {
			t.Errorf("a tab shows the end as %q", got)
		}
		p.click(top + " " + id("confirm"))
		p.says(top+" "+id("verdict"), "You found it")
	}
	if n := w.count(`SELECT count(*) FROM recalls WHERE state <> 'open'`); n != 1 {
		t.Errorf("%d recalls have ended", n)
	}
}

// A tab behind another one gets no frames from the browser, and may not be told
// that it is hidden. It is right all the same, and its button works.
func TestStopInHiddenTab(t *testing.T) {
	t.Parallel()
	w := setup(t)
	hidden := w.person(w.program.addr)
	hidden.signIn()
	value[int](hidden, `(window.requestAnimationFrame = () => 1, 1)`) // so that not a single frame slips through
	finish := w.shut("UPDATE")
	hidden.ask(known)
	w.queued("advisory")
	front := w.open(hidden.ctx, hidden.host, chromedp.WithNewWindow(false))
	front.live()
	if !value[bool](hidden, `document.hidden`) {
		t.Error("the first tab is not hidden by the second")
	}
	hidden.says(top, "Take On Me")
	hidden.click(id("cancel"))
	hidden.says(id("stage-text"), "Stopping")
	finish()
	hidden.settled()
}
