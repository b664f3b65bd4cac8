package persistence

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// songJSONL reads JSON Lines: one object a line, keys as in wire.Song. Empty
// lines are passed over.
type songJSONL struct{ lines *songLines }

func (j *songJSONL) next() (songRow, int, error) {
	for {
		line, err := j.lines.next()
		if err != nil {
			return songRow{}, j.lines.line, err
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		row, bad := decodeSongJSON(line)
		if bad != nil {
			bad.Line = j.lines.line
			return songRow{}, j.lines.line, bad
		}
		return row, j.lines.line, nil
	}
}

// decodeSongJSON refuses keys it does not know: a misspelt "populariy" would
// otherwise be lost without a word.
func decodeSongJSON(line []byte) (songRow, *RowError) {
	if !utf8.Valid(line) {
		return songRow{}, badField("", "is not valid UTF-8")
	}
	var row songRow
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(&row); err != nil {
		return songRow{}, jsonRowError(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return songRow{}, badField("", "has something after the JSON object")
	}
	if bad := row.check(); bad != nil {
		return songRow{}, bad
	}
	return row, nil
}

func jsonRowError(err error) *RowError {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		field := wrong.Field[strings.LastIndexByte(wrong.Field, '.')+1:]
		if field == "" {
			return badField("", "is a JSON %s, not an object", wrong.Value)
		}
		return badField(field, "%s does not fit, want %s", wrong.Value, jsonKind(field))
	}
	if key, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return badField(strings.Trim(key, `"`), "is not a field of a song")
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return badField("", "is not valid JSON: it ends too early")
	}
	return badField("", "is not valid JSON: %s", strings.TrimPrefix(err.Error(), "json: "))
}

func jsonKind(field string) string {
	switch field {
	case "year", "popularity":
		return "a whole number"
	case "mood", "themes":
		return "a list of strings"
	default:
		return "a string"
	}
}
