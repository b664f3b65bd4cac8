package persistence

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// ImportOptions say how a file of songs is read.
type ImportOptions struct {
	// Format is "csv" or "jsonl"; empty means by the ending of Name, else by
	// the first character: "{" begins JSON Lines.
	Format string
	Name   string // the file's name; "" or "-" for standard input

	// SkipBad leaves bad rows out, tells OnBad of each and imports the rest.
	// Without it the first bad row ends the import and nothing is stored.
	SkipBad bool
	OnBad   func(*RowError)

	// OnProgress, when set, is called about every 1,000 rows and at the end,
	// from the goroutine that imports.
	OnProgress func(ImportProgress)

	keepExisting bool // for the starter: a song that is there stays as it is
}

// ImportProgress tells how far an import is. Bytes grows first, to the size of
// the file; Stored follows, to the number of rows read.
type ImportProgress struct {
	Bytes  int64 // of the file, read so far
	Rows   int   // good rows read so far
	Stored int   // of them, how many are dealt with
}

// ImportResult counts the rows of a file by what became of them:
// Read = Added + Updated + Unchanged + Repeated.
type ImportResult struct {
	Read      int // good rows
	Bad       int // rows left out under SkipBad
	Added     int
	Updated   int
	Unchanged int // already in the catalogue as the file has them
	Repeated  int // left out because a later row of the file is the same song
	Merged    int // songs removed: the file's ISRC showed them to be another one
}

// ImportSongs reads a file of songs into the catalogue in one transaction: all
// of it, or nothing. A row is the song with its ISRC, else the one with its
// title and artist (compared without accents, case and punctuation), else a new
// one. The last row about a song wins. A field that the file leaves empty keeps
// what the catalogue has.
//
// Memory does not grow with the file: rows stream into a temporary table. Other
// writers of the catalogue wait while it stores, readers do not.
//
// A *RowError names the line and field of the first bad row.
func (db *DB) ImportSongs(ctx context.Context, r io.Reader, opt ImportOptions) (res ImportResult, err error) {
	defer db.done("import_songs", time.Now(), &err)
	err = pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) (err error) {
		res, err = importSongs(ctx, tx, r, opt)
		return err
	})
	if err != nil {
		return ImportResult{}, songError(err)
	}
	return res, nil
}

func importSongs(ctx context.Context, tx pgx.Tx, r io.Reader, opt ImportOptions) (ImportResult, error) {
	if err := liftTimeouts(ctx, tx); err != nil {
		return ImportResult{}, err
	}
	src, err := newSongSource(r, opt)
	if err != nil {
		return ImportResult{}, err
	}
	if err := stageSongs(ctx, tx, src); err != nil {
		return ImportResult{}, err
	}
	return mergeSongs(ctx, tx, src)
}

// liftTimeouts takes, for this transaction, the limits away that keep ordinary
// statements short: reading or storing a whole catalogue takes what it takes,
// and one import waits for another.
func liftTimeouts(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, "SELECT set_config(name, '0', true) FROM unnest($1::text[]) name",
		[]string{"statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"})
	return err
}

// songReader yields rows and the line each starts on. A *RowError is one bad
// row, after which next may be called again; io.EOF ends the file.
type songReader interface {
	next() (songRow, int, error)
}

func newSongReader(lines *songLines, opt ImportOptions) (songReader, error) {
	format := opt.Format
	if format == "" {
		format = detectFormat(lines.in, opt.Name)
	}
	switch format {
	case "csv":
		return newSongCSV(lines)
	case "jsonl":
		return &songJSONL{lines: lines}, nil
	default:
		return nil, fmt.Errorf("format: %q is neither csv nor jsonl", format)
	}
}

func detectFormat(in *bufio.Reader, name string) string {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv":
		return "csv"
	case ".jsonl", ".ndjson", ".json":
		return "jsonl"
	}
	start, _ := in.Peek(512)
	if strings.HasPrefix(strings.TrimSpace(string(start)), "{") {
		return "jsonl"
	}
	return "csv"
}

// asRowError tells whether err is about one row of the file.
func asRowError(err error) (*RowError, bool) {
	var bad *RowError
	ok := errors.As(err, &bad)
	return bad, ok
}
