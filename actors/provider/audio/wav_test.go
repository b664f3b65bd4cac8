package audio

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"mime"
	"mime/multipart"
	"net/http"
	"testing"

	"recall/actors/recall"
)

// file builds a WAV file by hand: format, then chunks, then samples with the given
// length in the header.
func file(encoding, channels uint16, rate uint32, bits uint16, length uint32, samples []byte) []byte {
	le := binary.LittleEndian
	f := le.AppendUint16([]byte("fmt \x10\x00\x00\x00"), encoding)
	f = le.AppendUint16(f, channels)
	f = le.AppendUint32(f, rate)
	f = le.AppendUint32(f, rate*uint32(channels)*uint32(bits)/8)
	f = le.AppendUint16(f, channels*bits/8)
	f = le.AppendUint16(f, bits)
	all := append([]byte("RIFF\xff\xff\xff\xffWAVELIST\x03\x00\x00\x00abc\x00"), f...)
	all = append(all, "data"...)
	return append(le.AppendUint32(all, length), samples...)
}

// TestWAVOfEveryKind: the same tone at half loudness in every encoding, with odd
// chunks before and lengths that were never filled in.
func TestWAVOfEveryKind(t *testing.T) {
	t.Parallel()
	le := binary.LittleEndian
	encode := map[string]func(v float64) []byte{
		"8":   func(v float64) []byte { return []byte{byte(128 + v*127)} },
		"16":  func(v float64) []byte { return le.AppendUint16(nil, uint16(int16(v*32767))) },
		"24":  func(v float64) []byte { return le.AppendUint32(nil, uint32(int32(v*(1<<23-1))))[:3] },
		"32":  func(v float64) []byte { return le.AppendUint32(nil, uint32(int32(v*(1<<31-1)))) },
		"f32": func(v float64) []byte { return le.AppendUint32(nil, math.Float32bits(float32(v))) },
		"f64": func(v float64) []byte { return le.AppendUint64(nil, math.Float64bits(v)) },
	}
	for name, one := range encode {
		for _, rate := range []uint32{8000, 44100, 96000} {
			var samples []byte
			for i := range rate / 2 {
				v := one(math.Sin(2*math.Pi*440*float64(i)/float64(rate)) / 2)
				samples = append(append(samples, v...), v...)
			}
			encoding := uint16(pcmInteger)
			if name[0] == 'f' {
				encoding = pcmFloat
			}
			bits := uint16(8 * len(one(0)))
			for _, length := range lengths(rate, len(samples)) {
				s, err := withoutFFmpeg().Decode(t.Context(), clip(file(encoding, 2, rate, bits, length, samples)))
				if err != nil {
					t.Fatalf("%s at %d: %v", name, rate, err)
				}
				isTone(t, s, 440, 0.5)
				if l := loudest(s.PCM); l < 16000 || l > 16800 {
					t.Errorf("%s at %d: loudest %d", name, rate, l)
				}
			}
		}
	}
}

// lengths that a header may tell. Those that were never filled in are tried once.
func lengths(rate uint32, size int) []uint32 {
	if rate != recall.SampleRate {
		return []uint32{uint32(size)}
	}
	return []uint32{uint32(size), 0, math.MaxUint32}
}

func loudest(pcm []byte) (most int) {
	for i := 0; i+1 < len(pcm); i += 2 {
		most = max(most, int(int16(binary.LittleEndian.Uint16(pcm[i:]))))
	}
	return most
}

func TestWAVHeadersThatLie(t *testing.T) {
	t.Parallel()
	for name, data := range map[string][]byte{
		"no channels":      file(1, 0, 44100, 16, 4, []byte("abcd")),
		"too many":         file(1, 9, 44100, 16, 18, make([]byte, 18)),
		"no rate":          file(1, 1, 0, 16, 4, []byte("abcd")),
		"rate of the moon": file(1, 1, math.MaxUint32, 16, 4, []byte("abcd")),
		"no bits":          file(1, 1, 44100, 0, 4, []byte("abcd")),
		"128 bits":         file(1, 1, 44100, 128, 16, make([]byte, 16)),
		"adpcm":            file(2, 1, 44100, 4, 4, []byte("abcd")),
		"huge chunk":       []byte("RIFF\xff\xff\xff\xffWAVEjunk\xff\xff\xff\xff"),
		"samples first":    []byte("RIFF\x00\x00\x00\x00WAVEdata\x04\x00\x00\x00abcd"),
	} {
		_, err := withoutFFmpeg().Decode(t.Context(), clip(data))
		t.Log(name, err)
		isUnsupported(t, err)
	}
}

