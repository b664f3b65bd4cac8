package browser_test

import (
	"testing"

	permit "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// brokenConnections are what a browser writes into the console about a network
// that is not there.
var brokenConnections = []string{"WebSocket connection to", "net::ERR_"}

// The network goes while a person writes: the page says so, keeps the words, and
// sends them once when it is back.
func TestNetworkCut(t *testing.T) {
	t.Parallel()
	w := setup(t)
	net := newProxy(t, w.program.addr)
	p := w.person(net.addr())
	p.tolerate(brokenConnections...)
	p.signIn()
	p.click(id("composer-input"))
	p.write("80s norwegian band, guy with a")
	net.cut()
	p.see(id("connection", `[data-state="reconnecting"]`))
	p.see(id("retry-now"))
	p.write(" really high voice, pencil drawing video")
	if got := value[string](p, `document.querySelector('#input').value`); got != known {
		t.Errorf("what was typed is now %q", got)
	}
	p.press(kb.Enter)
	p.says(id("message", `[data-state="sending"]`), known)
	if n := w.recalls(); n != 0 {
		t.Fatalf("%d recalls without a network", n)
	}
	// Not even a reload may lose it; the page itself comes from the network, so that must be back then.
	net.restore()
	p.do(chromedp.Reload())
	p.live()
	p.says(top, "Take On Me")
	p.settled()
	if n := w.recalls(); n != 1 {
		t.Errorf("%d recalls for one question", n)
	}
}

// The network goes while a person speaks. The recording goes on, and all of it is sent
// when the network is back.
func TestNetworkCutWhileRecording(t *testing.T) {
	t.Parallel()
	w := setup(t)
	net := newProxy(t, w.program.addr)
	p := w.person(net.addr())
	p.tolerate(brokenConnections...)
	p.signIn()
	p.answer(permit.PermissionSettingGranted)
	p.record()
	net.cut()
	p.see(id("connection", `[data-state="reconnecting"]`))
	p.see(id("recording", `[data-state="running"]`))
	p.until(`parseFloat(document.querySelector('#elapsed').innerText.split(':')[1]) >= 2`)
	p.click(id("record-send"))
	p.see(id("message", `[data-state="sending"]`))
	net.restore()
	p.hurry()
	p.see(id("message", `[data-type="voice"][data-seq]`))
	p.settled()
	p.reload()
	p.playable()
	if long := value[float64](p, `document.querySelector('audio').duration`); long < 1.8 {
		t.Errorf("of the recording %.1f s arrived", long)
	}
	if n := w.recalls(); n != 1 {
		t.Errorf("%d recalls for one voice note", n)
	}
}

// hurry clicks "Try now", unless the page has come back by itself meanwhile and the
// button is gone.
func (p *tab) hurry() {
	p.w.t.Helper()
	value[bool](p, `document.querySelector('[data-testid="retry-now"]:not([hidden])')?.click() ?? true`)
}

// The worst moments: the question was sent and did not arrive, or the program has
// taken it and its answer is lost. It goes out again by itself and runs once.
func TestLostOnTheWay(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		way     way
		recalls int // that the program knows of before the network is cut
	}{
		"question": {toProgram, 1},
		"answer":   {toPage, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lostOnTheWay(t, c.way, c.recalls)
		})
	}
}

func lostOnTheWay(t *testing.T, way way, recalls int) {
	w := setup(t)
	net := newProxy(t, w.program.addr)
	p := w.person(net.addr())
	p.tolerate(brokenConnections...)
	p.signIn()
	p.ask("a sad song")
	p.see(id("follow-up"))
	p.settled()
	net.lose(way)
	p.ask(known)
	w.eventually("something is lost", func() bool { return net.swallowed() > 0 && w.recalls() == recalls })
	p.see(id("message", `[data-state="sending"]`))
	net.cut()
	p.see(id("connection", `[data-state="reconnecting"]`))
	net.restore()
	p.live()
	p.until(`[...document.querySelectorAll('[data-testid="candidate"]')].some((e) => e.innerText.includes('Take On Me'))`)
	p.settled()
	if n := p.count(`[data-kind="user"]`); n != 2 {
		t.Errorf("%d of the person's messages are shown", n)
	}
	if n := w.recalls(); n != 2 {
		t.Errorf("%d recalls for two questions", n)
	}
}

// The device itself says that it is offline, as a phone in a tunnel does.
func TestDeviceOffline(t *testing.T) {
	t.Parallel()
	w := setup(t)
	p := w.person(w.program.addr)
	p.tolerate(brokenConnections...)
	p.signIn()
	p.offline(true)
	p.see(id("connection", `[data-state="offline"]`))
	p.says(id("connection-text"), "Offline")
	p.ask(known)
	p.says(id("message", `[data-state="sending"]`), "as soon as you are connected")
	p.offline(false)
	p.live()
	p.says(top, "Take On Me")
	p.settled()
	if n := w.recalls(); n != 1 {
		t.Errorf("%d recalls for one question", n)
	}
}

// offline switches the network of the tab off or on, as its device would tell.
func (p *tab) offline(off bool) {
	p.w.t.Helper()
	p.do(
		send(network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
			MatchedNetworkConditions: []*network.Conditions{{Offline: off, DownloadThroughput: -1, UploadThroughput: -1}},
		}),
		send(network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: off, DownloadThroughput: -1, UploadThroughput: -1}),
	)
}

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
