package persistence

import (
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"recall/wire"
)

// instant reads a timestamptz into a [wire.Time], cut down to milliseconds.
type instant wire.Time

// ScanTimestamptz implements [pgtype.TimestamptzScanner]. NULL is the zero time.
func (t *instant) ScanTimestamptz(v pgtype.Timestamptz) error {
	if v.InfinityModifier != pgtype.Finite {
		return errors.New("infinity is no time that a message can have")
	}
	*t = instant(wire.At(v.Time))
	return nil
}

// stored is t as it goes into a JSON document for Postgres.
func stored(t time.Time) string { return wire.At(t).Format(time.RFC3339Nano) }
