package openai

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"time"

	"recall/actors/provider/fault"
	"recall/actors/provider/rest"
)

// The bounds that hold unless [Config] says otherwise.
const (
	DefaultBaseURL = "https://api.openai.com/v1"
	DefaultHeaders = 15 * time.Second
	DefaultIdle    = 10 * time.Second
	MaxUpload      = 26_214_400 // bytes of a whole transcription request (PROVIDERS.md, B2)
)

// errorBody is the most that is read of an error, in bytes.
const errorBody = 64 << 10

// Format is how a server is told which JSON to write.
type Format string

// The formats.
const (
	FormatSchema Format = "json_schema" // the schema is enforced
	FormatObject Format = "json_object" // some JSON object; the schema stands in the prompt
	FormatPrompt Format = "text"        // nothing is enforced; the schema stands in the prompt
)

// Config says where the server is and what it understands.
type Config struct {
	HTTP         *http.Client  // nil: one of [rest.NewHTTP]
	BaseURL      string        // default [DefaultBaseURL]; with /v1, where the server has that
	Key          string        // sent as bearer; empty for servers that want none
	Organization string        // OpenAI-Organization; optional
	Project      string        // OpenAI-Project; optional
	Headers      time.Duration // longest wait for a stream to begin; default 15 s
	Idle         time.Duration // longest silence within a stream; default 10 s
	MaxUpload    int64         // bytes of a transcription request; default 25 MiB; more is bad input
	OldMaxTokens bool          // the server knows max_tokens only (Ollama)
	Format       Format        // default [FormatSchema]
	Log          *slog.Logger  // each answer with the service's id of it, at debug level; default slog's
}

// Client calls one server.
type Client struct {
	config Config
	rest   rest.Client
}

// New makes a client; it does not call the server.
func New(c Config) *Client {
	c.BaseURL = cmp.Or(c.BaseURL, DefaultBaseURL)
	c.Headers = cmp.Or(c.Headers, DefaultHeaders)
	c.Idle = cmp.Or(c.Idle, DefaultIdle)
	c.MaxUpload = cmp.Or(c.MaxUpload, MaxUpload)
	c.Format = cmp.Or(c.Format, FormatSchema)
	c.Log = cmp.Or(c.Log, slog.Default())
	if c.HTTP == nil {
		c.HTTP = rest.NewHTTP(16)
	}
	return &Client{config: c, rest: rest.Client{HTTP: c.HTTP, Base: c.BaseURL, Header: c.header()}}
}

func (c Config) header() http.Header {
	h := http.Header{}
	for name, value := range map[string]string{
		"Authorization":       c.Key,
		"OpenAI-Organization": c.Organization,
		"OpenAI-Project":      c.Project,
	} {
		if value != "" {
			h.Set(name, value)
		}
	}
	if c.Key != "" {
		h.Set("Authorization", "Bearer "+c.Key)
	}
	return h
}

// open posts a payload and gives the answer if its status is good. Its error is a
// fault; else the caller closes the body.
func (c *Client) open(ctx context.Context, path string, p *payload) (*http.Response, error) {
	r, err := c.rest.Request(ctx, http.MethodPost, path, nil)
	if err != nil {
		return nil, err
	}
	p.attach(r)
	resp, err := c.rest.Open(r)
	if err != nil {
		return nil, err
	}
	c.config.Log.DebugContext(ctx, "openai answered", "path", path, "status", resp.StatusCode,
		"request", resp.Header.Get(requestHeader), "processing_ms", resp.Header.Get("Openai-Processing-Ms"))
	if resp.StatusCode/100 == 2 {
		return resp, nil
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := rest.Read(ctx, resp, errorBody)
	if err != nil {
		return nil, err
	}
	return nil, c.refused(answer, time.Now())
}

// whole reads an answer that comes at once.
func whole(ctx context.Context, resp *http.Response) (*rest.Answer, error) {
	answer, err := rest.Read(ctx, resp, rest.LargeBody)
	if err != nil {
		return nil, named(err, resp)
	}
	return answer, nil
}

// named adds the service's id of the call to a fault.
func named(err error, resp *http.Response) error {
	f := fault.Of(err)
	if f == nil {
		return nil
	}
	f.Request = cmp.Or(f.Request, resp.Header.Get(requestHeader))
	return f
}
