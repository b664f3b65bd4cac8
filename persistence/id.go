package persistence

import (
	"github.com/jackc/pgx/v5/pgtype"

	"recall/wire"
)

// teachIDs lets pgx read and write [wire.ID] as uuid. The zero ID, which means
// "absent", is NULL in the database.
func teachIDs(m *pgtype.Map) {
	m.TryWrapEncodePlanFuncs = append([]pgtype.TryWrapEncodePlanFunc{wrapIDEncode}, m.TryWrapEncodePlanFuncs...)
	m.TryWrapScanPlanFuncs = append([]pgtype.TryWrapScanPlanFunc{wrapIDScan}, m.TryWrapScanPlanFuncs...)
}

type idValue wire.ID

// UUIDValue implements [pgtype.UUIDValuer].
func (v idValue) UUIDValue() (pgtype.UUID, error) {
	return pgtype.UUID{Bytes: v, Valid: !wire.ID(v).IsZero()}, nil
}

type idTarget wire.ID

// ScanUUID implements [pgtype.UUIDScanner].
func (v *idTarget) ScanUUID(u pgtype.UUID) error {
	*v = u.Bytes // all zero when NULL
	return nil
}

type encodeID struct{ next pgtype.EncodePlan }

func wrapIDEncode(value any) (pgtype.WrappedEncodePlanNextSetter, any, bool) {
	id, ok := value.(wire.ID)
	return &encodeID{}, idValue(id), ok
}

func (p *encodeID) SetNext(next pgtype.EncodePlan) { p.next = next }

func (p *encodeID) Encode(value any, buf []byte) ([]byte, error) {
	return p.next.Encode(idValue(value.(wire.ID)), buf)
}

type scanID struct{ next pgtype.ScanPlan }

func wrapIDScan(target any) (pgtype.WrappedScanPlanNextSetter, any, bool) {
	id, ok := target.(*wire.ID)
	return &scanID{}, (*idTarget)(id), ok
}

func (p *scanID) SetNext(next pgtype.ScanPlan) { p.next = next }

func (p *scanID) Scan(src []byte, target any) error {
	return p.next.Scan(src, (*idTarget)(target.(*wire.ID)))
}
