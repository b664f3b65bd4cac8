// Package acrcloud recognizes recordings and humming by ACRCloud's identification
// API, protocol 1 (PROVIDERS.md, B4).
package acrcloud

import (
	"context"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the API's choice
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"

	"recall/actors/provider/audio"
	"recall/actors/provider/fault"
	"recall/actors/provider/rest"
	"recall/actors/recall"
	"recall/wire"
)

// name is how candidates and `degraded` call us.
const name = "acrcloud"

// seconds of a sample that are sent: the service cuts longer ones at their
// beginning.
const seconds = 12

// path of the method, which is part of what is signed.
const path = "/v1/identify"

// dataType: we send sound, not fingerprints, which only a closed library makes.
const dataType = "audio"

// Config of a [Client].
type Config struct {
	// Host of the project's region, such as identify-eu-west-1.acrcloud.com. A key
	// works in its own region only.
	Host string
	// BaseURL takes the place of https://Host, for a double of the service.
	BaseURL string
	// AccessKey and AccessSecret of the project.
	AccessKey, AccessSecret string
	// Now is the clock of the signature. nil: the machine's.
	Now func() time.Time
}

// Client is a [recall.Recognizer]. It is safe for concurrent use.
type Client struct {
	config Config
	rest   rest.Client
}

var _ recall.Recognizer = (*Client)(nil)

// New makes a client that calls through h.
func New(c Config, h *http.Client) *Client {
	if c.BaseURL == "" {
		c.BaseURL = "https://" + c.Host
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Client{config: c, rest: rest.Client{HTTP: h, Base: c.BaseURL}}
}

// Name implements [recall.Recognizer].
func (c *Client) Name() string { return name }

// Recognize gives at most 5 songs that the sample may be, the likeliest first; none
// is no error. Confidence is the service's own score. Its error is a [fault.Fault].
func (c *Client) Recognize(ctx context.Context, s recall.Sample) ([]wire.Candidate, error) {
	pcm := audio.First(s.PCM, seconds)
	if len(pcm) == 0 {
		return nil, fault.New(fault.BadInput, "an empty sample")
	}
	request, err := c.request(ctx, pcm)
	if err != nil {
		return nil, err
	}
	answer, err := c.rest.Do(request, rest.SmallBody)
	if err != nil {
		return nil, err
	}
	return c.read(answer)
}

func (c *Client) request(ctx context.Context, pcm []byte) (*http.Request, error) {
	r, err := c.rest.Request(ctx, http.MethodPost, path, nil)
	if err != nil {
		return nil, err
	}
	timestamp := strconv.FormatInt(c.config.Now().Unix(), 10)
	form, err := audio.NewForm([]audio.Field{
		{Name: "access_key", Value: c.config.AccessKey},
		{Name: "data_type", Value: dataType},
		{Name: "signature_version", Value: signatureVersion},
		{Name: "timestamp", Value: timestamp},
		{Name: "signature", Value: sign(c.config.AccessKey, c.config.AccessSecret, dataType, timestamp)},
		{Name: "sample_bytes", Value: strconv.Itoa(audio.FileSize(pcm))},
	}, "sample", pcm)
	if err != nil {
		return nil, fault.New(fault.BadInput, "%w", err)
	}
	form.Attach(r)
	return r, nil
}

const signatureVersion = "1"

// sign proves that we know the secret. timestamp is the very text that is sent.
func sign(key, secret, dataType, timestamp string) string {
	mac := hmac.New(sha1.New, []byte(secret))
	mac.Write([]byte(strings.Join([]string{http.MethodPost, path, key, dataType, signatureVersion, timestamp}, "\n")))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
