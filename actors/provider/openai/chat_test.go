package openai_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"recall/actors/provider/fault"
	"recall/actors/provider/openai"
	"recall/actors/provider/rest"
)

// reply is PROVIDERS.md's whole answer around a message.
func reply(content, refusal, finish string) string {
	quote := func(s string) string {
		if s == "null" {
			return s
		}
		b, _ := json.Marshal(s)
		return string(b)
	}
	return `{"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"gpt-4o-mini-2024-07-18",
 "choices":[{"index":0,"message":{"role":"assistant","content":` + quote(content) + `,"refusal":` + quote(refusal) + `},"logprobs":null,"finish_reason":` + quote(finish) + `}],
 "usage":{"prompt_tokens":20,"completion_tokens":11,"total_tokens":31},"service_tier":"default","system_fingerprint":"fp_x"}`
}

func TestChatReadsTheAnswer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ body, text, word string }{
		"good":          {reply(`{"intent":"chat"}`, "null", "stop"), `{"intent":"chat"}`, ""},
		"empty":         {reply("", "null", "stop"), "", ""},
		"cut":           {reply(`{"int`, "null", "length"), `{"int`, "length"},
		"held back":     {reply("", "null", "content_filter"), "", "content_filter"},
		"refused":       {reply("null", "I cannot help with that.", "stop"), "", "refusal"},
		"no choice":     {`{"choices":[]}`, "", "unavailable"},
		"no message":    {`{"choices":[{}]}`, "", "unavailable"},
		"no JSON":       {`{"choices":[`, "", "unavailable"},
		"a page":        {`<html></html>`, "", "unavailable"},
		"nothing":       {``, "", "unavailable"},
		"error, 200":    {openaiError("server_error", "null", "sorry"), "", "unavailable"},
		"quota, 200":    {openaiError("insufficient_quota", "insufficient_quota", noQuota), "", "quota"},
		"throttled 200": {`{"error":{"message":"try again in 2s","code":429}}`, "", "throttled"},
	} {
		client := serve(t, openai.Config{}, answer(200, "application/json", c.body))
		text, err := client.Chat(t.Context(), question())
		if text != c.text || word(err) != c.word {
			t.Errorf("%s: %q, %v", name, text, err)
		}
		if f := fault.Of(err); f != nil && (f.Reason == "length" || f.Reason == "refusal") && f.Class.Breaks() {
			t.Errorf("%s: a service that worked must not count as broken", name)
		}
	}
}

func TestChatAnswerIsBounded(t *testing.T) {
	t.Parallel()
	c := serve(t, openai.Config{}, answer(200, "application/json", reply(strings.Repeat("x", rest.LargeBody), "null", "stop")))
	if _, err := c.Chat(t.Context(), question()); classOf(err) != fault.Unavailable {
		t.Errorf("%.200v", err)
	}
}

// sent gives the request that a client made.
func sent(t *testing.T, c openai.Config, q openai.ChatRequest) (body map[string]any, header http.Header) {
	t.Helper()
	client := serve(t, c, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1/chat/completions" || r.ContentLength <= 0 {
			t.Errorf("%s, %d bytes", r.URL.Path, r.ContentLength)
		}
		body, header = readJSON(t, r), r.Header
		fmt.Fprint(w, reply("ok", "null", "stop"))
	})
	if _, err := client.Chat(rest.WithRequestID(t.Context(), "rc-9"), q); err != nil {
		t.Error(err)
	}
	return body, header
}

func structured() openai.ChatRequest {
	q := question()
	q.Schema = &openai.Schema{Name: "recall_intent", JSON: json.RawMessage(`{"type":"object","properties":{"zeta":{},"alpha":{}}}`)}
	q.Temperature, q.MaxTokens = new(0.0), 300
	return q
}

func TestChatRequest(t *testing.T) {
	t.Parallel()
	body, header := sent(t, openai.Config{Key: "k", Organization: "o", Project: "p"}, structured())
	for name, want := range map[string]string{
		"Authorization": "Bearer k", "Openai-Organization": "o", "Openai-Project": "p",
		"Content-Type": "application/json", "X-Client-Request-Id": "rc-9",
	} {
		if header.Get(name) != want {
			t.Errorf("%s: %q", name, header.Get(name))
		}
	}
	schema := body["response_format"].(map[string]any)["json_schema"].(map[string]any)
	if schema["name"] != "recall_intent" || schema["strict"] != true || schema["schema"] == nil {
		t.Errorf("%v", schema)
	}
	if body["temperature"] != 0.0 || body["max_completion_tokens"] != 300.0 || body["stream"] != nil {
		t.Errorf("%v", body)
	}
}

// TestOlderServers: the switches for servers that know max_tokens only, or no schema.
func TestOlderServers(t *testing.T) {
	t.Parallel()
	for format, kind := range map[openai.Format]any{openai.FormatObject: map[string]any{"type": "json_object"}, openai.FormatPrompt: nil} {
		body, header := sent(t, openai.Config{OldMaxTokens: true, Format: format}, structured())
		if body["max_tokens"] != 300.0 || body["max_completion_tokens"] != nil {
			t.Errorf("%s: %v", format, body)
		}
		if fmt.Sprint(body["response_format"]) != fmt.Sprint(kind) {
			t.Errorf("%s: %v", format, body["response_format"])
		}
		first := body["messages"].([]any)[0].(map[string]any)
		if text := first["content"].(string); !strings.Contains(text, `"zeta":{},"alpha"`) || !strings.Contains(text, "JSON") {
			t.Errorf("%s: the schema stands in the prompt, in its order: %q", format, text)
		}
		if _, sent := header["Authorization"]; sent {
			t.Errorf("%s: no key, no header", format)
		}
	}
}

func TestPictureGoesAsData(t *testing.T) {
	t.Parallel()
	for _, size := range []int{1, 2, 3, 3071, 3072, 3073, 100_000} {
		content := []byte(strings.Repeat("\xff\xd8<é", size)[:size])
		q := question()
		q.Messages[0].Image = &openai.Image{File: fileOf("picture.jpg", "image/jpeg", content), Detail: "low"}
		body, _ := sent(t, openai.Config{}, q)
		parts := body["messages"].([]any)[0].(map[string]any)["content"].([]any)
		if parts[0].(map[string]any)["text"] != "which song?" {
			t.Errorf("%v", parts[0])
		}
		image := parts[1].(map[string]any)["image_url"].(map[string]any)
		want := "data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(content)
		if image["url"] != want || image["detail"] != "low" {
			t.Errorf("%d bytes: %.80v", size, image)
		}
	}
}

func TestEmptyPicture(t *testing.T) {
	t.Parallel()
	q := question()
	q.Messages[0].Image = &openai.Image{File: fileOf("picture.jpg", "image/jpeg", nil)}
	if _, err := openai.New(openai.Config{BaseURL: "http://127.0.0.1:1"}).Chat(t.Context(), q); classOf(err) != fault.BadInput {
		t.Error(err)
	}
}
