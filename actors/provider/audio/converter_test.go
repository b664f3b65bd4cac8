package audio

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"recall/actors/provider/fault"
	"recall/actors/recall"
)

// patience is more than any conversion takes on a machine that does ten other things.
const patience = 2 * time.Minute

// withoutFFmpeg decodes by Go alone; withFFmpeg skips where there is none.
func withoutFFmpeg() *Converter { return New(Config{FFmpeg: NoFFmpeg, Timeout: patience}) }

func withFFmpeg(t *testing.T) *Converter {
	t.Helper()
	c := New(Config{TempDir: t.TempDir(), Timeout: patience})
	if c.FFmpeg() == "" {
		t.Skip("ffmpeg is not installed: CI installs it")
	}
	return c
}

// clip is a recording in memory.
func clip(data []byte) recall.Clip {
	sum := sha256.Sum256(data)
	return recall.Clip{
		ContentType: "audio/test", Size: int64(len(data)), SHA256: hex.EncodeToString(sum[:]),
		Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil },
	}
}

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// sine is mono PCM of our rate.
func sine(hz, length float64) []byte {
	var pcm []byte
	for i := range int(length * recall.SampleRate) {
		v := int16(8000 * math.Sin(2*math.Pi*hz*float64(i)/recall.SampleRate))
		pcm = binary.LittleEndian.AppendUint16(pcm, uint16(v))
	}
	return pcm
}

// pitch counts the rises through zero in the middle half of pcm, in Hz.
func pitch(pcm []byte) float64 {
	n := len(pcm) / 2
	at := func(i int) int16 { return int16(binary.LittleEndian.Uint16(pcm[2*i:])) }
	rises := 0
	for i := n/4 + 1; i < 3*n/4; i++ {
		if at(i-1) < 0 && at(i) >= 0 {
			rises++
		}
	}
	return float64(rises) * 2 * recall.SampleRate / float64(n)
}

func isTone(t *testing.T, s recall.Sample, hz, length float64) {
	t.Helper()
	if got := s.Seconds(); math.Abs(got-length) > 0.1 {
		t.Errorf("%.3f s long, want %.1f", got, length)
	}
	if got := pitch(s.PCM); math.Abs(got-hz) > 5 {
		t.Errorf("%.1f Hz, want %.0f", got, hz)
	}
}

