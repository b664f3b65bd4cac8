package wire

import (
	"encoding/json"
	"time"
)

// timeLayout is RFC 3339 in UTC with exactly three fractional digits
// (PROTOCOL.md, section 1).
const timeLayout = "2006-01-02T15:04:05.000Z"

// Time is an instant as the protocol writes it: UTC, whole milliseconds.
type Time struct{ time.Time }

// At cuts t down to what the wire can carry, so that a value is the same before
// and after a trip through the database or a client.
func At(t time.Time) Time { return Time{t.UTC().Truncate(time.Millisecond)} }

// MarshalJSON implements [json.Marshaler].
func (t Time) MarshalJSON() ([]byte, error) {
	return t.appendTo(make([]byte, 0, len(timeLayout)+2)), nil
}

func (t Time) appendTo(b []byte) []byte {
	return append(t.UTC().AppendFormat(append(b, '"'), timeLayout), '"')
}

// UnmarshalJSON implements [json.Unmarshaler]; any RFC 3339 time is read.
func (t *Time) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	parsed, err := time.Parse(time.RFC3339Nano, s)
	*t = At(parsed)
	return err
}
