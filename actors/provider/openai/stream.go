package openai

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"recall/actors/provider/fault"
	"recall/actors/provider/rest"
)

// stream is an answer of which one does not know before whether it comes as events
// or as a whole: some servers ignore that a stream was asked for.
type stream struct {
	ctx      context.Context
	resp     *http.Response
	patience *patience
	idle     time.Duration
	body     *events
	lull     func() // before each wait for more of the answer; nil: nothing
	expected bool   // an event is, and the wait for it has not begun
}

// openStream posts p and waits for the answer to begin, at most as long as headers
// says; 0: as long as ctx lasts. The caller ends it with close. Its error is a fault.
func (c *Client) openStream(ctx context.Context, path string, p *payload, headers time.Duration) (*stream, error) {
	ctx, patience := withPatience(ctx, headers)
	resp, err := c.open(ctx, path, p) //nolint:bodyclose // stream.close does
	if err != nil {
		patience.stop()
		return nil, err
	}
	return newStream(ctx, resp, patience, c.config.Idle), nil
}

func newStream(ctx context.Context, resp *http.Response, patience *patience, idle time.Duration) *stream {
	s := &stream{ctx: ctx, resp: resp, patience: patience, idle: idle}
	s.body = newEvents(s)
	return s
}

// Read reads more of the body. It is called when all that came before has been taken:
// so a model that writes faster than we read is heard many tokens at a time, and the
// clock runs only while we truly wait. Events that came together cost no timer.
func (s *stream) Read(b []byte) (int, error) {
	if s.lull != nil {
		s.lull()
	}
	if s.expected {
		s.expected = false
		s.patience.wait(s.idle)
	}
	return s.resp.Body.Read(b)
}

func (s *stream) close() {
	s.patience.stop()
	_ = s.resp.Body.Close()
	s.body.close()
}

// isWhole tells whether the answer is no stream of events, by its first byte: the
// content type is not to be relied upon. It is the name of a field or a
// comment's colon in an event, most often a brace in a whole one.
func (s *stream) isWhole() (bool, error) {
	if strings.HasPrefix(s.resp.Header.Get("Content-Type"), "text/event-stream") {
		return false, nil
	}
	s.patience.wait(s.idle)
	defer s.patience.rest()
	start, err := s.body.from.Peek(5)
	if err != nil && !errors.Is(err, io.EOF) {
		return false, s.broken(err)
	}
	start = bytes.TrimLeft(start, " \r\n\t")
	return len(start) == 0 || !bytes.HasPrefix(start, []byte("data:")) && start[0] != ':', nil
}

// rest is a whole answer, one silence for all of it.
func (s *stream) rest() ([]byte, error) {
	s.patience.wait(s.idle)
	defer s.patience.rest()
	whole := *s.resp
	whole.Body = io.NopCloser(s.body.from)
	answer, err := rest.Read(s.ctx, &whole, rest.LargeBody)
	if err != nil {
		return nil, named(err, s.resp)
	}
	return answer.Body, nil
}

// next is the next event, io.EOF at the end, or a fault. It is one silence that an
// event is waited for, whatever comes meanwhile that is none.
func (s *stream) next() ([]byte, error) {
	s.expected = true
	data, err := s.body.next()
	if !s.expected {
		s.patience.rest()
	}
	s.expected = false
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, s.broken(err)
	}
	return data, err
}

// drain reads what may follow the last word, so that the connection can serve
// again. Whatever happens to it now, everything was said.
func (s *stream) drain() {
	s.patience.wait(afterEnd)
	_, _ = io.Copy(io.Discard, io.LimitReader(s.body.from, maxEvent))
	s.patience.rest()
}

// broken is the fault of a stream that could not be read on.
func (s *stream) broken(err error) error { return named(rest.Broken(s.ctx, err), s.resp) }

// bad is the fault of an answer that is not what was asked for.
func (s *stream) bad(format string, args ...any) error {
	return named(fault.New(fault.Unavailable, format, args...), s.resp)
}

// done is the last event of most servers.
func done(data []byte) bool { return bytes.Equal(bytes.TrimSpace(data), []byte("[DONE]")) }
