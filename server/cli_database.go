package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"recall/persistence"
	"recall/persistence/embedded"
)

const (
	attachTime = 30 * time.Second // for a server that is just starting
	stopTime   = 10 * time.Second
)

// withDatabase lends the address of the configured database to use: that of
// DATABASE_URL, else of the embedded server, started here or, where another
// process runs it already, shared with that.
func (p *program) withDatabase(log *slog.Logger, use func(url string) error) (err error) {
	if p.cfg.DatabaseURL != "" {
		return use(p.cfg.DatabaseURL)
	}
	made := p.willMake("postgres")
	server, err := embedded.Start(p.ctx, embedded.Options{DataDir: p.cfg.DataDir, Logger: log})
	if errors.Is(err, embedded.ErrInUse) {
		return p.withRunning(err, use)
	}
	if err != nil {
		return err
	}
	made("an embedded database")
	defer func() {
		// An interrupted command still leaves the database in order.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(p.ctx), stopTime)
		defer cancel()
		err = errors.Join(err, server.Stop(ctx))
	}()
	return use(server.URL())
}

// willMake looks whether an entry of the data directory is missing; the function
// that it returns says what was made, if so. Who only wanted to look something up
// should know what that left on the disk.
func (p *program) willMake(entry string) (made func(what string)) {
	path := filepath.Join(p.cfg.DataDir, entry)
	_, err := os.Stat(path)
	return func(what string) {
		if errors.Is(err, fs.ErrNotExist) {
			fmt.Fprintf(p.stderr, "made %s: %s\n", what, path)
		}
	}
}

func (p *program) withRunning(inUse error, use func(url string) error) error {
	ctx, cancel := context.WithTimeout(p.ctx, attachTime)
	defer cancel()
	url, err := embedded.Attach(ctx, p.cfg.DataDir)
	if err != nil {
		return fmt.Errorf("%w; and it cannot be shared: %w", inUse, err)
	}
	return use(url)
}

// withStore lends the database with its schema up to date.
func (p *program) withStore(use func(*persistence.DB) error) error {
	log := p.toolLogger()
	return p.withDatabase(log, func(url string) error {
		if err := persistence.Migrate(p.ctx, url, log); err != nil {
			return err
		}
		db, err := persistence.Open(p.ctx, persistence.Options{
			URL: url, MaxConns: p.cfg.DBMaxConns, StatementTimeout: p.cfg.StatementTimeout,
		})
		if err != nil {
			return err
		}
		defer db.Close()
		return use(db)
	})
}
