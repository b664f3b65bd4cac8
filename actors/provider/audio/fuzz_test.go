package audio

import (
	"bytes"
	"context"
	"testing"
)

// FuzzNative: whatever a stranger uploads, the decoders in Go end, in order, with at
// most 12 s of whole samples.
func FuzzNative(f *testing.F) {
	for name, size := range map[string]int{
		"tone.mp3": 800, "tone.flac": 2000, "tone.ogg": 5000, "tone.opus": 1500, "stereo.opus": 2500, "tone.m4a": 100, "tone.webm": 100,
	} {
		f.Add(fixture(f, name)[:size]) // small ones are tried oftener
	}
	f.Add(WAV(sine(440, 0.05)))
	f.Add(file(pcmExtensible, 2, 48000, 24, 0, make([]byte, 600)))
	f.Add([]byte("ID3\x03\x00\x00\x7f\x7f\x7f\x7f"))
	f.Fuzz(func(t *testing.T, data []byte) {
		ctx, stop := context.WithTimeout(context.Background(), patience)
		defer stop()
		pcm, err := native(ctx, bytes.NewReader(data))
		if err == nil && len(pcm) == 0 || len(pcm) > longest || len(pcm)%2 != 0 || ctx.Err() != nil {
			t.Errorf("%d bytes, %v", len(pcm), err)
		}
	})
}
