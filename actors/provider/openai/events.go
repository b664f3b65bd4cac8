package openai

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"sync"
)

// The bounds of a stream of events, in bytes. A token takes some 300.
const (
	maxEvent  = 1 << 20
	maxStream = 16 << 20
)

var (
	errEvent  = errors.New("an event of the stream is too long")
	errStream = errors.New("the stream is too long")
)

// events reads server-sent events for their data. Comments, names, ids and retry
// times are of no interest here. Lines end in LF or CRLF.
type events struct {
	from  *bufio.Reader
	data  []byte // of the event under way
	begun bool   // it has a data line
	total int
}

func newEvents(r io.Reader) *events {
	from := readers.Get().(*bufio.Reader)
	from.Reset(r)
	return &events{from: from}
}

// readers are used again: their buffers were a fifth of what a stream took.
var readers = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, 8<<10) }}

// close ends the reading. What next gave is not valid any more.
func (e *events) close() {
	e.from.Reset(nil) // it must not hold the stream
	readers.Put(e.from)
	e.from = nil
}

// next gives the data of the next event, valid until the next call, or io.EOF. An
// event that the stream ends in without its blank line is given too: it is whole
// when its JSON is.
func (e *events) next() ([]byte, error) {
	e.data, e.begun = e.data[:0], false
	for {
		line, err := e.line()
		switch {
		case err != nil && !errors.Is(err, io.EOF):
			return nil, err
		case len(line) == 0 && e.begun:
			return e.data, nil
		case err != nil && len(line) == 0:
			return nil, io.EOF
		}
		if err := e.take(line); err != nil {
			return nil, err
		}
	}
}

// take adds a line to the event.
func (e *events) take(line []byte) error {
	value, ok := bytes.CutPrefix(line, []byte("data"))
	switch {
	case !ok || len(value) > 0 && value[0] != ':': // a comment, or another field
		return nil
	case len(value) > 0:
		value = bytes.TrimPrefix(value[1:], []byte(" "))
	}
	if len(e.data)+len(value) > maxEvent {
		return errEvent
	}
	if e.begun {
		e.data = append(e.data, '\n')
	}
	e.data, e.begun = append(e.data, value...), true
	return nil
}

// line reads one line without its end. With io.EOF comes the last one, which had
// none.
func (e *events) line() ([]byte, error) {
	line, err := e.from.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		line, err = e.longLine(bytes.Clone(line))
	}
	if e.total += len(line); e.total > maxStream {
		return nil, errStream
	}
	line = bytes.TrimSuffix(line, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r")), err
}

// longLine goes on with a line that does not fit the buffer.
func (e *events) longLine(line []byte) ([]byte, error) {
	for {
		part, err := e.from.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case len(line) > maxEvent:
			return nil, errEvent
		case !errors.Is(err, bufio.ErrBufferFull):
			return line, err
		}
	}
}
