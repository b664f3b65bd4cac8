package openai_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"recall/actors/provider/fault"
	"recall/actors/provider/openai"
)

// chunk is one event of PROVIDERS.md's stream around a delta.
func chunk(delta, finish string) string {
	return `data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-4o-2024-08-06","system_fingerprint":"fp_x","choices":[{"index":0,"delta":` +
		delta + `,"logprobs":null,"finish_reason":` + finish + `}],"usage":null}` + "\n\n"
}

const (
	first    = `{"role":"assistant","content":"","refusal":null}`
	stop     = `"stop"`
	usage    = `data: {"id":"chatcmpl-1","choices":[],"usage":{"prompt_tokens":20,"completion_tokens":7,"total_tokens":27}}` + "\n\n"
	doneLine = "data: [DONE]\n\n"
)

func said(text string) string { return chunk(fmt.Sprintf(`{"content":%q}`, text), "null") }

// good is a whole stream that says "It is Füße".
func good() string {
	return chunk(first, "null") + said("It") + said(" is") + said(" Füße") + chunk("{}", stop) + usage + doneLine
}

func TestStreamForms(t *testing.T) {
	t.Parallel()
	begun := chunk(first, "null") + said("It") + said(" is")
	for name, c := range map[string]struct{ body, text, word string }{
		"PROVIDERS.md":          {good(), "It is Füße", ""},
		"comments":              {": ping\n\n" + begun + ": ping\n\n" + chunk("{}", stop) + doneLine, "It is", ""},
		"no space":              {strings.ReplaceAll(good(), "data: ", "data:"), "It is Füße", ""},
		"CRLF":                  {strings.ReplaceAll(good(), "\n", "\r\n"), "It is Füße", ""},
		"names and ids":         {"event: message\nid: 1\nretry: 10\n" + good(), "It is Füße", ""},
		"obfuscated":            {strings.ReplaceAll(good(), `"usage":null`, `"usage":null,"obfuscation":"x7Gh"`), "It is Füße", ""},
		"reason without [DONE]": {begun + chunk("{}", stop), "It is", ""},
		"[DONE] without reason": {begun + doneLine, "It is", ""},
		"no last blank line":    {begun + strings.TrimSpace(chunk("{}", stop)), "It is", ""},
		"reason with last word": {begun + chunk(`{"content":"!"}`, stop) + doneLine, "It is!", ""},
		"empty reason":          {begun + chunk("{}", `""`) + doneLine, "It is", ""},
		"cut between events":    {begun, "It is", "unavailable"},
		"cut in an event":       {begun + `data: {"choices":[{"del`, "It is", "unavailable"},
		"cut at once":           {"", "", "unavailable"},
		"error event":           {begun + `data: {"error":{"message":"The server had an error","type":"server_error","param":null,"code":null}}` + "\n\n", "It is", "unavailable"},
		"named error event":     {begun + "event: error\n" + `data: {"error":{"message":"slow","type":"requests","code":"rate_limit_exceeded"}}` + "\n\n", "It is", "throttled"},
		"quota event":           {begun + `data: {"error":{"message":"x","type":"insufficient_quota","code":"insufficient_quota"}}` + "\n\n", "It is", "quota"},
		"input event":           {begun + `data: {"error":{"message":"x","type":"invalid_request_error","code":null}}` + "\n\n", "It is", "bad_input"},
		"error as text":         {begun + `data: {"error":"it broke"}` + "\n\n", "It is", "unavailable"},
		"error with a number":   {begun + `data: {"error":{"code":400,"message":"x"}}` + "\n\n", "It is", "bad_input"},
		"too long":              {begun + chunk("{}", `"length"`) + doneLine, "It is", "length"},
		"held back":             {begun + chunk("{}", `"content_filter"`) + doneLine, "It is", "content_filter"},
		"refused":               {chunk(`{"refusal":"I can"}`, "null") + chunk(`{"refusal":"not"}`, "null") + chunk("{}", stop) + doneLine, "", "refusal"},
		"no JSON":               {begun + "data: oops\n\n", "It is", "unavailable"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := serve(t, openai.Config{}, answer(200, "text/event-stream", c.body, "X-Request-Id", "req_8"))
			text, pieces, err := stream(t, client)
			if text != c.text || word(err) != c.word {
				t.Errorf("%q, %v", text, err)
			}
			if strings.Join(pieces, "") != c.text || slices.Contains(pieces, "") {
				t.Errorf("the pieces %q are not the text", pieces)
			}
			if f := fault.Of(err); f != nil && f.Request != "req_8" {
				t.Errorf("request %q", f.Request)
			}
		})
	}
}

