package openai

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"recall/actors/provider/rest"
)

// recorded is a stream of that many tokens.
func recorded(tokens int) string {
	const event = `data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-4o-2024-08-06","system_fingerprint":"fp_x","choices":[{"index":0,"delta":{"content":"%s"},"logprobs":null,"finish_reason":null}],"usage":null}` + "\n\n"
	var b strings.Builder
	for i := range tokens {
		fmt.Fprintf(&b, event, []string{" word", `\"`, "Füße", `:\"`}[i%4])
	}
	return b.String() + "data: [DONE]\n\n"
}

// BenchmarkStream reads a streamed answer of 250 tokens that comes at once.
func BenchmarkStream(b *testing.B) {
	stream := recorded(250)
	c := New(Config{Key: "k", HTTP: http.DefaultClient})
	b.SetBytes(int64(len(stream)))
	b.ReportAllocs()
	for b.Loop() {
		ctx, patience := withPatience(b.Context(), time.Minute)
		resp := &http.Response{Body: io.NopCloser(strings.NewReader(stream)), Header: http.Header{}}
		s := newStream(ctx, resp, patience, time.Minute)
		if err := newTalk(c, s, func(string) {}).listen(); err != nil {
			b.Fatal(err)
		}
		s.close()
	}
}

// BenchmarkCall asks a server in this process as well, whose part is counted too.
func BenchmarkCall(b *testing.B) {
	stream := recorded(250)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, stream)
	}))
	defer s.Close()
	client := rest.NewHTTP(2)
	defer client.CloseIdleConnections()
	c := New(Config{BaseURL: s.URL, HTTP: client})
	q := ChatRequest{Model: "m", Messages: []Message{{"system", strings.Repeat("rule ", 500), nil}, {"user", strings.Repeat("word ", 200), nil}}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Stream(b.Context(), q, func(string) {}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkEvents reads the events alone.
func BenchmarkEvents(b *testing.B) {
	event := fmt.Sprintf("data: {%0250d}\n\n", 1)
	b.SetBytes(int64(len(event)))
	b.ReportAllocs()
	e := newEvents(strings.NewReader(strings.Repeat(event, b.N)))
	for range b.N {
		e.total = 0
		if _, err := e.next(); err != nil {
			b.Fatal(err)
		}
	}
}
