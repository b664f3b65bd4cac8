package pgtest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"recall/persistence/embedded"
)

// adminLimit bounds one statement to the server, the whole migration included.
const adminLimit = 2 * time.Minute

// shared is the server on which New and Empty make their databases.
type shared struct {
	base   *url.URL
	server *embedded.Server // nil for a foreign server
	prefix string
	copied string // strategy clause of create database, if the server has one
	count  atomic.Int64
	// template is the name of the migrated database, made at first use.
	template func() (string, error)

	mu    sync.Mutex // one admin statement at a time
	admin *pgx.Conn
}

func startShared(r *run) (*shared, error) {
	reaper, err := r.reaper()
	if err != nil {
		return nil, err
	}
	s := &shared{prefix: prefix(reaper.scratch)}
	s.template = sync.OnceValues(func() (string, error) { return s.makeTemplate(r.migrate) })
	address := os.Getenv(ServerVariable)
	if address == "" {
		if s.server, err = startServer(reaper, sharedSettings); err != nil {
			return nil, err
		}
		address = s.server.URL()
	}
	if err := s.connect(address); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func (s *shared) connect(address string) error {
	var err error
	if s.base, err = parseServerURL(address); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), adminLimit)
	defer cancel()
	if s.admin, err = pgx.Connect(ctx, address); err != nil {
		return fmt.Errorf("pgtest: %w", err)
	}
	var version int
	const ask = `select current_setting('server_version_num')::int`
	if err := s.admin.QueryRow(ctx, ask).Scan(&version); err != nil {
		return fmt.Errorf("pgtest: %w", err)
	}
	if version >= 150000 {
		s.copied = " strategy file_copy" // without fsync quicker than by log
	}
	return nil
}

// parseServerURL wants the URL form, in which the database is one part.
func parseServerURL(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(u.Scheme, "postgres") {
		return nil, fmt.Errorf("pgtest: %s must be a postgres:// URL", ServerVariable)
	}
	return u, nil
}

func (s *shared) address(database string) string {
	u := *s.base
	u.Path = "/" + database
	return u.String()
}

// create makes a database as a copy of template, or a bare one for "".
func (s *shared) create(template string) (name string, err error) {
	name = fmt.Sprintf("%s%d", s.prefix, s.count.Add(1))
	from := "template0 encoding 'UTF8'"
	if template != "" {
		from = pgx.Identifier{template}.Sanitize()
	}
	return name, s.exec("create database " + pgx.Identifier{name}.Sanitize() + " template " + from + s.copied)
}

// drop also ends connections that a test forgot.
func (s *shared) drop(name string) error {
	return s.exec("drop database if exists " + pgx.Identifier{name}.Sanitize() + " with (force)")
}

func (s *shared) makeTemplate(migrate Migrate) (string, error) {
	if migrate == nil {
		return "", errors.New("pgtest: Main got no migrate function")
	}
	name, err := s.create("")
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(context.Background(), adminLimit)
	defer cancel()
	if err := migrate(ctx, s.address(name)); err != nil {
		return "", fmt.Errorf("pgtest: migrate: %w", err)
	}
	return name, nil
}

func (s *shared) exec(sql string) error {
	ctx, cancel := context.WithTimeout(context.Background(), adminLimit)
	defer cancel()
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.admin.Exec(ctx, sql); err != nil {
		return fmt.Errorf("pgtest: %s: %w", sql, err)
	}
	return nil
}

// close ends our side. The reaper removes the data, and on a foreign server the
// databases.
func (s *shared) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var err error
	if s.admin != nil {
		err = s.admin.Close(context.Background())
	}
	if s.server != nil {
		quit(s.server)
	}
	return err
}

// dropLeftDatabases is the reaper's part on a foreign server: whatever tests
// that did not end in order, and the template, left there.
func dropLeftDatabases(ctx context.Context, scratch string) error {
	address := os.Getenv(ServerVariable)
	if address == "" {
		return nil
	}
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return fmt.Errorf("pgtest: %w", err)
	}
	defer conn.Close(ctx)
	rows, _ := conn.Query(ctx, `select datname from pg_database where starts_with(datname, $1)`, prefix(scratch))
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	for _, name := range names {
		_, dropErr := conn.Exec(ctx, "drop database if exists "+pgx.Identifier{name}.Sanitize()+" with (force)")
		err = errors.Join(err, dropErr)
	}
	return err
}
