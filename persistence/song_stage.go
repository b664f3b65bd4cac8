package persistence

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"
)

const progressRows = 1000 // rows between two reports of progress

// The temporary table has no checks: the rows in it have passed songRow.check.
const createStaged = `
CREATE TEMP TABLE staged_songs (
	line integer PRIMARY KEY,
	title text, artist text, album text, year integer, genre text, mood text[], tempo text,
	language text, isrc text, themes text[], description text, phrase text, popularity smallint,
	song_key text GENERATED ALWAYS AS (song_key(title, artist)) STORED
) ON COMMIT DROP`

var stagedColumns = append([]string{"line"}, songColumns...)

func stageSongs(ctx context.Context, tx pgx.Tx, src *songSource) error {
	if _, err := tx.Exec(ctx, createStaged); err != nil {
		return fmt.Errorf("create the table that rows are collected in: %w", err)
	}
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"staged_songs"}, stagedColumns, src)
	if src.err != nil {
		return src.err // what the file says is clearer than what COPY makes of it
	}
	return err
}

// songSource feeds COPY (pgx.CopyFromSource) from a file.
type songSource struct {
	rows  songReader
	lines *songLines
	opt   ImportOptions

	row  songRow
	line int
	res  ImportResult
	err  error
}

func newSongSource(r io.Reader, opt ImportOptions) (*songSource, error) {
	lines := newSongLines(bufio.NewReaderSize(r, 64<<10))
	rows, err := newSongReader(lines, opt)
	if err != nil {
		return nil, err
	}
	return &songSource{rows: rows, lines: lines, opt: opt}, nil
}

// Next reads up to the next good row.
func (s *songSource) Next() bool {
	for {
		row, line, err := s.rows.next()
		switch bad, ok := asRowError(err); {
		case err == nil:
			s.row, s.line = row, line
			s.res.Read++
			if s.res.Read%progressRows == 0 {
				s.progress(0)
			}
			return true
		case errors.Is(err, io.EOF):
			s.progress(0)
			return false
		case ok && s.opt.SkipBad:
			s.skip(bad)
		default:
			s.err = err
			return false
		}
	}
}

func (s *songSource) skip(bad *RowError) {
	s.res.Bad++
	if s.opt.OnBad != nil {
		s.opt.OnBad(bad)
	}
}

func (s *songSource) progress(stored int) {
	if s.opt.OnProgress != nil {
		s.opt.OnProgress(ImportProgress{Bytes: s.lines.read, Rows: s.res.Read, Stored: stored})
	}
}

// Err is what ended the reading, nil at the end of the file.
func (s *songSource) Err() error { return s.err }

// Values are the current row in the order of stagedColumns.
func (s *songSource) Values() ([]any, error) {
	r := &s.row
	return []any{
		s.line, r.Title, r.Artist, r.Album, nilIfZero(r.Year), r.Genre, orEmpty(r.Mood), r.Tempo,
		r.Language, nilIfZero(r.ISRC), orEmpty(r.Themes), r.Description, r.Phrase, r.Popularity,
	}, nil
}

// nilIfZero writes an unknown value as NULL.
func nilIfZero[T comparable](v T) any {
	var zero T
	if v == zero {
		return nil
	}
	return v
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
