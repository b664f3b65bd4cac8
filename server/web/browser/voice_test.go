package browser_test

import (
	"context"
	"strings"
	"testing"

	permit "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// answer is what this person's browser says when the page asks for the microphone:
// granted or denied. The sound is a beep of Chromium's own.
func (p *tab) answer(setting permit.PermissionSetting) {
	p.w.t.Helper()
	p.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, permit.SetPermission, permit.SetPermissionParams{
			Permission: &permit.PermissionDescriptor{Name: "microphone"}, Setting: setting,
			Origin: "http://" + p.host, BrowserContextID: chromedp.FromContext(p.ctx).BrowserContextID,
		})
		return err
	}))
}

// record begins a voice note and waits until some of it is on its way.
func (p *tab) record() {
	p.w.t.Helper()
	p.click(id("voice"))
	p.see(id("recording", `[data-state="running"]`))
	p.until(`parseFloat(document.querySelector('#elapsed').innerText.split(':')[1]) >= 1`)
}

// A voice note is recorded, sent, and stands in the conversation with a player that
// has the sound; so it does after a reload, from what the server has stored.
func TestVoiceNote(t *testing.T) {
	t.Parallel()
	w := setup(t)
	p := w.person(w.program.addr)
	p.signIn()
	p.answer(permit.PermissionSettingGranted)
	p.record()
	if !value[bool](p, `document.activeElement.id === 'record-send'`) {
		t.Error("Enter would not send the recording")
	}
	p.until(`[...document.querySelectorAll('#level i')].some((e) => e.style.getPropertyValue('--part') > 0.1)`)
	p.press(kb.Enter)
	p.see(id("message", `[data-type="voice"] `) + id("voice-player"))
	p.settled()
	p.playable()
	if !value[bool](p, `document.querySelector('#recording').hidden && document.querySelector('#input').checkVisibility()`) {
		t.Error("the composer is not back")
	}
	p.reload()
	p.see(id("voice-player"))
	p.settled()
	p.playable()
	if n := w.count(`SELECT count(*) FROM recall_messages WHERE message_type = 'voice' AND media_id IS NOT NULL`); n != 1 {
		t.Errorf("%d voice notes are stored", n)
	}
}

// playable waits until the player has a sound of a known length, and plays it.
func (p *tab) playable() {
	p.w.t.Helper()
	p.until(`document.querySelector('audio')?.duration > 0.5 && document.querySelector('audio').duration < 30`)
	p.click(id("voice-play"))
	p.until(`document.querySelector('audio').currentTime > 0.1`)
}

// Escape throws a recording away: nothing is asked, and nothing is kept on the server.
func TestRecordingCancelled(t *testing.T) {
	t.Parallel()
	w := setup(t)
	p := w.person(w.program.addr)
	p.signIn()
	p.answer(permit.PermissionSettingGranted)
	p.click(id("composer-input"))
	p.write("a line that waits")
	p.record()
	p.press(kb.Escape)
	p.until(`document.querySelector('#recording').hidden`)
	if got := value[string](p, `document.querySelector('#input').value`); got != "a line that waits" {
		t.Errorf("what was written before is %q now", got)
	}
	if !value[bool](p, `document.activeElement.id === 'voice'`) {
		t.Error("the focus is not back on the button of the microphone")
	}
	p.record()
	p.click(id("record-cancel"))
	p.until(`document.querySelector('#recording').hidden`)
	if n := w.recalls() + w.count(`SELECT count(*) FROM recall_media`); n != 0 {
		t.Errorf("%d traces of a recording that was thrown away", n)
	}
}

// Who does not lend the microphone is told how to, and can write.
func TestMicrophoneDenied(t *testing.T) {
	t.Parallel()
	w := setup(t)
	p := w.person(w.program.addr)
	p.signIn()
	p.answer(permit.PermissionSettingDenied)
	p.click(id("voice"))
	p.says(id("notice"), "The microphone is blocked")
	if !value[bool](p, `document.querySelector('#recording').hidden`) {
		t.Error("the page looks as if it recorded")
	}
	p.ask(known)
	p.says(top, "Take On Me")
	p.settled()
	if p.shows("#notice") {
		t.Error("the notice stays when it has become idle")
	}
}

// The longest recording ends by itself and waits for a yes. The page's clock is
// turned forward, since a minute is long.
func TestLongestRecording(t *testing.T) {
	t.Parallel()
	w := setup(t)
	p := w.person(w.program.addr)
	p.signIn()
	p.answer(permit.PermissionSettingGranted)
	value[int](p, `(() => {
		const later = window.setTimeout.bind(window);
		window.setTimeout = (fn, ms, ...more) => (ms === 60000 ? (window.minute = fn, 0) : later(fn, ms, ...more));
		return 1;
	})()`)
	p.record()
	value[int](p, `(window.minute(), 1)`)
	p.see(id("recording", `[data-state="full"]`))
	if got := p.text(id("recording-words")); !strings.Contains(got, "the most") {
		t.Errorf("the end of the recording says %q", got)
	}
	if n := w.recalls(); n != 0 {
		t.Error("it was sent without having been asked to")
	}
	p.click(id("record-send"))
	p.see(id("voice-player"))
	p.settled()
	p.playable()
}
