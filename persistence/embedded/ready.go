package embedded

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cenkalti/backoff/v4"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	// adminRole is the superuser that initdb makes; only this package uses it.
	adminRole = "postgres"
	// roleName may log in and create databases, nothing more: a hole in the
	// application must not become a shell through COPY ... PROGRAM.
	roleName     = "recall"
	databaseName = "recall"
)

var errEnded = errors.New("the server ended while starting")

// awaitReady connects until the server answers. It has no limit of its own
// besides ctx and the server's death: recovery after a crash may take minutes.
func awaitReady(ctx context.Context, p *process, socketDir string) (*pgx.Conn, error) {
	var conn *pgx.Conn
	connect := func() error {
		if p.ended() {
			return backoff.Permanent(errEnded)
		}
		attempt, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		c, err := pgx.Connect(attempt, socketURL(socketDir, adminRole, "postgres"))
		conn = c
		return retryable(err)
	}
	err := backoff.Retry(connect, backoff.WithContext(pollPolicy(0), ctx))
	return conn, err
}

// retryable makes an answer of the server final, such as a refused login: only
// silence and "not yet" get better by waiting.
func retryable(err error) error {
	const starting = "57P03" // cannot_connect_now
	var said *pgconn.PgError
	if errors.As(err, &said) && said.Code != starting {
		return backoff.Permanent(fmt.Errorf("embedded postgres: %w", err))
	}
	return err
}

// ensureDatabase creates role and database when missing. It looks at each start
// and not only at the first, which may have been cut off in between.
func ensureDatabase(ctx context.Context, conn *pgx.Conn) error {
	var role, database bool
	err := conn.QueryRow(ctx, `select exists (select from pg_roles where rolname = $1),
		exists (select from pg_database where datname = $2)`, roleName, databaseName).Scan(&role, &database)
	if err == nil && !role {
		_, err = conn.Exec(ctx, "create role "+roleName+" login createdb")
	}
	if err == nil && !database {
		_, err = conn.Exec(ctx, "create database "+databaseName+" owner "+roleName)
	}
	if err != nil {
		return fmt.Errorf("embedded postgres: create database %s: %w", databaseName, err)
	}
	return nil
}