// TestTheToneComesThrough: every fixture is 1.5 s of 440 Hz, and sounds so both ways.
func TestTheToneComesThrough(t *testing.T) {
	t.Parallel()
	for _, file := range []struct {
		name   string
		native bool
	}{
		{"tone.mp3", true}, {"tone.flac", true}, {"tone.ogg", true}, {"tone.opus", true}, {"stereo.opus", true},
		{"tone.m4a", false}, {"tone.webm", false},
	} {
		data := fixture(t, file.name)
		t.Run("ffmpeg/"+file.name, func(t *testing.T) {
			t.Parallel()
			s, err := withFFmpeg(t).Decode(t.Context(), clip(data))
			if err != nil {
				t.Fatal(err)
			}
			isTone(t, s, 440, 1.5)
		})
		t.Run("go/"+file.name, func(t *testing.T) {
			t.Parallel()
			s, err := withoutFFmpeg().Decode(t.Context(), clip(data))
			if !file.native {
				isUnsupported(t, err)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			isTone(t, s, 440, 1.5)
		})
	}
}

func isUnsupported(t *testing.T, err error) {
	t.Helper()
	if f := fault.Of(err); f == nil || f.Class != fault.BadInput || f.Word() != UnsupportedFormat {
		t.Errorf("fault %v, want bad_input (%s)", err, UnsupportedFormat)
	}
}

func TestTheSampleIsNamedAfterItsClip(t *testing.T) {
	t.Parallel()
	c := clip(WAV(sine(440, 1)))
	s, err := withoutFFmpeg().Decode(t.Context(), c)
	if err != nil || s.SHA256 != c.SHA256 {
		t.Fatal(s.SHA256, err)
	}
}

// TestNoMoreThanTwelveSeconds of a longer recording, both ways and to the byte.
func TestNoMoreThanTwelveSeconds(t *testing.T) {
	t.Parallel()
	long := clip(WAV(sine(440, 14)))
	for name, c := range map[string]*Converter{"go": withoutFFmpeg(), "ffmpeg": New(Config{Timeout: patience})} {
		s, err := c.Decode(t.Context(), long)
		if err != nil || len(s.PCM) != 12*88200 {
			t.Errorf("%s: %d bytes, %v", name, len(s.PCM), err)
		}
	}
}

func TestWhatIsNoRecording(t *testing.T) {
	t.Parallel()
	for name, data := range map[string][]byte{
		"tag that claims 256 MB":   []byte("ID3\x04\x00\x00\x7f\x7f\x7f\x7fTALB"),
		"picture that claims 4 GB": []byte("fLaC\x86\xff\xff\xff\x00\x00\x00\x03\xff\xff\xff\xff"),
		"endless rests of an Ogg":  bytes.Repeat([]byte("OggS\x00\x00"+strings.Repeat("\x00", 20)+"\x01\xff"+strings.Repeat("x", 255)), 100),
		"Ogg of something else":    []byte("OggS\x00\x02" + strings.Repeat("\x00", 20) + "\x01\x08\x7fFLAC\x01\x00\x00"),
		"empty":                    nil, "text": []byte("not a sound at all, not a sound at all"), "no samples": WAV(nil),
		"cut mp4": fixture(t, "tone.m4a")[:1000], "cut ogg": fixture(t, "tone.ogg")[:40], "picture": []byte("\x89PNG\r\n\x1a\n0000IHDR"),
	} {
		t.Run("go/"+name, func(t *testing.T) {
			t.Parallel()
			_, err := withoutFFmpeg().Decode(t.Context(), clip(data))
			isUnsupported(t, err)
		})
		t.Run("ffmpeg/"+name, func(t *testing.T) {
			t.Parallel()
			_, err := withFFmpeg(t).Decode(t.Context(), clip(data))
			isUnsupported(t, err)
		})
	}
}

// TestACutRecordingIsHeardAsFarAsItGoes: an upload may end anywhere.
func TestACutRecordingIsHeardAsFarAsItGoes(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"tone.mp3", "tone.flac", "stereo.opus"} {
		data := fixture(t, name)
		s, err := withoutFFmpeg().Decode(t.Context(), clip(data[:len(data)*2/3]))
		if err != nil || s.Seconds() < 0.5 || s.Seconds() > 1.3 {
			t.Errorf("%s: %.2f s, %v", name, s.Seconds(), err)
		}
	}
}

func TestAClipThatCannotBeReadIsNotUnsupported(t *testing.T) {
	t.Parallel()
	down := errors.New("the store is down")
	for name, open := range map[string]func(context.Context) (io.ReadCloser, error){
		"at once": func(context.Context) (io.ReadCloser, error) { return nil, down },
		"later": func(context.Context) (io.ReadCloser, error) {
			return io.NopCloser(io.MultiReader(bytes.NewReader(WAV(nil)), broken{down})), nil
		},
	} {
		for _, c := range []*Converter{withoutFFmpeg(), New(Config{Timeout: patience})} {
			_, err := c.Decode(t.Context(), recall.Clip{SHA256: name, Open: open})
			if f := fault.Of(err); f == nil || f.Class != fault.Unavailable || !errors.Is(err, down) {
				t.Errorf("%s (ffmpeg %q): %v", name, c.FFmpeg(), err)
			}
		}
	}
}

type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

// TestAnFFmpegThatDoesNotStart is as good as none.
func TestAnFFmpegThatDoesNotStart(t *testing.T) {
	t.Parallel()
	c := withoutFFmpeg()
	c.ffmpeg = filepath.Join(t.TempDir(), "gone")
	s, err := c.Decode(t.Context(), clip(fixture(t, "tone.mp3")))
	if err != nil {
		t.Fatal(err)
	}
	isTone(t, s, 440, 1.5)
	_, err = c.Decode(t.Context(), clip(fixture(t, "tone.m4a")))
	isUnsupported(t, err)
}
