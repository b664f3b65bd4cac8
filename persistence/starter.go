package persistence

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"io/fs"
	"time"

	"github.com/jackc/pgx/v5"
)

// The starter catalogue: what Recall knows before anybody imports anything.
//
//go:embed starter/*.jsonl
var starterFiles embed.FS

// starterSeedLock is the advisory lock that lets one of several nodes seed; the
// number has no meaning but is not used for anything else.
const starterSeedLock = 0x5eed_50e65

// SeedSongs gives a database the starter catalogue that ships with the program.
// It adds the songs that are missing and leaves those that are there as they
// are, since an operator may have improved them. It does so once for each
// edition of the starter, so a song that an operator removed comes back only
// with a program that ships another edition. Several nodes may call it at once.
func (db *DB) SeedSongs(ctx context.Context) (res ImportResult, err error) {
	defer db.done("seed_songs", time.Now(), &err)
	text, err := starterText(starterFiles)
	if err != nil {
		return ImportResult{}, err
	}
	err = pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) (err error) {
		res, err = seedOnce(ctx, tx, text)
		return err
	})
	if err != nil {
		return ImportResult{}, songError(err)
	}
	return res, nil
}

func seedOnce(ctx context.Context, tx pgx.Tx, text []byte) (ImportResult, error) {
	if err := liftTimeouts(ctx, tx); err != nil { // another node's seeding is waited for
		return ImportResult{}, err
	}
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, int64(starterSeedLock)); err != nil {
		return ImportResult{}, err
	}
	sum := sha256.Sum256(text)
	hash := hex.EncodeToString(sum[:])
	if seeded, err := seededHash(ctx, tx); err != nil || seeded == hash {
		return ImportResult{}, err
	}
	res, err := importSongs(ctx, tx, bytes.NewReader(text), ImportOptions{Format: "jsonl", keepExisting: true})
	if err != nil {
		return res, err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO catalog_seed (name, hash) VALUES ('starter', $1)
		ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, seeded_at = now()`, hash)
	return res, err
}

// seededHash is "" for a database that was never seeded.
func seededHash(ctx context.Context, tx pgx.Tx) (hash string, err error) {
	err = tx.QueryRow(ctx, `SELECT hash FROM catalog_seed WHERE name = 'starter'`).Scan(&hash)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	return hash, err
}

// starterText is all files in the order of their names as one.
func starterText(files fs.FS) ([]byte, error) {
	names, err := fs.Glob(files, "starter/*.jsonl")
	if err != nil {
		return nil, err
	}
	var all bytes.Buffer
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		all.Write(text)
		all.WriteByte('\n') // a file may lack the line end of its last row
	}
	return all.Bytes(), nil
}
