package openai_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"testing"

	"go.uber.org/goleak"

	"recall/actors/provider/fault"
	"recall/actors/provider/openai"
	"recall/actors/provider/rest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve starts a server and a client of it.
func serve(t testing.TB, c openai.Config, h http.HandlerFunc) *openai.Client {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	c.BaseURL, c.HTTP = s.URL+"/v1", rest.NewHTTP(4)
	t.Cleanup(c.HTTP.CloseIdleConnections)
	return openai.New(c)
}

// answer is a handler that always says the same, after it has read the request.
func answer(status int, contentType, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", contentType)
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

// question is a small request.
func question() openai.ChatRequest {
	return openai.ChatRequest{Model: "gpt-4o-mini", Messages: []openai.Message{{Role: "user", Text: "which song?"}}}
}

// recording is a request with a small recording.
func recording() openai.TranscriptionRequest {
	return openai.TranscriptionRequest{Model: "whisper-1", File: fileOf("note.m4a", "audio/mp4", []byte("RIFF of a kind"))}
}

func fileOf(name, contentType string, content []byte) openai.File {
	return openai.File{
		Name: name, ContentType: contentType, Size: int64(len(content)),
		Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil },
	}
}

// stream asks as a stream and gives the pieces as well.
func stream(t *testing.T, c *openai.Client) (text string, pieces []string, err error) {
	t.Helper()
	text, err = c.Stream(t.Context(), question(), func(p string) { pieces = append(pieces, p) })
	return text, pieces, err
}

// word is how a fault is told in `degraded`; "" for none.
func word(err error) string {
	if f := fault.Of(err); f != nil {
		return f.Word()
	}
	return ""
}

func classOf(err error) fault.Class {
	if f := fault.Of(err); f != nil {
		return f.Class
	}
	return ""
}

// form is a transcription request as a server sees it.
type form struct {
	fields                      map[string]string
	name, contentType, fileBody string
	last                        string // part
}

func readForm(t *testing.T, r *http.Request) form {
	t.Helper()
	f := form{fields: map[string]string{}}
	_, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		t.Error(err)
		return f
	}
	parts := multipart.NewReader(r.Body, params["boundary"])
	for {
		p, err := parts.NextPart()
		if err != nil {
			return f
		}
		body, _ := io.ReadAll(p)
		f.last = p.FormName()
		if p.FileName() == "" {
			f.fields[p.FormName()] = string(body)
			continue
		}
		f.name, f.contentType, f.fileBody = p.FileName(), p.Header.Get("Content-Type"), string(body)
	}
}

func readJSON(t *testing.T, r *http.Request) map[string]any {
	t.Helper()
	var body map[string]any
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		t.Error(err)
	}
	return body
}