// TestStreamInPieces cuts the bytes of a stream everywhere, in the middle of letters
// as well.
func TestStreamInPieces(t *testing.T) {
	t.Parallel()
	for size := 1; size < 7; size++ {
		c := serve(t, openai.Config{}, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			for part := range slices.Chunk([]byte(good()), size) {
				_, _ = w.Write(part)
				w.(http.Flusher).Flush()
			}
		})
		if text, _, err := stream(t, c); text != "It is Füße" || err != nil {
			t.Errorf("%d bytes at a time: %q, %v", size, text, err)
		}
	}
}

func TestStreamRequest(t *testing.T) {
	t.Parallel()
	var body map[string]any
	c := serve(t, openai.Config{}, func(w http.ResponseWriter, r *http.Request) {
		body = readJSON(t, r)
		answer(200, "text/event-stream", good())(w, r)
	})
	_, _, _ = stream(t, c)
	options, _ := body["stream_options"].(map[string]any)
	if body["stream"] != true || options["include_obfuscation"] != false {
		t.Errorf("%v", body)
	}
}

// TestServerThatDoesNotStream answers at once, and is understood.
func TestServerThatDoesNotStream(t *testing.T) {
	t.Parallel()
	c := serve(t, openai.Config{}, answer(200, "application/json", reply("It is", "null", "stop")))
	if text, pieces, err := stream(t, c); text != "It is" || len(pieces) != 1 || err != nil {
		t.Errorf("%q, %q, %v", text, pieces, err)
	}
	c = serve(t, openai.Config{}, answer(200, "text/plain", good()))
	if text, _, err := stream(t, c); text != "It is Füße" || err != nil {
		t.Errorf("events of another content type: %q, %v", text, err)
	}
	c = serve(t, openai.Config{}, answer(200, "text/html", "<html>captive</html>"))
	if _, _, err := stream(t, c); classOf(err) != fault.Unavailable {
		t.Error(err)
	}
}

func TestStreamsAreBounded(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"line":   "data: " + strings.Repeat("x", 2<<20) + "\n\n",
		"event":  strings.Repeat("data: "+strings.Repeat("x", 1<<18)+"\n", 8) + "\n",
		"stream": strings.Repeat(": "+strings.Repeat("x", 1<<19)+"\n\n", 40),
	} {
		c := serve(t, openai.Config{}, answer(200, "text/event-stream", said("It")+body+good()))
		if text, _, err := stream(t, c); text != "It" || classOf(err) != fault.Unavailable {
			t.Errorf("%s: %.80q, %.200v", name, text, err)
		}
	}
}

// TestResetInMidStream and the caller's leaving are told apart.
func TestResetInMidStream(t *testing.T) {
	t.Parallel()
	c := serve(t, openai.Config{}, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, said("It"))
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	})
	if text, _, err := stream(t, c); text != "It" || classOf(err) != fault.Unavailable {
		t.Errorf("%q, %v", text, err)
	}
}

func TestCallerLeavesInMidStream(t *testing.T) {
	t.Parallel()
	c := serve(t, openai.Config{}, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, said("It"))
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancel(t.Context())
	text, err := c.Stream(ctx, question(), func(string) { cancel() })
	if text != "It" || classOf(err) != fault.Canceled {
		t.Errorf("%q, %v", text, err)
	}
}
