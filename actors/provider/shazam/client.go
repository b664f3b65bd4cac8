// Package shazam recognizes recordings by the interface that is sold as "Shazam" on
// RapidAPI (PROVIDERS.md, B5.2). It knows recordings, not humming.
package shazam

import (
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"time"

	"recall/actors/provider/audio"
	"recall/actors/provider/fault"
	"recall/actors/provider/rest"
	"recall/actors/recall"
	"recall/wire"
)

// name is how candidates and `degraded` call us.
const name = "shazam"

// seconds of a sample that are sent: 441,000 bytes, below the service's 500 KB.
// Three to five are what it asks for.
const seconds = 5

// The service's address, and the name that the gateway wants to hear.
const (
	defaultBase = "https://shazam.p.rapidapi.com"
	defaultHost = "shazam.p.rapidapi.com"
)

// Config of a [Client].
type Config struct {
	// BaseURL of the service. Empty: RapidAPI's.
	BaseURL string
	// Host is sent as x-rapidapi-host. Empty: shazam.p.rapidapi.com.
	Host string
	// Key of the subscription.
	Key string
	// Now is the clock by which limits that end at a time are understood. nil: the
	// machine's.
	Now func() time.Time
}

// Client is a [recall.Recognizer]. It is safe for concurrent use.
type Client struct {
	now  func() time.Time
	rest rest.Client
}

var _ recall.Recognizer = (*Client)(nil)

// New makes a client that calls through h.
func New(c Config, h *http.Client) *Client {
	if c.BaseURL == "" {
		c.BaseURL = defaultBase
	}
	if c.Host == "" {
		c.Host = defaultHost
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	header := http.Header{}
	header.Set("X-Rapidapi-Key", c.Key)
	header.Set("X-Rapidapi-Host", c.Host)
	header.Set("Content-Type", "text/plain")
	return &Client{now: c.Now, rest: rest.Client{HTTP: h, Base: c.BaseURL, Header: header}}
}

// Name implements [recall.Recognizer].
func (c *Client) Name() string { return name }

// Recognize gives the song of the sample, if the service knows it. Its error is a
// [fault.Fault].
func (c *Client) Recognize(ctx context.Context, s recall.Sample) ([]wire.Candidate, error) {
	pcm := audio.First(s.PCM, seconds)
	if len(pcm) == 0 {
		return nil, fault.New(fault.BadInput, "an empty sample")
	}
	r, err := c.rest.Request(ctx, http.MethodPost, "/songs/v2/detect", nil)
	if err != nil {
		return nil, err
	}
	audio.SetBody(r, base64.StdEncoding.EncodedLen(len(pcm)), func() io.Reader { return &encoder{pcm: pcm} })
	answer, err := c.rest.Do(r, rest.SmallBody)
	if err != nil {
		return nil, err
	}
	if err := refused(answer, c.now()); err != nil {
		return nil, err
	}
	return decode(answer.Body)
}

// encoder reads as the base64 of pcm, made as it is sent: there may be many of these
// at once, and each would hold 588,000 bytes.
type encoder struct {
	pcm  []byte
	rest []byte // encoded, and too long for the last reader
	four [4]byte
}

// Read implements io.Reader.
func (e *encoder) Read(p []byte) (int, error) {
	switch {
	case len(p) == 0:
		return 0, nil
	case len(e.rest) > 0:
		n := copy(p, e.rest)
		e.rest = e.rest[n:]
		return n, nil
	case len(e.pcm) == 0:
		return 0, io.EOF
	case len(p) < len(e.four):
		e.rest = e.four[:e.encode(e.four[:])]
		return e.Read(p)
	}
	return e.encode(p), nil
}

// encode fills p with as many whole groups as it takes.
func (e *encoder) encode(p []byte) int {
	n := min(len(p)/4*3, len(e.pcm))
	base64.StdEncoding.Encode(p, e.pcm[:n])
	e.pcm = e.pcm[n:]
	return base64.StdEncoding.EncodedLen(n)
}
