package services

import (
	"bytes"
	"context"
	"encoding/binary"
	"os/exec"
	"time"
)

// sound is a recording as samples between -1 and 1.
type sound struct {
	rate    int // Hz
	samples []float64
	seconds float64 // of the whole, of which samples may be the beginning
}

const (
	earRate    = 11025 // Hz; enough for every tone, a quarter of the work
	earSeconds = 40    // how much of a recording is listened to
)

// soundOfPCM reads 16 bit little-endian samples.
func soundOfPCM(pcm []byte, rate, channels int) sound {
	if rate < 8000 || channels < 1 {
		return sound{rate: earRate}
	}
	frames := len(pcm) / (2 * channels)
	s := sound{rate: rate, seconds: float64(frames) / float64(rate)}
	frames = min(frames, earSeconds*rate)
	for i := range frames {
		first := pcm[2*channels*i:]
		s.samples = append(s.samples, float64(int16(binary.LittleEndian.Uint16(first)))/32768) //nolint:gosec // two's complement is the format
	}
	return s.thinned()
}

// thinned averages neighbours until the rate is near earRate.
func (s sound) thinned() sound {
	by := max(s.rate/earRate, 1)
	out := make([]float64, len(s.samples)/by)
	for i := range out {
		for _, x := range s.samples[i*by : (i+1)*by] {
			out[i] += x / float64(by)
		}
	}
	s.samples, s.rate = out, s.rate/by
	return s
}

// soundOfFile reads a recording of any format; false: it cannot be read here.
func soundOfFile(file []byte) (sound, bool) {
	if s, ok := soundOfWAV(file); ok {
		return s, true
	}
	return soundByFFmpeg("pipe:0", file)
}

// soundOfWAV reads 16 bit PCM; other kinds of WAV are left to ffmpeg.
func soundOfWAV(file []byte) (sound, bool) {
	if len(file) < 12 || string(file[:4]) != "RIFF" || string(file[8:12]) != "WAVE" {
		return sound{}, false
	}
	var rate, channels int
	for rest := file[12:]; len(rest) >= 8; {
		id, size := string(rest[:4]), int(binary.LittleEndian.Uint32(rest[4:]))
		rest = rest[8:]
		chunk := rest[:min(size, len(rest))] // a recording that is streamed states a length of its own
		switch {
		case id == "fmt " && len(chunk) >= 16:
			format, bits := binary.LittleEndian.Uint16(chunk), binary.LittleEndian.Uint16(chunk[14:])
			if bits != 16 || format != 1 && format != 0xFFFE {
				return sound{}, false
			}
			channels, rate = int(binary.LittleEndian.Uint16(chunk[2:])), int(binary.LittleEndian.Uint32(chunk[4:]))
		case id == "data" && rate > 0:
			return soundOfPCM(chunk, rate, channels), true
		}
		rest = rest[min(size+size%2, len(rest)):]
	}
	return sound{}, false
}

// soundByFFmpeg reads input, which may be a file or the pipe that piped is put into.
func soundByFFmpeg(input string, piped []byte) (sound, bool) {
	path, err := exec.LookPath("ffmpeg")
	if err != nil {
		return sound{}, false
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, "-v", "error", "-i", input, "-vn", "-t", "300",
		"-ar", "11025", "-ac", "1", "-c:a", "pcm_s16le", "-f", "s16le", "pipe:1")
	cmd.Stdin = bytes.NewReader(piped)
	pcm, err := cmd.Output()
	if err != nil && len(pcm) == 0 {
		return sound{}, false
	}
	return soundOfPCM(pcm, earRate, 1), true
}
