package persistence

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// MaxSongRow bounds one row of an import file, in bytes. A longer row is a bad
// row, so that a file without line ends cannot take the machine's memory.
const MaxSongRow = 1 << 20

// songLines hands out a file's lines, counts them and their bytes.
type songLines struct {
	in   *bufio.Reader
	line int   // number of the line last returned, from 1
	read int64 // bytes consumed so far
	buf  []byte
}

func newSongLines(in *bufio.Reader) *songLines {
	l := &songLines{in: in}
	if bom, _ := in.Peek(3); bytes.Equal(bom, []byte("\xef\xbb\xbf")) {
		n, _ := in.Discard(3)
		l.read = int64(n)
	}
	return l
}

// next returns the next line without its LF or CRLF; it is valid until the
// following call. A line longer than MaxSongRow is read past and reported as a
// *RowError; io.EOF ends the file.
func (l *songLines) next() ([]byte, error) {
	l.buf = l.buf[:0]
	tooLong := false
	for {
		part, err := l.in.ReadSlice('\n')
		l.read += int64(len(part))
		if tooLong = tooLong || len(l.buf)+len(part) > MaxSongRow+2; !tooLong {
			l.buf = append(l.buf, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF):
			if len(part) == 0 && len(l.buf) == 0 && !tooLong {
				return nil, io.EOF
			}
		case err != nil:
			return nil, fmt.Errorf("read line %d: %w", l.line+1, err)
		}
		l.line++
		return l.ended(tooLong)
	}
}

func (l *songLines) ended(tooLong bool) ([]byte, error) {
	line := bytes.TrimSuffix(bytes.TrimSuffix(l.buf, []byte("\n")), []byte("\r"))
	if tooLong || len(line) > MaxSongRow {
		return nil, &RowError{Line: l.line, Problem: "is longer than 1 MiB"}
	}
	return line, nil
}
