package gpt

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"recall/actors/provider/fault"
	"recall/actors/provider/openai"
	"recall/actors/provider/rest"
	"recall/actors/recall"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve starts a server that h plays, and a client of it.
func serve(t *testing.T, h http.HandlerFunc) *openai.Client {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	client := rest.NewHTTP(2)
	t.Cleanup(client.CloseIdleConnections)
	return openai.New(openai.Config{HTTP: client, BaseURL: s.URL})
}

// request is what a model was asked.
type request struct {
	Model    string
	Messages []struct {
		Role    string
		Content any
	}
	MaxTokens int `json:"max_completion_tokens"`
	Format    struct {
		Schema struct {
			Name   string
			Strict bool
		} `json:"json_schema"`
	} `json:"response_format"`
}

func (r request) data(t *testing.T) data {
	t.Helper()
	var d data
	if err := json.Unmarshal([]byte(r.Messages[1].Content.(string)), &d); err != nil {
		t.Error(err)
	}
	return d
}

// says answers with content at once and notes the request.
func says(content, finish string, got *request) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		note(r, got)
		message, _ := json.Marshal(content)
		fmt.Fprintf(w, `{"choices":[{"message":{"content":%s},"finish_reason":%q}]}`, message, finish)
	}
}

// streams answers with tokens of size bytes and notes the request.
func streams(content string, size int, end string, got *request) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		note(r, got)
		w.Header().Set("Content-Type", "text/event-stream")
		for _, token := range tokens(content, size) {
			text, _ := json.Marshal(token)
			fmt.Fprintf(w, "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":%s},\"finish_reason\":null}]}\n\n", text)
			w.(http.Flusher).Flush()
		}
		fmt.Fprint(w, end)
	}
}

const wellEnded = `data: {"choices":[{"delta":{},"finish_reason":"stop"}]}` + "\n\ndata: [DONE]\n\n"

func note(r *http.Request, got *request) {
	body, _ := io.ReadAll(r.Body)
	if got != nil {
		_ = json.Unmarshal(body, got)
	}
}

// tokens cuts text into pieces of size letters.
func tokens(text string, size int) (out []string) {
	letters := []rune(text)
	for len(letters) > 0 {
		n := min(size, len(letters))
		out, letters = append(out, string(letters[:n])), letters[n:]
	}
	return out
}

// heard collects pieces.
type heard struct {
	titles []string
	text   strings.Builder
	order  strings.Builder // c for a candidate, t for text
}

func (h *heard) tell(p recall.Piece) {
	if p.Candidate != nil {
		h.titles = append(h.titles, p.Candidate.Title)
		h.order.WriteByte('c')
		return
	}
	h.text.WriteString(p.Text)
	if !strings.HasSuffix(h.order.String(), "t") {
		h.order.WriteByte('t')
	}
}

func word(err error) string {
	if f := fault.Of(err); f != nil {
		return f.Word()
	}
	return ""
}
