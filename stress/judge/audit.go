package judge

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"recall/stress/report"
	"recall/wire"
)

// slice is how many rows one query asks for: few round trips, and none that
// makes Postgres hold the whole run at once.
const slice = 10_000

// Audit holds what was acknowledged against the database at the end, when
// nothing is under way any more. It reads only, over one connection of its own;
// an error means that the database could not be asked.
func (j *Judge) Audit(ctx context.Context, databaseURL string) ([]report.Check, error) {
	conn, err := pgx.Connect(ctx, databaseURL)
	if err != nil {
		return nil, fmt.Errorf("judge: audit: %w", err)
	}
	defer conn.Close(ctx)
	a := j.asks()
	var checks []report.Check
	for _, s := range a.steps(j.limits) {
		found, err := s.run(ctx, conn)
		if err != nil {
			return nil, fmt.Errorf("judge: audit: %s: %w", s.name, err)
		}
		checks = append(checks, found.check(s.name, s.want, s.of, s.what))
	}
	return checks, nil
}

// step is one check of the audit: a query that returns one text an offender.
type step struct {
	name, want, what string
	query            string
	rows             columns // arguments, row by row in slices; none: asked once
	args             []any   // further arguments, behind the columns
	of               int     // how many were looked at
}

func (s step) run(ctx context.Context, conn *pgx.Conn) (found offenders, err error) {
	for _, part := range s.rows.slices() {
		rows, _ := conn.Query(ctx, s.query, append(part, s.args...)...)
		var said string
		_, err := pgx.ForEachRow(rows, []any{&said}, func() error { found.add("%s", said); return nil })
		if err != nil {
			return found, err
		}
	}
	return found, nil
}

// columns are arrays of equal length, the arguments of unnest.
type columns struct {
	ids   [][]wire.ID
	kinds []string // a last column, or nil
}

func (c columns) count() int {
	if len(c.ids) == 0 {
		return 0
	}
	return len(c.ids[0])
}

// slices are the arguments of one query after the other.
func (c columns) slices() (parts [][]any) {
	if len(c.ids) == 0 {
		return [][]any{nil}
	}
	for from := 0; from < c.count(); from += slice {
		to := min(from+slice, c.count())
		var part []any
		for _, ids := range c.ids {
			part = append(part, uuids(ids[from:to]))
		}
		if c.kinds != nil {
			part = append(part, c.kinds[from:to])
		}
		parts = append(parts, part)
	}
	return parts
}

// uuids are ids as the driver knows to send them.
func uuids(ids []wire.ID) [][16]byte {
	out := make([][16]byte, len(ids))
	for i, id := range ids {
		out[i] = id
	}
	return out
}
