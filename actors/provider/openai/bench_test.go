package openai

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// BenchmarkStream reads a streamed answer; the figures are for one token of it.
func BenchmarkStream(b *testing.B) {
	const tokens = 1000
	event := `data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-4o-2024-08-06","system_fingerprint":"fp_x","choices":[{"index":0,"delta":{"content":" word"},"logprobs":null,"finish_reason":null}],"usage":null}` + "\n\n"
	text := strings.Repeat(event, tokens) + "data: [DONE]\n\n"
	c := New(Config{Key: "k", HTTP: http.DefaultClient})
	b.SetBytes(int64(len(event)))
	b.ReportAllocs()
	for done := 0; done < b.N; done += tokens {
		ctx, patience := withPatience(b.Context(), time.Minute)
		resp := &http.Response{Body: io.NopCloser(strings.NewReader(text)), Header: http.Header{}}
		t := talk{client: c, piece: func(string) {}, stream: &stream{
			ctx: ctx, resp: resp, patience: patience, idle: time.Minute, body: newEvents(resp.Body),
		}}
		if err := t.listen(); err != nil {
			b.Fatal(err)
		}
		patience.stop()
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
