package gateway

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"testing"
	"time"

	"recall/wire"
)

// inPieces gives its bytes in pieces of a size, as fragments come.
type inPieces struct {
	io.Reader
	size int
}

func (r inPieces) Read(p []byte) (int, error) { return r.Reader.Read(p[:min(len(p), r.size)]) }

// FuzzBinaryFrame: whatever is in a frame, and however it is cut, its bytes reach the
// upload that it names and no other, or the client hears once why they do not.
func FuzzBinaryFrame(f *testing.F) {
	f.Add([]byte{}, uint16(1), true)
	f.Add([]byte{0, 0, 0}, uint16(9), true)
	f.Add([]byte{0, 0, 0, 1}, uint16(4), true)
	f.Add([]byte{0, 0, 0, 2, 'R', 'I', 'F', 'F'}, uint16(3), true)
	f.Add([]byte{1, 0, 0, 0, 'x'}, uint16(100), true)
	f.Add([]byte{0, 0, 0, 1, 'x'}, uint16(2), false)
	f.Add(append([]byte{0, 0, 0, 2}, make([]byte, 2*chunkBuffer+1)...), uint16(60000), true)
	f.Fuzz(func(t *testing.T, frame []byte, size uint16, signedIn bool) {
		if len(frame) > wire.MaxBinaryFrame {
			return // ends the connection: TestChunkOverTheLimit
		}
		c := &conn{g: &Gateway{now: time.Now}, ctx: context.Background(), frames: newBucket(10, 10)}
		c.out = outbox{maxFrames: 100, maxBytes: 1 << 20, writing: true} // nobody writes: what is said stays to be seen
		if signedIn {
			c.member.Store(&member{})
		}
		got := map[uint32][]byte{}
		for range 2 {
			var channel uint32
			channel = c.Attach(func(p []byte) { got[channel] = append(got[channel], p...) })
		}
		for range 2 {
			if !c.readChunk(inPieces{bytes.NewReader(frame), int(size) + 1}) {
				t.Fatal("the connection ends")
			}
		}
		open := signedIn && len(frame) >= 4 && (frame[3] == 1 || frame[3] == 2) && binary.BigEndian.Uint32(frame) < 3
		if open {
			want := map[uint32][]byte{}
			if data := frame[4:]; len(data) > 0 {
				want[uint32(frame[3])] = bytes.Repeat(data, 2)
			}
			if len(c.out.queue) > 0 || len(got) != len(want) || !bytes.Equal(got[uint32(frame[3])], want[uint32(frame[3])]) {
				t.Fatalf("%d frames were said; taken %d, want %d", len(c.out.queue), len(got), len(want))
			}
			return
		}
		if len(got) > 0 || len(c.out.queue) != 1 || !bytes.Contains(c.out.queue[0].Bytes, []byte(`"error"`)) {
			t.Fatalf("%d frames were said, taken %v", len(c.out.queue), got)
		}
	})
}
