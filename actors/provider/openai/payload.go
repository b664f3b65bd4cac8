package openai

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"sync"

	"recall/actors/provider/fault"
)

// File is what is sent with a request, read while it is sent.
type File struct {
	Name        string // with the extension that fits the content: "note.m4a"
	ContentType string
	Size        int64                                            // bytes; what Open gives must have exactly this length
	Open        func(ctx context.Context) (io.ReadCloser, error) // from the start; may be called again for a resend
}

// payload is the body of a request: a head, at most one file, and a tail. Its length
// is known before the file is opened, because servers that take no chunked bodies
// exist.
type payload struct {
	contentType string
	head, tail  []byte
	file        *File
	base64      bool // the file is sent in base64
}

// size is the length of the whole in bytes.
func (p *payload) size() int64 {
	n := int64(len(p.head) + len(p.tail))
	switch {
	case p.file == nil:
		return n
	case p.base64:
		return n + (p.file.Size+2)/3*4
	default:
		return n + p.file.Size
	}
}

// attach makes p the body of r. The transport may ask for it a second time, when a
// connection that rested was closed by the server before anything was sent.
func (p *payload) attach(r *http.Request) {
	ctx := r.Context()
	r.Header.Set("Content-Type", p.contentType)
	r.ContentLength = p.size()
	r.GetBody = func() (io.ReadCloser, error) { return &sending{ctx: ctx, payload: p}, nil }
	r.Body, _ = r.GetBody()
}

// sending is a payload on its way. The file is opened at the first read, in the
// transport's goroutine.
type sending struct {
	ctx     context.Context
	payload *payload
	rest    io.Reader // nil before the first read

	mu     sync.Mutex // the transport may close while it reads
	file   io.ReadCloser
	closed bool
}

// Read implements io.Reader.
func (s *sending) Read(b []byte) (int, error) {
	if s.rest == nil {
		if err := s.begin(); err != nil {
			return 0, err
		}
	}
	return s.rest.Read(b)
}

// Close implements io.Closer.
func (s *sending) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.file == nil || s.closed {
		s.closed = true
		return nil
	}
	s.closed = true
	return s.file.Close()
}

func (s *sending) begin() error {
	p := s.payload
	parts := []io.Reader{bytes.NewReader(p.head)}
	if p.file != nil {
		file, err := s.open()
		if err != nil {
			return s.unreadable(err)
		}
		var content io.Reader = &exact{sending: s, from: file, left: p.file.Size}
		if p.base64 {
			content = &encoding{from: content}
		}
		parts = append(parts, content)
	}
	s.rest = io.MultiReader(append(parts, bytes.NewReader(p.tail))...)
	return nil
}

// open opens the file, unless the request is over already.
func (s *sending) open() (io.ReadCloser, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, http.ErrBodyReadAfterClose
	}
	file, err := s.payload.file.Open(s.ctx)
	s.file = file
	return file, err
}

// unreadable is the failure to read what we wanted to send, for which the service
// must not be blamed.
func (s *sending) unreadable(err error) error {
	if s.ctx.Err() != nil {
		return err
	}
	return &fault.Fault{Class: fault.BadInput, Reason: "unreadable_media", Err: err}
}

// exact sees to it that the file has the length that was announced: another would
// look like a broken connection.
type exact struct {
	sending *sending
	from    io.Reader
	left    int64
}

var errLength = errors.New("the file has another length than was said")

// Read implements io.Reader.
func (e *exact) Read(b []byte) (int, error) {
	n, err := e.from.Read(b)
	e.left -= int64(n)
	switch {
	case e.left < 0, e.left > 0 && errors.Is(err, io.EOF):
		return 0, e.sending.unreadable(errLength)
	case err != nil && !errors.Is(err, io.EOF):
		return 0, e.sending.unreadable(err)
	default:
		return n, err
	}
}

// encoding gives the standard base64 of what it reads, in small pieces.
type encoding struct {
	from io.Reader
	raw  [3 << 10]byte
	text [4 << 10]byte
	left []byte // of text: not given yet
	end  error
}

// Read implements io.Reader.
func (e *encoding) Read(b []byte) (int, error) {
	for len(e.left) == 0 {
		if e.end != nil {
			return 0, e.end
		}
		n, err := io.ReadFull(e.from, e.raw[:])
		if errors.Is(err, io.ErrUnexpectedEOF) {
			err = io.EOF
		}
		e.end = err
		base64.StdEncoding.Encode(e.text[:], e.raw[:n])
		e.left = e.text[:base64.StdEncoding.EncodedLen(n)]
	}
	n := copy(b, e.left)
	e.left = e.left[n:]
	return n, nil
}
