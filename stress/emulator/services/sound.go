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

// soundOfPCM reads the first channel of 16 bit little-endian samples, and averages
// neighbours until the rate is near earRate.
func soundOfPCM(pcm []byte, rate, channels int) sound {
	if rate < 8000 || channels < 1 {
		return sound{rate: earRate}
	}
	frames := len(pcm) / (2 * channels)
	by := max(rate/earRate, 1)
	s := sound{rate: rate / by, seconds: float64(frames) / float64(rate)}
	s.samples = make([]float64, min(frames, earSeconds*rate)/by)
	for i := range s.samples {
		sum := 0
		for k := range by {
			sum += int(int16(binary.LittleEndian.Uint16(pcm[2*channels*(i*by+k):]))) //nolint:gosec // two's complement is the format
		}
		s.samples[i] = float64(sum) / float64(by) / 32768
	}
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
