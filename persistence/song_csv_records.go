package persistence

import (
	"errors"
	"fmt"
	"io"
)

// csvRecords takes CSV apart (RFC 4180) in bounded memory. encoding/csv is not
// used because one quote left open would have it read the rest of the file into
// a single record. As spreadsheets write it, a quote inside an unquoted field
// stands for itself.
type csvRecords struct {
	lines  *songLines
	record []byte
}

// next returns the fields of the next record and the line it starts on. A
// *RowError means that this record is bad and that reading may go on.
func (c *csvRecords) next() ([]string, int, error) {
	line, err := c.lines.next()
	start := c.lines.line
	if err != nil {
		return nil, start, err
	}
	c.record = append(c.record[:0], line...)
	state := csvScan(csvFieldStart, line)
	for state == csvQuoted {
		if state, err = c.addLine(start, state); err != nil {
			return nil, start, err
		}
	}
	if state == csvBroken {
		return nil, start, &RowError{Line: start, Problem: "has text after a closing quote"}
	}
	return csvSplit(c.record), start, nil
}

// addLine continues a record whose quoted field holds a line end.
func (c *csvRecords) addLine(start int, state csvState) (csvState, error) {
	line, err := c.lines.next()
	var bad *RowError
	if err != nil && !errors.Is(err, io.EOF) && !errors.As(err, &bad) {
		return state, err
	}
	if err != nil || len(c.record)+len(line) > MaxSongRow {
		return state, &RowError{Line: start, Problem: fmt.Sprintf(
			"opens a quote that is not closed within 1 MiB (lines %d to %d are lost)", start, c.lines.line)}
	}
	c.record = append(append(c.record, '\n'), line...)
	return csvScan(state, line), nil
}

type csvState int

const (
	csvFieldStart csvState = iota
	csvPlain
	csvQuoted
	csvQuoteSeen // a quote within a quoted field: its end, or half of ""
	csvBroken
)

// csvScan runs the states over one line and returns the last.
func csvScan(state csvState, line []byte) csvState {
	for _, b := range line {
		if state = csvStep(state, b); state == csvBroken {
			return csvBroken
		}
	}
	return state
}

func csvStep(state csvState, b byte) csvState {
	switch {
	case state == csvQuoted && b == '"':
		return csvQuoteSeen
	case state == csvQuoted:
		return csvQuoted
	case b == ',':
		return csvFieldStart
	case state == csvFieldStart && b == '"', state == csvQuoteSeen && b == '"':
		return csvQuoted
	case state == csvQuoteSeen:
		return csvBroken
	default:
		return csvPlain
	}
}

// csvSplit cuts a complete record into its fields, without their quotes.
func csvSplit(record []byte) []string {
	var fields []string
	var field []byte
	state := csvFieldStart
	for _, b := range record {
		was := state
		state = csvStep(state, b)
		switch {
		case state == csvFieldStart:
			fields = append(fields, string(field))
			field = field[:0]
		case b == '"' && (was == csvFieldStart || was == csvQuoted): // an opening quote, or a closing one
		default:
			field = append(field, b)
		}
	}
	return append(fields, string(field))
}
