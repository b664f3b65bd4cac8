package persistence

import (
	"testing"

	"github.com/jackc/pgx/v5/pgtype"

	"recall/persistence/pgtest"
	"recall/wire"
)

// Ids go to the database and back; the absent one is NULL on the way.
func TestIDs(t *testing.T) {
	t.Parallel()
	db := openStore(t, pgtest.Empty(t))
	id := wire.NewID()
	if got := value[string](t, db, `SELECT $1::uuid::text`, id); got != id.String() {
		t.Errorf("sent %v, arrived %s", id, got)
	}
	if got := value[wire.ID](t, db, `SELECT $1::uuid`, id); got != id {
		t.Errorf("sent %v, came back %v", id, got)
	}
	if !value[bool](t, db, `SELECT $1::uuid IS NULL`, wire.ID{}) {
		t.Error("the absent id is not NULL")
	}
	got := wire.NewID()
	if err := db.pool.QueryRow(t.Context(), `SELECT NULL::uuid`).Scan(&got); err != nil || !got.IsZero() {
		t.Errorf("NULL came as %v, %v", got, err)
	}
	list := value[[]wire.ID](t, db, `SELECT $1::uuid[]`, []wire.ID{id, {}})
	if len(list) != 2 || list[0] != id || !list[1].IsZero() {
		t.Errorf("a list came back as %v", list)
	}
}

func TestIDsAreEncodedWithoutConnection(t *testing.T) {
	t.Parallel()
	m := pgtype.NewMap()
	teachIDs(m)
	id := wire.NewID()
	for _, format := range []int16{pgtype.TextFormatCode, pgtype.BinaryFormatCode} {
		b, err := m.Encode(pgtype.UUIDOID, format, id, nil)
		var got wire.ID
		if err == nil {
			err = m.Scan(pgtype.UUIDOID, format, b, &got)
		}
		if err != nil || got != id {
			t.Errorf("format %d: %v came back as %v, %v", format, id, got, err)
		}
	}
}
