// Package audd recognizes recordings by AudD (PROVIDERS.md, B7).
package audd

import (
	"bytes"
	"context"
	"net/http"
	"time"

	"recall/actors/provider/audio"
	"recall/actors/provider/fault"
	"recall/actors/provider/rest"
	"recall/actors/recall"
	"recall/wire"
)

// name is how candidates and `degraded` call us.
const name = "audd"

// seconds of a sample that are sent: what the service advises at most.
const seconds = 12

// extras are the other services whose entry of the song we want, for its links and
// its ISRC.
const extras = "apple_music,spotify,deezer"

const defaultBase = "https://api.audd.io"

// Config of a [Client].
type Config struct {
	// BaseURL of the service. Empty: AudD's.
	BaseURL string
	// Token of the account.
	Token string
	// Now is the clock for dates in Retry-After. nil: the machine's.
	Now func() time.Time
}

// Client is a [recall.Recognizer]. It is safe for concurrent use.
type Client struct {
	token string
	now   func() time.Time
	rest  rest.Client
}

var _ recall.Recognizer = (*Client)(nil)

// New makes a client that calls through h.
func New(c Config, h *http.Client) *Client {
	if c.BaseURL == "" {
		c.BaseURL = defaultBase
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Client{token: c.Token, now: c.Now, rest: rest.Client{HTTP: h, Base: c.BaseURL}}
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
	r, err := c.rest.Request(ctx, http.MethodPost, "/", nil)
	if err != nil {
		return nil, err
	}
	form, err := audio.NewForm([]audio.Field{{Name: "api_token", Value: c.token}, {Name: "return", Value: extras}}, "file", pcm)
	if err != nil {
		return nil, fault.New(fault.BadInput, "%w", err)
	}
	form.Attach(r)
	answer, err := c.rest.Do(r, rest.SmallBody)
	if err != nil {
		return nil, err
	}
	answer.Body = c.withoutToken(answer.Body)
	if err := rest.Refused(answer, c.now()); err != nil {
		return nil, err
	}
	return decode(answer.Body)
}

// withoutToken takes our token out of an answer: errors repeat what was asked
// (request_params), and their words go to the log.
func (c *Client) withoutToken(body []byte) []byte {
	if c.token == "" {
		return body
	}
	return bytes.ReplaceAll(body, []byte(c.token), []byte("[token]"))
}
