package persistence

import (
	"encoding/base64"
	"encoding/binary"
	"time"

	"recall/wire"
)

// place is where a list ordered by (time, id), both descending, was left. The
// time keeps Postgres' microseconds: rows of the earlier app have them, and cut
// down to milliseconds a cursor would skip or repeat rows.
type place struct {
	at time.Time
	id wire.ID
}

// farFuture is before every row in descending order.
var farFuture = place{at: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}

const placeSize = 8 + 16

// cursor is the place as an opaque word for clients.
func (p place) cursor() *string {
	b := make([]byte, 0, placeSize)
	b = binary.BigEndian.AppendUint64(b, uint64(p.at.UnixMicro()))
	word := base64.RawURLEncoding.EncodeToString(append(b, p.id[:]...))
	return &word
}

// parseCursor reads a client's cursor; the empty one is the start of the list.
func parseCursor(word string) (place, error) {
	if word == "" {
		return farFuture, nil
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(word)
	if err != nil || len(b) != placeSize {
		return place{}, badCursor()
	}
	at := time.UnixMicro(int64(binary.BigEndian.Uint64(b))).UTC()
	if at.Year() < 1 || at.Year() > 9999 { // beyond what timestamptz is sure to hold
		return place{}, badCursor()
	}
	return place{at: at, id: wire.ID(b[8:])}, nil
}

func badCursor() error {
	return wire.Errorf(wire.CodeBadRequest, "cursor: is not one that this server gave out")
}
