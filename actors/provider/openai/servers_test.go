package openai_test

import (
	"fmt"
	"net/http"
	"testing"

	"recall/actors/provider/openai"
)

// The differences of PROVIDERS.md, B6, each as its server has them. What they say when
// they refuse is in the table of refusals.

func TestOllama(t *testing.T) {
	t.Parallel()
	c := serve(t, openai.Config{OldMaxTokens: true}, func(w http.ResponseWriter, r *http.Request) {
		body := readJSON(t, r)
		if body["max_tokens"] == nil || body["max_completion_tokens"] != nil {
			http.Error(w, `{"error":{"message":"unknown field","type":"invalid_request_error","param":null,"code":null}}`, http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, chunk(`{"role":"assistant","content":"It is"}`, "null"), chunk(`{"role":"assistant","content":""}`, stop), doneLine)
	})
	text, err := c.Stream(t.Context(), structured(), func(string) {})
	if text != "It is" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
}

func TestVLLM(t *testing.T) {
	t.Parallel()
	c := serve(t, openai.Config{}, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Error("it wants no key unless one was given")
		}
		if form := readForm(t, r); form.fields["stream"] != "true" {
			t.Errorf("%v", form.fields)
		}
		w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
		fmt.Fprint(w, `data: {"id":"trsc-1","object":"transcription.chunk","created":1,"model":"m","choices":[{"delta":{"content":" I"}}]}`, "\n\n",
			`data: {"id":"trsc-1","object":"transcription.chunk","created":1,"model":"m","choices":[{"delta":{"content":" see"},"finish_reason":"stop","stop_reason":null}]}`, "\n\n", doneLine)
	})
	q := recording()
	q.Stream = true
	if text, err := c.Transcribe(t.Context(), q, nil); text != "I see" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
}

func TestLlamaCPP(t *testing.T) {
	t.Parallel()
	c := serve(t, openai.Config{}, answer(200, "text/event-stream",
		chunk(`{"role":"assistant","content":null}`, "null")+said("It is")+
			`data: {"choices":[{"finish_reason":"stop","index":0,"delta":{}}],"object":"chat.completion.chunk","timings":{"prompt_n":1,"predicted_per_second":30.5}}`+"\n\n"+doneLine))
	if text, _, err := stream(t, c); text != "It is" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
}

func TestWhisperCPP(t *testing.T) {
	t.Parallel()
	c := serve(t, openai.Config{}, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1/inference" || r.ContentLength < 0 {
			http.Error(w, "File Not Found", http.StatusNotFound)
			return
		}
		form := readForm(t, r)
		if form.fileBody == "" {
			http.Error(w, `{"error":"no 'file' field in the request"}`, http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, `{"text":" I see\n"}`)
	})
	q := recording()
	q.Path = "/inference"
	if text, err := c.Transcribe(t.Context(), q, nil); text != "I see" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
	q.Path = ""
	if _, err := c.Transcribe(t.Context(), q, nil); word(err) != openai.ReasonConfig {
		t.Errorf("the usual path: %v", err)
	}
}

func TestSpeaches(t *testing.T) {
	t.Parallel()
	c := serve(t, openai.Config{}, func(w http.ResponseWriter, r *http.Request) {
		form := readForm(t, r)
		if _, asked := form.fields["timestamp_granularities[]"]; asked {
			http.Error(w, "Internal Server Error", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, `data: {"type":"transcript.text.delta","delta":"I see"}`, "\n\n", `data: {"type":"transcript.text.done","text":"I see"}`, "\n\n")
	})
	q := recording()
	q.Stream, q.Detailed = true, true
	if text, err := c.Transcribe(t.Context(), q, nil); text != "I see" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
}
