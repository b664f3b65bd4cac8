// Package lyrics fetches the words of songs from a service that answers
// GET {base}/v1/{artist}/{title} with {"lyrics": "…"} (RECALL.md).
package lyrics

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"recall/actors/provider/fault"
	"recall/actors/provider/rest"
	"recall/actors/recall"
)

// longest bounds the words of a song, in characters; the longest songs have half as
// many.
const longest = 20_000

// Config of a [Client].
type Config struct {
	// BaseURL of the service, before /v1.
	BaseURL string
	// Now is the clock for dates in Retry-After. nil: the machine's.
	Now func() time.Time
}

// Client is a [recall.Lyrics]. It is safe for concurrent use.
type Client struct {
	now  func() time.Time
	rest rest.Client
}

var _ recall.Lyrics = (*Client)(nil)

// New makes a client that calls through h.
func New(c Config, h *http.Client) *Client {
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Client{now: c.Now, rest: rest.Client{HTTP: h, Base: c.BaseURL}}
}

// Name implements [recall.Lyrics].
func (c *Client) Name() string { return "lyrics" }

// Lyrics gives the words of a song, at most 20,000 characters, with one line feed
// after each line; "" when they are not known. Its error is a [fault.Fault].
func (c *Client) Lyrics(ctx context.Context, artist, title string) (string, error) {
	a, t := segment(artist), segment(title)
	if a == "" || t == "" {
		return "", nil
	}
	r, err := c.rest.Request(ctx, http.MethodGet, "/v1/"+a+"/"+t, nil)
	if err != nil {
		return "", err
	}
	answer, err := c.rest.Do(r, rest.SmallBody)
	if err != nil {
		return "", err
	}
	if answer.Status == http.StatusNotFound {
		return "", nil
	}
	if err := rest.Refused(answer, c.now()); err != nil {
		return "", err
	}
	return decode(answer.Body)
}

// segment is a name as one piece of a path; "" for what cannot be one: nothing, and
// the dots that mean other places.
func segment(name string) string {
	name = strings.TrimSpace(name)
	if strings.Trim(name, ".") == "" {
		return ""
	}
	return url.PathEscape(name)
}

func decode(body []byte) (string, error) {
	var answer struct {
		Lyrics *string `json:"lyrics"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return "", fault.New(fault.Unavailable, "no lyrics in %s: %w", rest.Quote(body), err)
	}
	if answer.Lyrics == nil {
		return "", nil
	}
	return tidy(*answer.Lyrics), nil
}

// tidy is the text as people write it down, without what a database refuses.
func tidy(text string) string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "").Replace(text)
	text = strings.TrimSpace(text)
	if runes := []rune(text); len(runes) > longest {
		text = strings.TrimSpace(string(runes[:longest]))
	}
	return text
}
