package persistence

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"recall/migrations"
)

// versionTable is not goose's default name: the earlier app may have kept its
// own versions under that.
const versionTable = "recall_schema_versions"

// ErrNewerDatabase says that a later version of this program has changed the
// database; this one would not understand it.
var ErrNewerDatabase = errors.New("the database is newer than this program")

// Schema is how far a database has come.
type Schema struct {
	Current int64 // the database's version, 0 when it has none of ours
	Target  int64 // the version that this program needs
}

// check refuses what this program cannot work with.
func (s Schema) check() error {
	if s.Current > s.Target {
		return fmt.Errorf("%w: it has version %d, the program knows versions up to %d; start the newer program",
			ErrNewerDatabase, s.Current, s.Target)
	}
	return nil
}

// Migrate brings the database to the version of this program, adopting the
// tables of the earlier app if they are there. Several nodes may call it at
// once: one works, the others wait for it, up to 5 minutes. A database that is
// newer than the program is left alone and refused with [ErrNewerDatabase].
func Migrate(ctx context.Context, url string, log *slog.Logger) error {
	return withProvider(url, migrations.FS, func(p *goose.Provider, _ *sql.DB) error {
		return migrate(ctx, p, log)
	})
}

// MigrationStatus tells how far the database has come, and changes nothing.
func MigrationStatus(ctx context.Context, url string) (s Schema, err error) {
	err = withProvider(url, migrations.FS, func(p *goose.Provider, db *sql.DB) error {
		var exists bool // goose would make the table to look into it
		err := db.QueryRowContext(ctx, `SELECT to_regclass($1) IS NOT NULL`, versionTable).Scan(&exists)
		if err == nil && exists {
			s, err = schemaOf(ctx, p)
			return err
		}
		sources := p.ListSources()
		s.Target = sources[len(sources)-1].Version
		return translate("schema version", err)
	})
	return s, err
}

func migrate(ctx context.Context, p *goose.Provider, log *slog.Logger) error {
	// Up takes the lock, and does nothing to a newer database. So the version is
	// asked for afterwards: before, without the lock, it may still be changing.
	applied, upErr := p.Up(ctx)
	if schema, err := schemaOf(ctx, p); err == nil && schema.check() != nil {
		return schema.check()
	}
	if upErr != nil {
		return translate("migrate", upErr)
	}
	for _, m := range applied {
		log.Info("database migrated", "version", m.Source.Version, "file", m.Source.Path, "duration", m.Duration.String())
	}
	return nil
}

func schemaOf(ctx context.Context, p *goose.Provider) (Schema, error) {
	current, target, err := p.GetVersions(ctx)
	return Schema{Current: current, Target: target}, translate("schema version", err)
}

// withProvider lends a provider on connections of its own: migrations take as
// long as they take, without the pool's time-outs.
func withProvider(url string, files fs.FS, use func(*goose.Provider, *sql.DB) error) error {
	db, err := openSQL(url)
	if err != nil {
		return err
	}
	defer db.Close()
	// Ask for the lock each second, 300 times.
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return fmt.Errorf("migration lock: %w", err)
	}
	p, err := goose.NewProvider(goose.DialectPostgres, db, files,
		goose.WithSessionLocker(locker), goose.WithTableName(versionTable), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	return use(p, db)
}

func openSQL(url string) (*sql.DB, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("database address: %w", err)
	}
	config.RuntimeParams["application_name"] = "recall migrate"
	return stdlib.OpenDB(*config), nil
}
