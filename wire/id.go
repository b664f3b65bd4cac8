package wire

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"time"
)

// ID is a UUID. The zero value means "absent": no object has it, and fields
// tagged omitzero leave it out.
type ID [16]byte

// notUUID keeps the text that is none, so that the decoder can find its field.
type notUUID struct{ text string }

func (*notUUID) Error() string {
	return "must be a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057"
}

// NewID returns a version 7 UUID (RFC 9562, section 5.7). Its first 48 bits are
// the time in milliseconds, so rows that are made one after the other lie side
// by side in an index.
func NewID() ID {
	var id ID
	_, _ = rand.Read(id[6:]) // crypto/rand never fails: it ends the program instead
	binary.BigEndian.PutUint64(id[:8], uint64(time.Now().UnixMilli())<<16|uint64(id[6])<<8|uint64(id[7]))
	id[6] = id[6]&0x0f | 0x70
	id[8] = id[8]&0x3f | 0x80
	return id
}

// ParseID reads the canonical form, 8-4-4-4-12 hexadecimal digits. Upper case is
// accepted, since some platforms print it, and comes back as lower case.
func ParseID(s string) (ID, error) {
	var id ID
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return ID{}, &notUUID{s}
	}
	digits := make([]byte, 0, 32)
	digits = append(digits, s[:8]...)
	digits = append(digits, s[9:13]...)
	digits = append(digits, s[14:18]...)
	digits = append(digits, s[19:23]...)
	digits = append(digits, s[24:]...)
	if _, err := hex.Decode(id[:], digits); err != nil {
		return ID{}, &notUUID{s}
	}
	return id, nil
}

// IsZero reports whether the id is absent.
func (id ID) IsZero() bool { return id == ID{} }

// String is the canonical lower-case form.
func (id ID) String() string {
	var b [36]byte
	return string(id.appendTo(b[:0]))
}

// MarshalText implements [encoding.TextMarshaler].
func (id ID) MarshalText() ([]byte, error) { return id.appendTo(make([]byte, 0, 36)), nil }

func (id ID) appendTo(b []byte) []byte {
	b = hex.AppendEncode(b, id[:4])
	for _, part := range [][2]int{{4, 6}, {6, 8}, {8, 10}, {10, 16}} {
		b = hex.AppendEncode(append(b, '-'), id[part[0]:part[1]])
	}
	return b
}

// UnmarshalText implements [encoding.TextUnmarshaler].
func (id *ID) UnmarshalText(text []byte) error {
	parsed, err := ParseID(string(text))
	*id = parsed
	return err
}