// TestWhatWeWriteIsWhatWeRead: the WAV of a sample decodes to the same sample.
func TestWhatWeWriteIsWhatWeRead(t *testing.T) {
	t.Parallel()
	pcm := sine(523, 1)
	wav := WAV(pcm)
	if len(wav) != FileSize(pcm) || string(wav[:4]) != "RIFF" || binary.LittleEndian.Uint32(wav[4:]) != uint32(len(wav)-8) {
		t.Fatalf("header %x", wav[:44])
	}
	s, err := withoutFFmpeg().Decode(t.Context(), clip(wav))
	if err != nil || len(s.PCM) != len(pcm) {
		t.Fatal(len(s.PCM), err)
	}
	for i := 0; i < len(pcm); i += 2 {
		a, b := int16(binary.LittleEndian.Uint16(pcm[i:])), int16(binary.LittleEndian.Uint16(s.PCM[i:]))
		if a-b > 1 || b-a > 1 {
			t.Fatalf("sample %d: %d became %d", i/2, a, b)
		}
	}
}

func TestFirstNeverCutsASample(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]int{0: 0, 1: 0, 3: 2, 88200: 88200, 88201: 88200, 99999: 88200} {
		if got := len(First(make([]byte, n), 1)); got != want {
			t.Errorf("%d bytes of %d, want %d", got, n, want)
		}
	}
}

// TestTheFormIsRead by the standard library, twice, since a request may be sent again.
func TestTheFormIsRead(t *testing.T) {
	t.Parallel()
	pcm := sine(440, 0.1)
	form, err := NewForm([]Field{{"key", "ä\"b"}, {"n", "1"}}, "sample", pcm)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://example.com", nil)
	if err != nil {
		t.Fatal(err)
	}
	form.Attach(r)
	again, err := r.GetBody()
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []io.Reader{r.Body, again} {
		all, err := io.ReadAll(body)
		if err != nil || int64(len(all)) != r.ContentLength {
			t.Fatal(len(all), r.ContentLength, err)
		}
		_, p, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
		f, err := multipart.NewReader(bytes.NewReader(all), p["boundary"]).ReadForm(1 << 20)
		if err != nil {
			t.Fatal(err)
		}
		if f.Value["key"][0] != "ä\"b" || f.Value["n"][0] != "1" || f.File["sample"][0].Size != int64(FileSize(pcm)) {
			t.Errorf("%v", f)
		}
	}
}

// TestOpusSoundsAsFFmpegHearsIt: not only the pitch, the wave itself, of every mode
// that the fixtures have.
func TestOpusSoundsAsFFmpegHearsIt(t *testing.T) {
	t.Parallel()
	theirs := withFFmpeg(t)
	for _, name := range []string{"tone.opus", "stereo.opus"} {
		a, err := withoutFFmpeg().Decode(t.Context(), clip(fixture(t, name)))
		if err != nil {
			t.Fatal(err)
		}
		b, err := theirs.Decode(t.Context(), clip(fixture(t, name)))
		if err != nil {
			t.Fatal(err)
		}
		if ratio := likeness(a, b); ratio < 0.98 {
			t.Errorf("%s: likeness %.3f", name, ratio)
		}
	}
}

// likeness is the correlation of two samples, 1 for the same sound.
func likeness(a, b recall.Sample) float64 {
	var ab, aa, bb float64
	for i := 0; i+1 < min(len(a.PCM), len(b.PCM)); i += 2 {
		x := float64(int16(binary.LittleEndian.Uint16(a.PCM[i:])))
		y := float64(int16(binary.LittleEndian.Uint16(b.PCM[i:])))
		ab, aa, bb = ab+x*y, aa+x*x, bb+y*y
	}
	return ab / math.Sqrt(aa*bb)
}
