package audio

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/gopxl/beep/v2"
	"github.com/gopxl/beep/v2/flac"
	"github.com/gopxl/beep/v2/mp3"

	"recall/actors/recall"
)

// native decodes by the decoders in Go. A panic in one of them is the fault of the
// clip.
func native(ctx context.Context, r io.Reader) (pcm []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			pcm, err = nil, fmt.Errorf("the decoder panicked: %v", p)
		}
	}()
	stream, rate, err := open(bufio.NewReaderSize(r, 64<<10))
	if err != nil {
		return nil, err
	}
	return listen(ctx, stream, rate)
}

// open finds the format by its first bytes.
func open(r *bufio.Reader) (beep.Streamer, int, error) {
	if err := skipID3(r); err != nil {
		return nil, 0, err
	}
	head, _ := r.Peek(12)
	switch {
	case len(head) == 12 && string(head[:4]) == "RIFF" && string(head[8:]) == "WAVE":
		w, err := openWAV(r)
		if err != nil {
			return nil, 0, err
		}
		return w, w.rate, nil
	case bytes.HasPrefix(head, []byte("fLaC")):
		return openFLAC(r)
	case bytes.HasPrefix(head, []byte("OggS")):
		return openOgg(&packets{r: r})
	case len(head) > 1 && head[0] == 0xFF && head[1]&0xE0 == 0xE0:
		return openMP3(r)
	}
	return nil, 0, errors.New("none of WAV, MP3, FLAC, Ogg Vorbis and Ogg Opus")
}

// skipID3 leaves tags at the beginning out: the MP3 decoder would make room for as
// much as they claim, and some FLAC files have them as well.
func skipID3(r *bufio.Reader) error {
	for {
		h, _ := r.Peek(10)
		if len(h) < 10 || string(h[:3]) != "ID3" {
			return nil
		}
		size := int64(h[6]&0x7F)<<21 | int64(h[7]&0x7F)<<14 | int64(h[8]&0x7F)<<7 | int64(h[9]&0x7F)
		if h[5]&0x10 != 0 { // a footer
			size += 10
		}
		if _, err := io.CopyN(io.Discard, r, 10+size); err != nil {
			return fmt.Errorf("ID3 tag: %w", err)
		}
	}
}

// plain hides everything but Read: decoders that can seek scan the whole file first.
type plain struct{ io.Reader }

func openMP3(r io.Reader) (beep.Streamer, int, error) {
	s, f, err := mp3.Decode(io.NopCloser(plain{r}))
	return s, int(f.SampleRate), err
}

// openFLAC looks at the first block before the decoder does, which would make room
// for any that claims to be a picture.
func openFLAC(r *bufio.Reader) (beep.Streamer, int, error) {
	head, err := r.Peek(8)
	if err != nil || head[4]&0x7F != 0 || !bytes.Equal(head[5:8], []byte{0, 0, 34}) {
		return nil, 0, errors.New("flac without stream information")
	}
	s, f, err := flac.Decode(plain{r})
	return s, int(f.SampleRate), err
}

func openOgg(p *packets) (beep.Streamer, int, error) {
	head, err := p.next()
	switch {
	case err != nil:
		return nil, 0, err
	case bytes.HasPrefix(head, []byte("OpusHead")):
		q, err := openOpus(p, head)
		return q, opusRate, err
	case bytes.HasPrefix(head, []byte("\x01vorbis")):
		q, rate, err := openVorbis(p, head)
		return q, rate, err
	}
	return nil, 0, errors.New("ogg of neither Vorbis nor Opus")
}

// The rates that recordings have, in samples a second.
const (
	lowestRate  = 4000
	highestRate = 384000
)

// quality of resampling: neighbours looked at on each side.
const quality = 4

// listen takes the first 12 s as mono samples. An error after some of them is the
// end of a recording that was cut off; what came before is heard.
func listen(ctx context.Context, s beep.Streamer, rate int) ([]byte, error) {
	if rate < lowestRate || rate > highestRate {
		return nil, fmt.Errorf("%d samples a second", rate)
	}
	if rate != recall.SampleRate {
		s = beep.Resample(quality, beep.SampleRate(rate), recall.SampleRate, s)
	}
	var pcm []byte
	var buf [2048][2]float64
	for len(pcm) < longest {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		n, ok := s.Stream(buf[:])
		pcm = appendMono(pcm, buf[:n])
		if !ok || n == 0 {
			break
		}
	}
	if len(pcm) == 0 {
		return nil, errors.Join(errors.New("no sound in it"), s.Err())
	}
	return First(pcm, seconds), nil
}

func appendMono(pcm []byte, samples [][2]float64) []byte {
	for _, s := range samples {
		v := sample((s[0] + s[1]) / 2)
		pcm = append(pcm, byte(v), byte(v>>8))
	}
	return pcm
}

// sample is v as 16 bits; what is louder than the loudest is cut, and what is no
// number is silence.
func sample(v float64) int16 {
	switch {
	case v >= 1:
		return 1<<15 - 1
	case v <= -1:
		return -1 << 15
	case math.IsNaN(v):
		return 0
	}
	return int16(v * (1<<15 - 1))
}
