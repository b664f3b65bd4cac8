package services

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
)

// Kinds of recordings and pictures; a name is "kind" or "kind:text".
const (
	KindSong    = "song"    // a known recording plays: title, or "title - artist"
	KindHum     = "hum"     // somebody hums it
	KindSpeech  = "speech"  // somebody says these words
	KindSilence = "silence" // nothing
	KindNoise   = "noise"   // nothing but noise
	KindAlbum   = "album"   // a picture of this album's cover
	KindUnknown = ""        // none of ours: a recording from the world
)

const clipRate = 44100

// Lengths of clips in seconds. A song is long enough to count as background audio,
// and its name is repeated, so that any few seconds of it hold the whole name.
var clipSeconds = map[string]float64{KindSong: 11, KindHum: 6, KindSpeech: 2, KindSilence: 3, KindNoise: 4}

// Clip makes a recording that every service here recognizes, as a WAV file (44,100 Hz,
// mono, 16 bit): "song:<title>", "hum:<title>", "speech:<words>", "silence" or
// "noise". The name still reads after resampling and lossy coding. It
// panics for other kinds and names above 255 bytes: both are mistakes of the test.
func Clip(name string) []byte { return wav(clipPCM(name)) }

// ClipPCM is [Clip] without the file around it.
func ClipPCM(name string) []byte { return clipPCM(name) }

func clipPCM(name string) []byte {
	kind, _, _ := strings.Cut(name, ":")
	seconds, known := clipSeconds[kind]
	if !known || len(name) > longestName {
		panic(fmt.Sprintf("emulator: no clip can be made of %q", name))
	}
	samples := make([]float64, clipRate/5) // recordings do not begin with their first sound
	switch kind {
	case KindSilence:
	case KindNoise:
		samples = append(samples, noise(int(seconds*clipRate))...)
	default:
		samples = append(samples, repeated(sing(frame(name), clipRate), seconds)...)
	}
	length := max(len(samples)+clipRate/5, int(seconds*clipRate))
	return encodePCM(append(samples, make([]float64, length-len(samples))...))
}

func repeated(once []float64, seconds float64) (out []float64) {
	for len(out) == 0 || float64(len(out)+len(once)) <= seconds*clipRate {
		out = append(out, once...)
	}
	return out
}

func noise(n int) []float64 {
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same noise each time
	out := make([]float64, n)
	for i := range out {
		out[i] = 0.4 * (random.Float64() - 0.5)
	}
	return out
}

func encodePCM(samples []float64) []byte {
	out := make([]byte, 0, 2*len(samples))
	for _, x := range samples {
		out = binary.LittleEndian.AppendUint16(out, uint16(int16(x*32767))) //nolint:gosec // two's complement is the format
	}
	return out
}

// wav puts the head of a file before samples of a clip.
func wav(pcm []byte) []byte {
	le := binary.LittleEndian
	out := append([]byte("RIFF"), le.AppendUint32(nil, uint32(36+len(pcm)))...) //nolint:gosec // clips are short
	out = append(out, "WAVEfmt "...)
	out = le.AppendUint32(out, 16)
	out = le.AppendUint16(out, 1) // PCM
	out = le.AppendUint16(out, 1) // mono
	out = le.AppendUint32(out, clipRate)
	out = le.AppendUint32(out, 2*clipRate)
	out = le.AppendUint16(out, 2)
	out = le.AppendUint16(out, 16)
	out = append(out, "data"...)
	out = le.AppendUint32(out, uint32(len(pcm))) //nolint:gosec // clips are short
	return append(out, pcm...)
}
