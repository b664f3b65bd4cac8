package audio

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"recall/actors/provider/fault"
	"recall/actors/recall"
)

// TestAPlaylistReachesNothing: a recording that names other files and addresses is
// refused, and nobody is called.
func TestAPlaylistReachesNothing(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { calls.Add(1) }))
	defer server.Close()
	tone, err := filepath.Abs("testdata/tone.mp3")
	if err != nil {
		t.Fatal(err)
	}
	c := withFFmpeg(t)
	for name, playlist := range map[string]string{
		"hls":        "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n" + server.URL + "/a.ts\n#EXT-X-ENDLIST\n",
		"hls file":   "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nfile://" + tone + "\n#EXT-X-ENDLIST\n",
		"concat":     "ffconcat version 1.0\nfile '" + tone + "'\n",
		"dash":       `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>` + server.URL + `</BaseURL></MPD>`,
		"sdp":        "v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n",
		"like an m4": "\x00\x00\x00\x08ftyp#EXTM3U\n" + server.URL,
	} {
		_, err := c.Decode(t.Context(), clip([]byte(playlist)))
		t.Log(name, err)
		isUnsupported(t, err)
	}
	if n := calls.Load(); n != 0 {
		t.Errorf("%d calls", n)
	}
}

// TestNothingIsLeftOfASpooledClip whether it could be read or not.
func TestNothingIsLeftOfASpooledClip(t *testing.T) {
	t.Parallel()
	c := withFFmpeg(t)
	whole := fixture(t, "tone.m4a")
	for _, data := range [][]byte{whole, whole[:1000]} {
		_, _ = c.Decode(t.Context(), clip(data))
		if left, err := os.ReadDir(c.tempDir); err != nil || len(left) > 0 {
			t.Error(left, err)
		}
	}
}

// TestASpooledClipHasNoName, so that nothing is left of it when we are killed.
func TestASpooledClipHasNoName(t *testing.T) {
	t.Parallel()
	c := withoutFFmpeg()
	dir, whole := t.TempDir(), fixture(t, "tone.m4a")
	in, err := c.open(t.Context(), clip(whole))
	if err != nil {
		t.Fatal(err)
	}
	f, err := in.spool(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Error(left, err)
	}
	if got, err := io.ReadAll(f); err != nil || !bytes.Equal(got, whole) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

// TestAConversionWaitsForItsTurnWithinItsTime.
func TestAConversionWaitsForItsTurnWithinItsTime(t *testing.T) {
	t.Parallel()
	c := New(Config{FFmpeg: NoFFmpeg, AtOnce: 1})
	c.slots <- struct{}{} // another one runs
	c.timeout = 1
	_, err := c.Decode(t.Context(), clip(WAV(sine(440, 1))))
	if f := fault.Of(err); f == nil || f.Class != fault.Timeout {
		t.Errorf("%v", err)
	}
	<-c.slots
	c.timeout = patience
	if _, err := c.Decode(t.Context(), clip(WAV(sine(440, 1)))); err != nil {
		t.Error(err)
	}
}

// TestEqualClipsShareOneConversion that outlives the caller who began it.
func TestEqualClipsShareOneConversion(t *testing.T) {
	t.Parallel()
	var opened atomic.Int32
	began, goOn := make(chan struct{}, 3), make(chan struct{})
	shared := clip(WAV(sine(440, 1)))
	open := shared.Open
	shared.Open = func(ctx context.Context) (io.ReadCloser, error) {
		opened.Add(1)
		began <- struct{}{}
		<-goOn
		return open(ctx)
	}
	c := withoutFFmpeg()
	first, leave := context.WithCancel(t.Context())
	left := decodeLater(first, c, shared)
	<-began
	second := watched{t.Context(), make(chan struct{}, 1)}
	done := decodeLater(second, c, shared)
	<-second.waits
	leave()
	if f := fault.Of(<-left); f == nil || f.Class != fault.Canceled {
		t.Error(f)
	}
	close(goOn)
	if err := <-done; err != nil || opened.Load() != 1 {
		t.Error(err, opened.Load())
	}
	if len(c.flights.open) != 0 {
		t.Error("a conversion is still noted")
	}
}

// TestAfterTheLastHasLeftTheNextBeginsAnew: nobody joins a conversion that is being
// stopped.
func TestAfterTheLastHasLeftTheNextBeginsAnew(t *testing.T) {
	t.Parallel()
	c := withoutFFmpeg()
	sound := clip(WAV(sine(440, 1)))
	stuck := sound
	began := make(chan struct{})
	stuck.Open = func(ctx context.Context) (io.ReadCloser, error) {
		close(began)
		<-ctx.Done() // when the last has left
		return nil, ctx.Err()
	}
	ctx, leave := context.WithCancel(t.Context())
	left := decodeLater(ctx, c, stuck)
	<-began
	leave()
	if f := fault.Of(<-left); f == nil || f.Class != fault.Canceled {
		t.Error(f)
	}
	if _, err := c.Decode(t.Context(), sound); err != nil {
		t.Error(err)
	}
}

func decodeLater(ctx context.Context, c *Converter, clip recall.Clip) chan error {
	done := make(chan error, 1)
	go func() {
		_, err := c.Decode(ctx, clip)
		done <- err
	}()
	return done
}

// watched tells when somebody waits for its end: in Decode, that is after having
// joined a conversion.
type watched struct {
	context.Context
	waits chan struct{}
}

func (w watched) Done() <-chan struct{} {
	select {
	case w.waits <- struct{}{}:
	default:
	}
	return w.Context.Done()
}
