package audio

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// The encodings of samples in a WAV file that are read here.
const (
	pcmInteger    = 1
	pcmFloat      = 3
	pcmExtensible = 0xFFFE // the true one is the start of the sub-format
)

// mostChannels is what a recording has at most; more is a header gone wrong.
const mostChannels = 8

// wavReader streams a WAV file. It is our own because recorders that write while
// they record leave the lengths at 0 or at their highest, and because a reader of
// strangers' files must not allocate what a header claims.
type wavReader struct {
	r        io.Reader
	encoding uint16
	channels int
	rate     int
	bytes    int // of one sample of one channel
	frame    []byte
	err      error
}

// openWAV reads up to the samples.
func openWAV(r io.Reader) (*wavReader, error) {
	var riff [12]byte
	if _, err := io.ReadFull(r, riff[:]); err != nil {
		return nil, fmt.Errorf("wav header: %w", err)
	}
	w := &wavReader{r: r}
	for {
		var chunk [8]byte
		if _, err := io.ReadFull(r, chunk[:]); err != nil {
			return nil, fmt.Errorf("wav without samples: %w", err)
		}
		size := int64(binary.LittleEndian.Uint32(chunk[4:]))
		switch string(chunk[:4]) {
		case "fmt ":
			if err := w.format(io.LimitReader(r, size+size%2)); err != nil {
				return nil, err
			}
		case "data":
			return w, w.begin(size)
		default:
			if _, err := io.CopyN(io.Discard, r, size+size%2); err != nil {
				return nil, fmt.Errorf("wav chunk: %w", err)
			}
		}
	}
}

func (w *wavReader) format(r io.Reader) error {
	var f [40]byte // with the extension
	n, err := io.ReadFull(r, f[:])
	if n < 16 {
		return fmt.Errorf("wav format: %w", err)
	}
	le := binary.LittleEndian
	w.encoding, w.channels = le.Uint16(f[0:]), int(le.Uint16(f[2:]))
	w.rate, w.bytes = int(le.Uint32(f[4:])), int(le.Uint16(f[14:])+7)/8
	if w.encoding == pcmExtensible {
		w.encoding = le.Uint16(f[24:])
	}
	_, err = io.Copy(io.Discard, r)
	return err
}

// begin checks the format. A length of 0, or one near the highest, was never filled in:
// the samples go on to the end.
func (w *wavReader) begin(size int64) error {
	if w.channels < 1 || w.channels > mostChannels {
		return fmt.Errorf("wav of %d channels", w.channels)
	}
	integers := w.encoding == pcmInteger && w.bytes >= 1 && w.bytes <= 4
	floats := w.encoding == pcmFloat && (w.bytes == 4 || w.bytes == 8)
	if !integers && !floats {
		return fmt.Errorf("wav of encoding %d with %d bits", w.encoding, 8*w.bytes)
	}
	if size != 0 && size < math.MaxInt32 {
		w.r = io.LimitReader(w.r, size)
	}
	w.frame = make([]byte, w.bytes*w.channels)
	return nil
}

// Stream implements beep.Streamer: both sides are the mean of all channels.
func (w *wavReader) Stream(samples [][2]float64) (n int, ok bool) {
	for n < len(samples) {
		if _, err := io.ReadFull(w.r, w.frame); err != nil {
			if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
				w.err = err
			}
			break
		}
		sum := 0.0
		for c := range w.channels {
			sum += w.value(w.frame[c*w.bytes : (c+1)*w.bytes])
		}
		mean := sum / float64(w.channels)
		samples[n] = [2]float64{mean, mean}
		n++
	}
	return n, n > 0
}

// Err implements beep.Streamer.
func (w *wavReader) Err() error { return w.err }

// value is one sample, from -1 to 1.
func (w *wavReader) value(b []byte) float64 {
	le := binary.LittleEndian
	switch {
	case w.encoding == pcmFloat && w.bytes == 4:
		return float64(math.Float32frombits(le.Uint32(b)))
	case w.encoding == pcmFloat:
		return math.Float64frombits(le.Uint64(b))
	case w.bytes == 1: // the only unsigned one
		return (float64(b[0]) - 128) / 128
	}
	var v int32
	for i, x := range b { // to the top, where the sign is
		v |= int32(uint32(x) << (8 * (4 - w.bytes + i)))
	}
	return float64(v) / (1 << 31)
}
