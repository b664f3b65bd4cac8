package openai_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"recall/actors/provider/fault"
	"recall/actors/provider/openai"
)

func TestTranscriptForms(t *testing.T) {
	t.Parallel()
	const (
		json    = "application/json"
		sse     = "text/event-stream"
		verbose = `{"task":"transcribe","language":"english","duration":8.47,"text":" I see skies","segments":[{"id":0,"seek":0,"start":0.0,"end":3.32,"text":" I see skies","tokens":[50364],"temperature":0.0,"avg_logprob":-0.286,"compression_ratio":1.236,"no_speech_prob":0.0099}],"usage":{"type":"duration","seconds":9}}`
		silent  = `{"text":" Hello. Thank you for watching!","segments":[{"text":" Hello.","avg_logprob":-0.2,"no_speech_prob":0.1},{"text":" Thank you for watching!","avg_logprob":-1.3,"no_speech_prob":0.9}]}`
		cpp     = `{"text":" I see skies\n","language":"en","detected_language":"en","language_probabilities":{"en":0.9},"segments":[{"id":0,"text":" I see skies\n","avg_logprob":-1.5}]}`
	)
	delta := `data: {"type":"transcript.text.delta","delta":"I see","logprobs":[]}` + "\n\n"
	whole := `data: {"type":"transcript.text.done","text":"I see skies","usage":{"type":"tokens"}}` + "\n\n"
	vllm := `data: {"id":"t-1","object":"transcription.chunk","choices":[{"delta":{"content":"I see"}}]}` + "\n\n"
	vllmEnd := `data: {"object":"transcription.chunk","choices":[{"delta":{"content":" skies"},"finish_reason":"stop"}]}` + "\n\n"
	for name, c := range map[string]struct {
		contentType, body, text, word string
		partial                       []string
	}{
		"json":                    {json, `{"text":"I see skies","usage":{"type":"tokens","input_tokens":14}}`, "I see skies", "", nil},
		"json, nothing said":      {json, `{"text":""}`, "", "", nil},
		"verbose":                 {json, verbose, "I see skies", "", nil},
		"words put into silence":  {json, silent, "Hello.", "", nil},
		"text":                    {"text/plain", " I see skies\n", "I see skies", "", nil},
		"short text":              {"text/plain", "Hi\n", "Hi", "", nil},
		"empty text":              {"text/plain", "", "", "", nil},
		"whisper.cpp json":        {"text/html", cpp, "I see skies", "", nil},
		"whisper.cpp text":        {"text/html", " I see skies\n", "I see skies", "", nil},
		"stream":                  {sse, delta + whole, "I see skies", "", []string{"I see"}},
		"stream with [DONE]":      {sse, delta + whole + doneLine, "I see skies", "", []string{"I see"}},
		"stream, untold type":     {"text/plain", delta + whole, "I see skies", "", []string{"I see"}},
		"stream, no last line":    {sse, delta + strings.TrimSpace(whole), "I see skies", "", []string{"I see"}},
		"segments":                {sse, `data: {"type":"transcript.text.segment","id":"s","start":0,"end":1,"text":"I see","speaker":"A"}` + "\n\n" + `data: {"type":"transcript.text.done"}` + "\n\n", "I see", "", []string{"I see"}},
		"vLLM":                    {sse, vllm + vllmEnd + doneLine, "I see skies", "", []string{"I see", "I see skies"}},
		"vLLM, [DONE] only":       {sse, vllm + doneLine, "I see", "", []string{"I see"}},
		"vLLM with usage":         {sse, vllm + vllmEnd + usage + doneLine, "I see skies", "", []string{"I see", "I see skies"}},
		"cut stream":              {sse, delta, "", "unavailable", []string{"I see"}},
		"error event":             {sse, delta + `data: {"error":{"message":"x","type":"server_error","code":null}}` + "\n\n", "", "unavailable", []string{"I see"}},
		"vLLM error event":        {sse, vllm + `data: {"error":{"object":"error","message":"x","type":"BadRequestError","code":400}}` + "\n\n", "", "bad_input", []string{"I see"}},
		"no event":                {sse, "data: oops\n\n", "", "unavailable", nil},
		"a page":                  {"text/html", "<!DOCTYPE html><html><body>Sign in</body></html>", "", "unavailable", nil},
		"malformed":               {json, `{"text":"I se`, "", "unavailable", nil},
		"another form":            {json, `{"result":"I see"}`, "", "unavailable", nil},
		"an error with status ok": {json, `{"error":"failed"}`, "", "unavailable", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := serve(t, openai.Config{}, answer(200, c.contentType, c.body))
			var partial []string
			text, err := client.Transcribe(t.Context(), recording(), func(text string) { partial = append(partial, text) })
			if text != c.text || word(err) != c.word || !slices.Equal(partial, c.partial) {
				t.Errorf("%q, %q, %v", text, partial, err)
			}
			if text, _ := client.Transcribe(t.Context(), recording(), nil); text != c.text {
				t.Errorf("without partial: %q", text)
			}
		})
	}
}

