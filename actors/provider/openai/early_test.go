package openai_test

import (
	"io"
	"net/http"
	"testing"

	"recall/actors/provider/fault"
	"recall/actors/provider/openai"
)

// TestRefusedBeforeItWasSent: a server may refuse a large file after its first bytes.
// What it said counts, and not that the rest could not be sent.
func TestRefusedBeforeItWasSent(t *testing.T) {
	t.Parallel()
	for status, class := range map[int]fault.Class{413: fault.BadInput, 401: fault.Auth, 429: fault.Throttled} {
		c := serve(t, openai.Config{}, func(w http.ResponseWriter, r *http.Request) {
			_ = http.NewResponseController(w).EnableFullDuplex()
			_, _ = r.Body.Read(make([]byte, 10))
			w.WriteHeader(status)
			w.(http.Flusher).Flush()
			_, _ = io.Copy(io.Discard, r.Body) // until the client has heard
		})
		for range 3 {
			_, err := c.Transcribe(t.Context(), openai.TranscriptionRequest{Model: "m", File: largeFile("n.wav", "audio/wav")}, nil)
			if classOf(err) != class {
				t.Errorf("%d: %v", status, err)
			}
		}
	}
}
