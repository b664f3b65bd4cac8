package audio

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/pion/opus"
)

// opusRate is the rate that Opus always decodes to (RFC 7845, section 5.1).
const opusRate = 48000

// longestOpus is the most samples in an Opus packet: 120 ms (RFC 6716, section 3.2).
const longestOpus = opusRate * 120 / 1000

// openOpus streams Ogg Opus, of which head was the first packet. Only mono and
// stereo (mapping family 0) are read here; recorders make nothing else.
func openOpus(p *packets, head []byte) (*queue, error) {
	if len(head) < 19 || head[18] != 0 {
		return nil, errors.New("opus of more than two channels")
	}
	skip := int(binary.LittleEndian.Uint16(head[10:]))
	d, err := opus.NewDecoderWithOutput(opusRate, 1)
	if err != nil {
		return nil, fmt.Errorf("opus: %w", err)
	}
	if _, err := p.next(); err != nil { // the tags
		return nil, fmt.Errorf("opus tags: %w", err)
	}
	pcm := make([]float32, longestOpus)
	return &queue{more: func() ([][2]float64, error) {
		packet, err := p.next()
		if err != nil {
			return nil, err
		}
		n, err := d.DecodeToFloat32(packet, pcm)
		if err != nil {
			return nil, fmt.Errorf("opus: %w", err)
		}
		drop := min(skip, n)
		skip -= drop
		return interleaved(pcm[drop:n], 1), nil
	}}, nil
}

// interleaved makes stereo of samples of so many channels, both sides their mean.
func interleaved(pcm []float32, channels int) [][2]float64 {
	out := make([][2]float64, len(pcm)/channels)
	for i := range out {
		mean := 0.0
		for _, v := range pcm[i*channels : (i+1)*channels] {
			mean += float64(v) / float64(channels)
		}
		out[i] = [2]float64{mean, mean}
	}
	return out
}
