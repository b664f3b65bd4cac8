package gateway

import (
	"encoding/binary"
	"math"

	"recall/wire"
)

// A server's frames (RFC 6455, section 5.2): final, without a mask. We put them together
// ourselves, so that many go out in one write: the library writes each one by itself,
// with two locks and a context.
const (
	frameText  = 0x80 | 1
	frameClose = 0x80 | 8
	framePing  = 0x80 | 9
	framePong  = 0x80 | 10
)

// The length of a payload is in the second byte, or behind one of these.
const (
	length16 = 126
	length64 = 127
)

// appendFrame appends a frame with its head. Payloads of control frames have at most
// 125 bytes.
func appendFrame(b []byte, head byte, payload []byte) []byte {
	switch n := len(payload); {
	case n < length16:
		b = append(b, head, byte(n))
	case n <= math.MaxUint16:
		b = binary.BigEndian.AppendUint16(append(b, head, length16), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, head, length64), uint64(n))
	}
	return append(b, payload...)
}

// appendClose appends the close frame of a goodbye.
func appendClose(b []byte, g *wire.Goodbye) []byte {
	const most = 125 - 2
	reason := g.Reason[:min(len(g.Reason), most)]
	payload := binary.BigEndian.AppendUint16(make([]byte, 0, 2+most), uint16(g.Code))
	return appendFrame(b, frameClose, append(payload, reason...))
}
