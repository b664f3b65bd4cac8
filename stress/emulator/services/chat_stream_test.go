package services

import (
	"encoding/json"
	"strings"
	"testing"
)

type chunk struct {
	ID      string
	Created int64
	Choices []struct {
		Delta struct {
			Role    string
			Content string
		}
		FinishReason *string `json:"finish_reason"`
	}
	Usage       map[string]any
	Obfuscation string
}

// chunksOf reads a stream and wants its end.
func chunksOf(t *testing.T, a answered) (out []chunk) {
	t.Helper()
	body, done := strings.CutSuffix(a.body, "data: [DONE]\n\n")
	if !done || a.status != 200 || !strings.HasPrefix(a.header.Get("Content-Type"), "text/event-stream") {
		t.Fatalf("%d %v %s", a.status, a.header, a.body)
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(body, "\n\n"), "\n\n") {
		var c chunk
		if err := json.Unmarshal([]byte(strings.TrimPrefix(line, "data: ")), &c); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		out = append(out, c)
	}
	return out
}

func TestStreamsHaveTheirShape(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	for _, c := range []struct {
		name    string
		options map[string]any
		usage   bool
		padded  bool
	}{
		{"plain", nil, false, true},
		{"usage, no padding", map[string]any{"include_usage": true, "include_obfuscation": false}, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			body := ask("80s Norwegian band")
			body["stream"], body["stream_options"] = true, c.options
			chunks := chunksOf(t, send(t, chatRequest(enough(t), t, s, body)))
			if chunks[0].Choices[0].Delta.Role != "assistant" {
				t.Error("the first chunk has no role")
			}
			if (chunks[1].Obfuscation != "") != c.padded {
				t.Errorf("padding %q", chunks[1].Obfuscation)
			}
			last := chunks[len(chunks)-1]
			if c.usage {
				if len(last.Choices) != 0 || last.Usage["completion_tokens"] == nil {
					t.Errorf("usage chunk: %+v", last)
				}
				last = chunks[len(chunks)-2]
			}
			if len(last.Choices) != 1 || last.Choices[0].FinishReason == nil || *last.Choices[0].FinishReason != "stop" {
				t.Errorf("last chunk: %+v", last)
			}
			var content strings.Builder
			for _, k := range chunks {
				if k.ID != chunks[0].ID || k.Created != chunks[0].Created {
					t.Error("chunks of several answers")
				}
				for _, choice := range k.Choices {
					content.WriteString(choice.Delta.Content)
				}
			}
			if r := resultOf(t, content.String()); r.Candidates[0].Title != "Take On Me" {
				t.Error(content.String())
			}
		})
	}
}

func TestTokenLimitsCutTheAnswer(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	for _, name := range []string{"max_tokens", "max_completion_tokens"} {
		body := ask("80s Norwegian band")
		body["stream"], body[name] = true, 7
		chunks := chunksOf(t, send(t, chatRequest(enough(t), t, s, body)))
		if last := chunks[len(chunks)-1]; len(chunks) != 9 || *last.Choices[0].FinishReason != "length" {
			t.Errorf("%s: %d chunks", name, len(chunks))
		}
	}
}

func TestChatIsScripted(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	s.Script("by words", "scripted by words")
	s.ChatScript(func(r ChatRequest) (string, bool) { return "scripted by function", r.LastUser() == "by function" })
	for words, want := range map[string]string{"by words": "scripted by words", "by function": "scripted by function"} {
		if got := contentOf(t, send(t, chatRequest(enough(t), t, s, ask(words)))); got != want {
			t.Errorf("%s: %q", words, got)
		}
	}
}

func TestTokensJoinToTheText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "a", "  two  spaces ", `{"title":"Für Elise – “what”","n":0.93}`, "antidisestablishmentarianism\n\nyes"} {
		if got := strings.Join(tokens(text), ""); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}

// A chunk that is put together from its constant parts is the one that encoding it as a
// whole gives, whatever the token.
func TestTokensAreEncodedAsAWhole(t *testing.T) {
	t.Parallel()
	for _, padded := range []bool{false, true} {
		for _, token := range []string{"song", ` "`, `\`, "é – “x”", "\n", "<b>&", "\x01text\x01", "\xff", ""} {
			d := &completion{id: "chatcmpl-1", created: 1, content: []string{token}, request: ChatRequest{Model: GPT4o}}
			d.request.StreamOptions.IncludeObfuscation = &padded
			whole := d.chunk(object{"content": token}, nil)
			if padded {
				whole["obfuscation"] = padding[:1+pick([]byte(token), longestPad)]
			}
			if got := string(d.stream().parts[1]); got != string(event(encode(whole))) {
				t.Errorf("%q, padded %v: %s", token, padded, got)
			}
		}
	}
}
