package gpt

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"recall/actors/provider/openai"
	"recall/actors/recall"
)

// answering is a server without a network: it reads the request and gives the same
// stream each time, in bursts.
type answering struct{ bursts []string }

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) {
	_, _ = io.Copy(io.Discard, r.Body)
	parts := make([]io.Reader, 0, len(a.bursts))
	for _, b := range a.bursts {
		parts = append(parts, strings.NewReader(b))
	}
	header := http.Header{"Content-Type": {"text/event-stream"}}
	return &http.Response{StatusCode: http.StatusOK, Header: header, Body: io.NopCloser(io.MultiReader(parts...)), Request: r}, nil
}

// longAnswer has five songs and some sixty words, 250 tokens in all.
func longAnswer() string {
	var songs []candidate
	for i, title := range []string{"Driver's Seat", "Yellow Car", "Rain on the Roof", "La maison", "Mr. Brightside"} {
		songs = append(songs, candidate{
			Title: title, Artist: "Somebody", Confidence: 0.8 - float64(i)/10, Reason: "The words speak of rain on a yellow car.",
			SourceURLs: []string{"https://en.wikipedia.org/wiki/Rain"},
		})
	}
	text, _ := json.Marshal(map[string]any{
		"response_type": "both", "candidates": songs, "follow_up": "Was it a woman who sang?", "overall_confidence": 0.8,
		"answer": map[string]any{"text": strings.Repeat("It is “Yellow Car”, from 1983. ", 8), "sources": []string{}, "related_songs": []string{}},
	})
	return string(text)
}

// BenchmarkWrite is a whole answer as a recall has it, without the network: the
// request, a stream of which twenty tokens come together, and its reading.
func BenchmarkWrite(b *testing.B) {
	var bursts []string
	var burst strings.Builder
	for i, token := range tokens(longAnswer(), 5) {
		text, _ := json.Marshal(token)
		fmt.Fprintf(&burst, `data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-4o","choices":[{"index":0,"delta":{"content":%s},"logprobs":null,"finish_reason":null}]}`+"\n\n", text)
		if i%20 == 19 {
			bursts = append(bursts, burst.String())
			burst.Reset()
		}
	}
	bursts = append(bursts, burst.String()+wellEnded)
	w := NewWriter(openai.New(openai.Config{HTTP: &http.Client{Transport: answering{bursts}}, BaseURL: "http://model"}), "")
	brief := brief()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := w.Write(b.Context(), brief, func(recall.Piece) {}); err != nil {
			b.Fatal(err)
		}
	}
}
