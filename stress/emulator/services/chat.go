package services

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
)

// completion is what a model has written, before it takes the form of an answer.
type completion struct {
	request ChatRequest
	id      string
	created int64
	content []string // tokens
	refusal string
	finish  string
}

// chat plays POST /v1/chat/completions.
func (c *call) chat() reply {
	done, r := c.complete()
	if done != nil {
		r = done.reply()
	}
	return c.openaiHeaders(r)
}

// complete is nil with the reply that refuses the request.
func (c *call) complete() (*completion, reply) {
	if r, refused := c.openaiRefusal(); refused {
		return nil, r
	}
	q := c.asked()
	if r, wrong := checkChat(q); wrong {
		return nil, r
	}
	content, scripted := c.s.scripts.content(q)
	if !scripted {
		content = c.s.write(q)
	}
	done := &completion{
		request: q, content: tokens(content), finish: "stop", created: c.s.options.Now().Unix(),
		id: fmt.Sprintf("chatcmpl-%x", c.digest())[:len("chatcmpl-")+24],
	}
	if limit := q.limit(); limit > 0 && len(done.content) > limit {
		done.content, done.finish = done.content[:limit], "length"
	}
	return done, reply{}
}

var schemaName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

func checkChat(q ChatRequest) (reply, bool) {
	format := q.ResponseFormat
	switch {
	case q.bad:
		return invalid("", "", "We could not parse the JSON body of your request."), true
	case !strings.HasPrefix(q.Model, "gpt-") && !strings.HasPrefix(q.Model, "o"):
		return modelNotFound(q.Model), true
	case len(q.Messages) == 0:
		return invalid("", "messages", "Invalid 'messages': empty array. Expected an array with minimum length 1."), true
	case format.Type == "json_object" && !mentionsJSON(q):
		return invalid("", "messages", "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."), true
	case format.Type != "json_schema":
		return reply{}, false
	case !schemaName.MatchString(format.JSONSchema.Name):
		return invalid("invalid_value", "response_format.json_schema.name", "Invalid 'response_format.json_schema.name'."), true
	}
	parsed, err := knownSchemas.parse(format.JSONSchema.Schema)
	if err == nil && format.JSONSchema.Strict {
		err = parsed.strict("()")
	}
	if err != nil {
		return invalid("invalid_json_schema", "response_format", fmt.Sprintf("Invalid schema for response_format '%s': %v", format.JSONSchema.Name, err)), true
	}
	return reply{}, false
}

func mentionsJSON(q ChatRequest) bool {
	for _, m := range q.Messages {
		if strings.Contains(strings.ToLower(m.Text), "json") {
			return true
		}
	}
	return false
}

func (d *completion) reply() reply {
	if d.request.Stream {
		return d.stream()
	}
	message := object{"role": "assistant", "content": strings.Join(d.content, ""), "refusal": nil}
	if d.refusal != "" {
		message["content"], message["refusal"] = nil, d.refusal
	}
	return jsonReply(http.StatusOK, OK, object{
		"id": d.id, "object": "chat.completion", "created": d.created, "model": d.model(),
		"choices": []object{{"index": 0, "message": message, "logprobs": nil, "finish_reason": d.finish}},
		"usage":   d.usage(), "service_tier": "default", "system_fingerprint": "fp_emulator",
	})
}

// model is the dated name that answers carry.
func (d *completion) model() string {
	switch d.request.Model {
	case GPT4o:
		return "gpt-4o-2024-08-06"
	case GPT4oMini:
		return "gpt-4o-mini-2024-07-18"
	default:
		return d.request.Model
	}
}

func (d *completion) usage() object {
	prompt := 0
	for _, m := range d.request.Messages {
		prompt += 3 + len(m.Text)/4 + 85*len(m.Images)
	}
	out := len(d.content)
	return object{
		"prompt_tokens": prompt, "completion_tokens": out, "total_tokens": prompt + out,
		"prompt_tokens_details":     object{"cached_tokens": 0, "audio_tokens": 0},
		"completion_tokens_details": object{"reasoning_tokens": 0, "audio_tokens": 0, "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0},
	}
}
