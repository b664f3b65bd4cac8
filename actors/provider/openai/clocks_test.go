package openai_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"recall/actors/provider/fault"
	"recall/actors/provider/openai"
)

// pipes is a network of pipes within a bubble of testing/synctest, where time passes
// when everybody waits.
type pipes struct {
	calls  chan net.Conn
	closed chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.calls:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { close(p.closed); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	p.calls <- theirs
	return ours, nil
}

// inBubble runs f with a client of a server that h plays, on a clock of its own.
func inBubble(t *testing.T, h http.HandlerFunc, f func(t *testing.T, c *openai.Client)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		network := &pipes{make(chan net.Conn), make(chan struct{})}
		server := &http.Server{Handler: h}
		go func() { _ = server.Serve(network) }()
		transport := &http.Transport{DialContext: network.dial}
		f(t, openai.New(openai.Config{BaseURL: "http://pipe", HTTP: &http.Client{Transport: transport}}))
		transport.CloseIdleConnections()
		_ = server.Close()
		synctest.Wait()
	})
}

// speak writes parts, each after its pause.
func speak(contentType string, parts ...any) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", contentType)
		for _, part := range parts {
			switch part := part.(type) {
			case time.Duration:
				select {
				case <-time.After(part):
				case <-r.Context().Done():
					return
				}
			case string:
				fmt.Fprint(w, part)
				w.(http.Flusher).Flush()
			}
		}
	}
}

const forever = time.Hour

func TestStreamClocks(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		parts []any
		text  string
		word  string
		after time.Duration
	}{
		"slow but steady":         {[]any{9 * time.Second, said("It"), 9 * time.Second, said(" is"), 9 * time.Second, chunk("{}", stop), doneLine}, "It is", "", 27 * time.Second},
		"headers never come":      {[]any{forever}, "", "stalled", 15 * time.Second},
		"stalls before a chunk":   {[]any{": hello\n\n", forever}, "", "stalled", 10 * time.Second},
		"stalls between chunks":   {[]any{said("It"), forever}, "It", "stalled", 10 * time.Second},
		"stalls within a chunk":   {[]any{said("It"), "data: {", forever}, "It", "stalled", 10 * time.Second},
		"pings and says nothing":  {[]any{said("It"), 6 * time.Second, ": ping\n\n", 6 * time.Second, ": ping\n\n", forever}, "It", "stalled", 10 * time.Second},
		"said all, never closes":  {[]any{said("It"), chunk("{}", stop), forever}, "It", "", 500 * time.Millisecond},
		"[DONE], never closes":    {[]any{said("It"), doneLine, forever}, "It", "", 500 * time.Millisecond},
		"one after the other 40s": {[]any{said("a"), 8 * time.Second, said("b"), 8 * time.Second, said("c"), 8 * time.Second, said("d"), 8 * time.Second, said("e"), 8 * time.Second, doneLine}, "abcd", "timeout", 30 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, speak("text/event-stream", c.parts...), func(t *testing.T, client *openai.Client) {
				ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
				defer cancel()
				start := time.Now()
				text, err := client.Stream(ctx, question(), func(string) {})
				if text != c.text || word(err) != c.word || time.Since(start) != c.after {
					t.Errorf("%q, %v after %v", text, err, time.Since(start))
				}
				if f := fault.Of(err); f != nil && f.Class != fault.Timeout {
					t.Errorf("%v", err)
				}
			})
		})
	}
}

// TestSlowListener: what a caller does with a piece is not held against the service.
func TestSlowListener(t *testing.T) {
	t.Parallel()
	inBubble(t, speak("text/event-stream", good()), func(t *testing.T, c *openai.Client) {
		text, err := c.Stream(t.Context(), question(), func(string) { time.Sleep(time.Minute) })
		if text != "It is Füße" || err != nil {
			t.Errorf("%q, %v", text, err)
		}
	})
}

func TestTranscriptionClocks(t *testing.T) {
	t.Parallel()
	delta := `data: {"type":"transcript.text.delta","delta":"I see"}` + "\n\n"
	for name, c := range map[string]struct {
		kind  string
		parts []any
		word  string
		after time.Duration
	}{
		"a stream stalls":        {"text/event-stream", []any{delta, forever}, "stalled", 10 * time.Second},
		"a stream never begins":  {"text/event-stream", []any{": ok\n\n", forever}, "stalled", 10 * time.Second},
		"an answer stalls":       {"application/json", []any{`{"text":"I s`, forever}, "stalled", 10 * time.Second},
		"thinks long, then says": {"application/json", []any{20 * time.Second, `{"text":"I see"}`}, "", 20 * time.Second},
		"thinks for ever":        {"application/json", []any{forever}, "timeout", 30 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, speak(c.kind, c.parts...), func(t *testing.T, client *openai.Client) {
				ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
				defer cancel()
				start := time.Now()
				_, err := client.Transcribe(ctx, recording(), nil)
				if word(err) != c.word || time.Since(start) != c.after {
					t.Errorf("%v after %v", err, time.Since(start))
				}
			})
		})
	}
}
