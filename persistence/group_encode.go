package persistence

import (
	"encoding/binary"
	"encoding/json"
	"slices"

	"github.com/jackc/pgx/v5/pgtype"
)

// groupDocs are the documents of a group, for a parameter of type jsonb[].
type groupDocs [][]byte

// teachGroups lets pgx write [groupDocs] at once in memory of the right size. Its own way
// with a list asks each item for how it is written, and lets a buffer grow with each: three
// times what is sent was copied.
func teachGroups(m *pgtype.Map) {
	m.TryWrapEncodePlanFuncs = append([]pgtype.TryWrapEncodePlanFunc{wrapGroupEncode}, m.TryWrapEncodePlanFuncs...)
}

// wrapGroupEncode names a list that pgx can write as well, for which there is a plan in
// the same format.
func wrapGroupEncode(value any) (pgtype.WrappedEncodePlanNextSetter, any, bool) {
	_, ok := value.(groupDocs)
	return encodeGroup{}, []json.RawMessage(nil), ok
}

type encodeGroup struct{}

// SetNext is for plans that hand on what they have wrapped.
func (encodeGroup) SetNext(pgtype.EncodePlan) {}

// Encode implements [pgtype.EncodePlan] by Postgres's binary form of a list (array_recv):
// how many dimensions, whether there are NULLs, the type, the length, the first index;
// then each item behind its length. That of a jsonb begins with the form's version.
func (encodeGroup) Encode(value any, buf []byte) ([]byte, error) {
	const jsonbVersion = 1
	docs := value.(groupDocs)
	size := 20
	for _, d := range docs {
		size += 5 + len(d)
	}
	buf = slices.Grow(buf, size)
	for _, v := range [...]uint32{1, 0, pgtype.JSONBOID, uint32(len(docs)), 1} { //nolint:gosec // a group has 64 at most
		buf = binary.BigEndian.AppendUint32(buf, v)
	}
	for _, d := range docs {
		buf = binary.BigEndian.AppendUint32(buf, uint32(1+len(d))) //nolint:gosec // far below 4 GB
		buf = append(append(buf, jsonbVersion), d...)
	}
	return buf, nil
}
