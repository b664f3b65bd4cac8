// Package rest is what the clients of outside services have in common: a base
// address that can be changed, bounded bodies, our id on every request, and errors
// of the transport told as faults.
package rest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"recall/actors/provider/fault"
)

// The bounds of an answer's body, in bytes (PROVIDERS.md, B0).
const (
	SmallBody = 1 << 20 // of recognizers and the like
	LargeBody = 4 << 20 // of language models, not streamed
)

// headerTimeout is the longest wait for the beginning of an answer, when the
// call's own deadline is later. A model may think this long before its first word.
const headerTimeout = 30 * time.Second

// silence is how long an HTTP/2 connection may say nothing before it is asked whether
// it lives; for the answer it has twice as long. All calls of a service share one
// connection: when it has died unnoticed, each of them would wait in it in vain, for as
// long as TCP has hope.
const silence = 5 * time.Second

// readBuffer is how many bytes of an answer one system call takes, at most: some fifty
// tokens of a stream. The default of 4 KiB would ask four times for what lies ready.
const readBuffer = 16 << 10

// writeBuffer takes a whole request of words, some 6 KB, in one system call. What does
// not fit is copied through a buffer that is made for each request.
const writeBuffer = 12 << 10

// NewHTTP makes the HTTP client that the services share. atOnce is how many
// connections to one host stay open for the next call. Redirects are not followed:
// an API that redirects is misconfigured, and would be sent our key elsewhere.
func NewHTTP(atOnce int) *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			DialContext:            (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
			TLSHandshakeTimeout:    5 * time.Second,
			ResponseHeaderTimeout:  headerTimeout,
			ExpectContinueTimeout:  time.Second,
			MaxIdleConnsPerHost:    atOnce,
			IdleConnTimeout:        90 * time.Second,
			MaxResponseHeaderBytes: 64 << 10,
			ReadBufferSize:         readBuffer,
			WriteBufferSize:        writeBuffer,
			ForceAttemptHTTP2:      true,
			HTTP2:                  &http.HTTP2Config{SendPingTimeout: silence, PingTimeout: 2 * silence},
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Client calls one service.
type Client struct {
	HTTP   *http.Client
	Base   string      // such as https://api.example.com/v1; a slash at its end is ignored
	Header http.Header // of every request: keys and the like
}

// Answer is a whole answer, whatever its status.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Request makes a request to path below the base. body may be nil.
func (c *Client) Request(ctx context.Context, method, path string, body io.Reader) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, method, strings.TrimRight(c.Base, "/")+path, body)
	if err != nil {
		return nil, fault.New(fault.BadInput, "%w", err)
	}
	for key, values := range c.Header {
		r.Header[key] = values
	}
	if id := RequestID(ctx); id != "" {
		r.Header.Set("X-Client-Request-Id", id)
	}
	return r, nil
}

// Do sends a request and reads the answer, at most limit bytes of it. Its error is
// a [fault.Fault]; a bad status is none. The body of a bad status may be cut: the
// status alone says what to do.
func (c *Client) Do(r *http.Request, limit int64) (*Answer, error) {
	resp, err := c.Open(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	return Read(r.Context(), resp, limit)
}

// Open sends a request whose answer is read as it comes; the caller closes its
// body. Its error is a [fault.Fault].
func (c *Client) Open(r *http.Request) (*http.Response, error) {
	resp, err := c.HTTP.Do(r)
	if err != nil {
		return nil, Broken(r.Context(), err)
	}
	return resp, nil
}

// Read takes the rest of an answer that was opened, as [Client.Do] does. ctx is the
// request's.
func Read(ctx context.Context, resp *http.Response, limit int64) (*Answer, error) {
	body, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	long, good := int64(len(body)) > limit, resp.StatusCode/100 == 2
	switch {
	case err != nil && (good || ctx.Err() != nil):
		return nil, Broken(ctx, err)
	case long && good:
		return nil, fault.New(fault.Unavailable, "the answer exceeds %d bytes", limit)
	case long:
		body = body[:limit]
	}
	return &Answer{resp.StatusCode, resp.Header, body}, nil
}

// Broken is the fault of a call that the transport could not finish. It tells the
// end of our patience from a broken connection: a ctx that ended with a fault as its
// cause has failed with that fault.
func Broken(ctx context.Context, err error) error {
	var f *fault.Fault
	switch cause := ctx.Err(); {
	case errors.As(err, &f): // of a body that we were sending
		return f
	case errors.As(context.Cause(ctx), &f):
		return &fault.Fault{Class: f.Class, Reason: f.Reason, Err: err}
	case cause != nil:
		return fault.Of(fmt.Errorf("%w (%w)", cause, err))
	default:
		return fault.Of(err)
	}
}

type requestID struct{}

// WithRequestID names the calls of ctx: services are told the id in
// X-Client-Request-Id.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestID{}, id)
}

// RequestID is the name that ctx carries.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestID{}).(string)
	return id
}
