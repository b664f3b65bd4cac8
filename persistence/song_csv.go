package persistence

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// songColumns are the names a CSV header may have: the keys of wire.Song.
var songColumns = []string{
	"title", "artist", "album", "year", "genre", "mood", "tempo", "language",
	"isrc", "themes", "description", "phrase", "popularity",
}

// songCSV reads comma-separated rows below a header. mood and themes hold
// several entries separated by ";".
type songCSV struct {
	records csvRecords
	columns []string // of this file, in its order
}

// newSongCSV reads the header. A header that is wrong fails the import also
// under SkipBad, as no row below it can be understood.
func newSongCSV(lines *songLines) (*songCSV, error) {
	c := &songCSV{records: csvRecords{lines: lines}}
	header, line, err := c.records.next()
	if errors.Is(err, io.EOF) {
		return nil, &RowError{Line: 1, Field: HeaderField, Problem: "the file is empty, want one that names the columns"}
	}
	if bad, ok := asRowError(err); ok {
		bad.Field = HeaderField
	}
	if err != nil {
		return nil, err
	}
	for _, name := range header {
		c.columns = append(c.columns, strings.ToLower(strings.TrimSpace(name)))
	}
	if bad := checkHeader(c.columns); bad != nil {
		bad.Line = line
		return nil, bad
	}
	return c, nil
}

func checkHeader(columns []string) *RowError {
	for i, name := range columns {
		if !slices.Contains(songColumns, name) {
			return badField(HeaderField, "%s is not a column of a song; there are %s%s",
				quoteShort(name), strings.Join(songColumns, ", "), separatorHint(columns))
		}
		if slices.Contains(columns[:i], name) {
			return badField(HeaderField, "names %s twice", name)
		}
	}
	for _, name := range []string{"title", "artist"} {
		if !slices.Contains(columns, name) {
			return badField(HeaderField, "lacks the column %s", name)
		}
	}
	return nil
}

// separatorHint is for the files of spreadsheets whose language writes 1,5: they
// separate columns with semicolons.
func separatorHint(columns []string) string {
	if len(columns) == 1 && strings.Contains(columns[0], ";") {
		return "; separate columns with commas"
	}
	return ""
}

func (c *songCSV) next() (songRow, int, error) {
	for {
		fields, line, err := c.records.next()
		if err != nil {
			return songRow{}, line, err
		}
		if len(fields) == 1 && fields[0] == "" { // an empty line
			continue
		}
		row, bad := decodeSongCSV(c.columns, fields)
		if bad != nil {
			bad.Line = line
			return songRow{}, line, bad
		}
		return row, line, nil
	}
}

func decodeSongCSV(columns, fields []string) (songRow, *RowError) {
	if len(fields) != len(columns) {
		return songRow{}, badField("", "must have %d fields as the header has, not %d", len(columns), len(fields))
	}
	var row songRow
	for i, name := range columns {
		if bad := row.set(name, fields[i]); bad != nil {
			return songRow{}, bad
		}
	}
	if bad := row.check(); bad != nil {
		return songRow{}, bad
	}
	return row, nil
}

func (r *songRow) set(column, value string) *RowError {
	switch column {
	case "year":
		return setNumber(column, value, func(n int) { r.Year = n })
	case "popularity":
		return setNumber(column, value, func(n int) { r.Popularity = &n })
	case "mood":
		r.Mood = splitList(value)
	case "themes":
		r.Themes = splitList(value)
	default:
		*r.text(column) = value
	}
	return nil
}

func (r *songRow) text(column string) *string {
	switch column {
	case "title":
		return &r.Title
	case "artist":
		return &r.Artist
	case "album":
		return &r.Album
	case "genre":
		return &r.Genre
	case "tempo":
		return &r.Tempo
	case "language":
		return &r.Language
	case "isrc":
		return &r.ISRC
	case "description":
		return &r.Description
	case "phrase":
		return &r.Phrase
	}
	panic("persistence: no text column " + column) // checkHeader let it pass
}

func setNumber(column, value string, set func(int)) *RowError {
	if value = strings.TrimSpace(value); value == "" {
		return nil
	}
	n, err := strconv.Atoi(value)
	if err != nil {
		return badField(column, "%s is not a whole number", quoteShort(value))
	}
	set(n)
	return nil
}

func splitList(value string) []string {
	if strings.TrimSpace(value) == "" {
		return nil
	}
	return strings.Split(value, ";")
}

// quoteShort quotes what a file said, cut so that an error stays one line.
func quoteShort(s string) string {
	const most = 40
	s = strings.ToValidUTF8(s, string(utf8.RuneError))
	if r := []rune(s[:min(len(s), 4*most)]); len(r) > most {
		return fmt.Sprintf("%q…", string(r[:most]))
	}
	return fmt.Sprintf("%q", s)
}
