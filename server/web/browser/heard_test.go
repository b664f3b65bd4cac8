package browser_test

import (
	"encoding/base64"
	"os/exec"
	"testing"
	"time"

	permit "github.com/chromedp/cdproto/browser"

	"recall/server/config"
	"recall/stress/emulator/services"
)

// patient is more than any outside call takes, in a recall of 55 s.
const patient = 50 * time.Second

// withServices is a world whose program asks doubles of all outside services.
func withServices(t *testing.T) (*world, *services.Server) {
	t.Helper()
	w := prepare(t)
	double, err := services.Start(w.ctx, services.Options{TokensPerSecond: -1})
	check(t, err)
	t.Cleanup(double.Close)
	s := config.Default().Services
	s.OpenAIURL, s.OpenAIKey = double.OpenAI, double.Keys.OpenAI
	s.ACRCloudURL, s.ACRCloudKey, s.ACRCloudSecret = double.ACRCloud, double.Keys.ACRCloud, double.Keys.ACRCloudSecret
	s.ShazamURL, s.ShazamKey = double.Shazam, double.Keys.Shazam
	s.AudDURL, s.AudDToken = double.AudD, double.Keys.AudD
	s.LyricsURL = double.Lyrics
	// The doubles answer at once; what takes long is a machine that runs many tests.
	s.TranscribeTimeout, s.IntentTimeout, s.RecognizeTimeout, s.AnswerTimeout = patient, patient, patient, patient
	w.services = &s
	w.start("127.0.0.1:0")
	return w, double
}

// hears makes the page's microphone play a recording whose name the doubles
// understand; it is recorded, coded and uploaded as any sound.
func (p *tab) hears(name string) {
	p.w.t.Helper()
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		p.w.t.Skip("the doubles cannot listen to what a browser records without ffmpeg; apt-get install ffmpeg")
	}
	p.answer(permit.PermissionSettingGranted)
	clip := base64.StdEncoding.EncodeToString(services.Clip(name))
	value[int](p, `(() => {
		navigator.mediaDevices.getUserMedia = async () => {
			const context = new AudioContext();
			const sound = context.createBufferSource();
			sound.buffer = await context.decodeAudioData(Uint8Array.from(atob('`+clip+`'), (c) => c.charCodeAt(0)).buffer);
			const microphone = context.createMediaStreamDestination();
			sound.connect(microphone);
			sound.onended = () => { window.played = true; };
			sound.start(context.currentTime + 0.3);
			return microphone.stream;
		};
		return 1;
	})()`)
	p.record()
	p.until(`window.played`)
	p.click(id("record-send"))
}

// What was said into the microphone stands below its player, and is answered; after
// a reload it stands there still.
func TestTranscript(t *testing.T) {
	t.Parallel()
	w, _ := withServices(t)
	p := w.person(w.program.addr)
	p.signIn()
	p.hears("speech:" + known)
	p.says(id("transcript"), "pencil drawing")
	p.says(top, "Take On Me")
	p.settled()
	p.see(id("intent"))
	if p.count(id("transcript", `[data-listening]`)) != 0 {
		t.Error("it still listens after the end")
	}
	p.click(id("services-open"))
	p.see(id("service", `[data-name="Whisper"][data-state="closed"]`))
	p.reload()
	p.says(id("transcript"), "pencil drawing")
}

// A recording of the song itself is recognized, and the card says by whom. A service
// that fails is named kindly.
func TestRecognized(t *testing.T) {
	t.Parallel()
	w, double := withServices(t)
	check(t, double.InjectNamed(services.Shazam, "status_503", 9))
	p := w.person(w.program.addr)
	p.signIn()
	p.hears("song:Africa")
	p.says(top, "Africa")
	p.settled()
	p.says(top+" "+id("candidate-finders"), "ACRCloud")
	if p.count(id("note", `[data-end="recall.failed"]`)) != 0 {
		t.Error("a service that fails shows as a failed search")
	}
}

// A picture without words is looked at.
func TestPictureRead(t *testing.T) {
	t.Parallel()
	w, _ := withServices(t)
	p := w.person(w.program.addr)
	p.signIn()
	p.choose(services.Picture("album:Thriller"))
	p.click(id("send"))
	p.see(id("message", `[data-type="image"]`))
	p.says(id("messages"), "Michael Jackson")
	p.settled()
}
