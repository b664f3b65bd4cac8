package audio

import (
	"bytes"
	"errors"
	"fmt"
	"math/bits"

	"github.com/jfreymuth/vorbis"
)

// openVorbis streams Ogg Vorbis, of which head was the first packet. The decoder is
// given packets that were looked at before: see [checkSetup].
func openVorbis(p *packets, head []byte) (*queue, int, error) {
	var d vorbis.Decoder
	if err := d.ReadHeader(head); err != nil {
		return nil, 0, err
	}
	if d.Channels() < 1 || d.Channels() > mostChannels {
		return nil, 0, fmt.Errorf("vorbis of %d channels", d.Channels())
	}
	// The comments are left out: nothing in them is heard, and the decoder would
	// make room for as many as they claim.
	if _, err := p.next(); err != nil {
		return nil, 0, fmt.Errorf("vorbis comments: %w", err)
	}
	setup, err := p.next()
	if err != nil {
		return nil, 0, fmt.Errorf("vorbis setup: %w", err)
	}
	if err := checkSetup(setup); err != nil {
		return nil, 0, err
	}
	if err := d.ReadHeader(setup); err != nil {
		return nil, 0, err
	}
	return &queue{more: func() ([][2]float64, error) {
		packet, err := p.next()
		if err != nil {
			return nil, err
		}
		pcm, err := d.Decode(packet)
		if err != nil {
			return nil, err
		}
		return interleaved(pcm, d.Channels()), nil
	}}, d.SampleRate(), nil
}

// The bounds of a setup header. Encoders stay far below: some 40 code books, 10,000
// entries together, of at most 8 numbers each.
const (
	biggestSetup = 256 << 10 // bytes
	mostEntries  = 32 << 10  // of all books
	mostValues   = 1 << 20   // of all books
)

// bookMark begins each code book, at any bit: the letters BCV.
const bookMark = 0x564342

// checkSetup refuses code books that the decoder takes at their word: sizes that
// exhaust memory, and books without a single entry, in which it would search
// forever. They are found by their mark; one that stands there by chance (once in
// sixteen million bits) costs a file that ffmpeg can still read.
func checkSetup(setup []byte) error {
	if !bytes.HasPrefix(setup, []byte("\x05vorbis")) {
		return errors.New("vorbis without setup") // the decoder would read any header here
	}
	if len(setup) > biggestSetup {
		return errors.New("vorbis setup too big")
	}
	entries, values := 0, 0
	window := uint32(0)
	for at := range len(setup) * 8 {
		window = window>>1 | bit(setup, at)<<23
		if window != bookMark {
			continue
		}
		n, dimensions, ok := checkBook(&bitReader{setup, at + 1})
		entries += n
		values += n * dimensions
		if !ok || entries > mostEntries || values > mostValues {
			return errors.New("vorbis code book refused")
		}
	}
	return nil
}

// checkBook reads the head of a code book (Vorbis I, section 3.2.1) and tells
// whether it has any entry in use.
func checkBook(b *bitReader) (entries, dimensions int, ok bool) {
	dimensions, entries = int(b.read(16)), int(b.read(24))
	if dimensions == 0 || entries < 2 || entries > mostEntries {
		return entries, dimensions, false
	}
	if b.read(1) == 1 { // ordered by length
		b.read(5)
		for n := 0; n < entries; {
			if b.past() {
				return entries, dimensions, false
			}
			n += int(b.read(bits.Len(uint(entries - n))))
		}
		return entries, dimensions, true
	}
	used := b.read(1) == 0 // else sparse: each tells whether it is in use
	for i := 0; i < entries && !used; i++ {
		used = b.read(1) == 1
	}
	return entries, dimensions, used && !b.past()
}

// bitReader reads least significant bits first, and zeros after the end.
type bitReader struct {
	data []byte
	at   int
}

func (b *bitReader) past() bool { return b.at > len(b.data)*8 }

func (b *bitReader) read(n int) (v uint32) {
	for i := range n {
		v |= bit(b.data, b.at) << i
		b.at++
	}
	return v
}

func bit(data []byte, at int) uint32 {
	if at >= len(data)*8 {
		return 0
	}
	return uint32(data[at/8]>>(at%8)) & 1
}