func TestTranscriptionRequest(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*openai.TranscriptionRequest)
		path   string
		fields map[string]string
	}{
		"plain": {func(*openai.TranscriptionRequest) {}, "/v1/audio/transcriptions",
			map[string]string{"model": "whisper-1", "response_format": "json"}},
		"everything": {func(q *openai.TranscriptionRequest) {
			q.Language, q.Prompt, q.Detailed, q.Stream, q.Path = "de", "Lied", true, true, "/inference"
		}, "/v1/inference", map[string]string{
			"model": "whisper-1", "response_format": "verbose_json", "language": "de", "prompt": "Lied", "stream": "true"}},
	} {
		client := serve(t, openai.Config{}, func(w http.ResponseWriter, r *http.Request) {
			length := r.ContentLength
			got := readForm(t, r)
			if r.URL.Path != c.path || length <= 0 {
				t.Errorf("%s: %s, %d bytes", name, r.URL.Path, length)
			}
			if fmt.Sprint(got.fields) != fmt.Sprint(c.fields) {
				t.Errorf("%s: %v", name, got.fields)
			}
			if got.name != "note.m4a" || got.contentType != "audio/mp4" || got.fileBody != "RIFF of a kind" || got.last != "file" {
				t.Errorf("%s: %+v", name, got)
			}
			fmt.Fprint(w, `{"text":"x"}`)
		})
		q := recording()
		c.change(&q)
		if _, err := client.Transcribe(t.Context(), q, nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestOurOwnFaults never reach the service, or never count against it.
func TestOurOwnFaults(t *testing.T) {
	t.Parallel()
	broken := errors.New("disk")
	opening := func(r io.Reader, err error) func(context.Context) (io.ReadCloser, error) {
		return func(context.Context) (io.ReadCloser, error) { return io.NopCloser(r), err }
	}
	for name, change := range map[string]func(*openai.File){
		"empty":             func(f *openai.File) { f.Size = 0 },
		"too large":         func(f *openai.File) { f.Size = openai.MaxUpload },
		"cannot be opened":  func(f *openai.File) { f.Open = opening(nil, broken) },
		"cannot be read":    func(f *openai.File) { f.Open = opening(io.MultiReader(strings.NewReader("R"), failing{broken}), nil) },
		"shorter than said": func(f *openai.File) { f.Open = opening(strings.NewReader("R"), nil) },
		"longer than said":  func(f *openai.File) { f.Open = opening(strings.NewReader(strings.Repeat("R", 100)), nil) },
	} {
		c := serve(t, openai.Config{}, func(w http.ResponseWriter, r *http.Request) {
			if _, err := io.Copy(io.Discard, r.Body); err == nil {
				t.Errorf("%s: a whole request came", name)
			}
			fmt.Fprint(w, `{"text":"x"}`)
		})
		q := recording()
		change(&q.File)
		if _, err := c.Transcribe(t.Context(), q, nil); classOf(err) != fault.BadInput {
			t.Errorf("%s: %v", name, err)
		}
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// TestCallerLeavesWhileSending is no fault of the recording.
func TestCallerLeavesWhileSending(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	c := serve(t, openai.Config{}, answer(200, "text/plain", "x"))
	q := recording()
	q.File.Open = func(ctx context.Context) (io.ReadCloser, error) {
		cancel()
		return nil, ctx.Err()
	}
	if _, err := c.Transcribe(ctx, q, nil); classOf(err) != fault.Canceled {
		t.Error(err)
	}
}
