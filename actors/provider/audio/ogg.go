package audio

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
)

// biggestPacket bounds a packet of an Ogg stream, in bytes. Headers with a cover
// picture are the biggest that there are.
const biggestPacket = 16 << 20

// packets reads the packets of the first logical stream of an Ogg file (RFC 3533).
// Check sums are not verified: the decoders stand a wrong bit, and a hostile file
// has right sums.
type packets struct {
	r       *bufio.Reader
	serial  uint32
	started bool
	sizes   []byte // the segments of this page that are still to come
	whole   []byte // of the packet so far
}

// next gives one packet; it holds until the next call. io.EOF after the last.
func (p *packets) next() ([]byte, error) {
	p.whole = p.whole[:0]
	for {
		for len(p.sizes) > 0 {
			size := int(p.sizes[0])
			p.sizes = p.sizes[1:]
			if err := p.take(size); err != nil {
				return nil, err
			}
			if size < 255 {
				return p.whole, nil
			}
		}
		if err := p.page(); err != nil {
			return nil, err
		}
	}
}

func (p *packets) take(size int) error {
	at := len(p.whole)
	if at+size > biggestPacket {
		return errors.New("ogg packet too big")
	}
	p.whole = append(p.whole, make([]byte, size)...)
	_, err := io.ReadFull(p.r, p.whole[at:])
	return err
}

// page reads the head of the next page of our stream.
func (p *packets) page() error {
	for {
		var h [27]byte
		if _, err := io.ReadFull(p.r, h[:]); err != nil {
			return err
		}
		if string(h[:4]) != "OggS" {
			return errors.New("ogg page expected")
		}
		sizes := make([]byte, h[26])
		if _, err := io.ReadFull(p.r, sizes); err != nil {
			return err
		}
		serial := binary.LittleEndian.Uint32(h[14:])
		if !p.started {
			p.serial, p.started = serial, true
		}
		if serial == p.serial {
			p.sizes = sizes
			return nil
		}
		if _, err := p.r.Discard(sum(sizes)); err != nil {
			return err
		}
	}
}

func sum(sizes []byte) (n int) {
	for _, s := range sizes {
		n += int(s)
	}
	return n
}

// queue hands decoded packets out in pieces, as beep.Streamer wants them.
type queue struct {
	ready [][2]float64
	more  func() ([][2]float64, error) // the samples of the next packet; io.EOF at the end
	err   error
}

// Stream implements beep.Streamer.
func (q *queue) Stream(samples [][2]float64) (n int, ok bool) {
	for n < len(samples) && q.err == nil {
		if len(q.ready) == 0 {
			q.ready, q.err = q.more()
			continue
		}
		k := copy(samples[n:], q.ready)
		q.ready = q.ready[k:]
		n += k
	}
	return n, n > 0
}

// Err implements beep.Streamer.
func (q *queue) Err() error {
	if errors.Is(q.err, io.EOF) {
		return nil
	}
	return q.err
}
