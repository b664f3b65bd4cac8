package openai

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"

	"recall/actors/provider/fault"
)

// ChatRequest is what a model is asked.
type ChatRequest struct {
	Model       string
	Messages    []Message
	Schema      *Schema  // nil: the answer is free text
	Temperature *float64 // nil: the server's default
	MaxTokens   int      // of the answer; 0: the server's default
}

// Message is one turn of the conversation with the model.
type Message struct {
	Role  string // "system", "user" or "assistant"
	Text  string
	Image *Image // of a user message; at most one in a request
}

// Image is a picture, sent within the request in base64.
type Image struct {
	File
	Detail string // "low", "high" or "auto" (default): what the model sees of it, and costs
}

// Schema is the form of a structured answer, in the subset of JSON Schema that
// strict answers allow: every property required, no further ones.
type Schema struct {
	Name string // letters, digits, - and _; at most 64
	JSON json.RawMessage
}

// object is written in the order of a map's keys, which is of no importance here.
type object = map[string]any

// chatPayload writes the request. The place of the picture is marked by a word that
// nobody can know, and cut there.
func (c *Client) chatPayload(q ChatRequest, streamed bool) (*payload, error) {
	p := &payload{contentType: "application/json", base64: true}
	mark := rand.Text()
	body := object{"model": q.Model, "messages": c.messages(q, p, mark)}
	c.options(body, q, streamed)
	text, err := encode(body)
	if err != nil {
		return nil, fault.New(fault.BadInput, "the request cannot be written: %w", err)
	}
	if p.file != nil && p.file.Size <= 0 {
		return nil, fault.New(fault.BadInput, "the picture is empty")
	}
	p.head, p.tail, _ = bytes.Cut(text, []byte(mark))
	return p, nil
}

func (c *Client) options(body object, q ChatRequest, streamed bool) {
	if q.Temperature != nil {
		body["temperature"] = *q.Temperature
	}
	switch {
	case q.MaxTokens == 0:
	case c.config.OldMaxTokens:
		body["max_tokens"] = q.MaxTokens
	default:
		body["max_completion_tokens"] = q.MaxTokens
	}
	if streamed { // the padding that hides the length of tokens would double the bytes
		body["stream"] = true
		body["stream_options"] = object{"include_obfuscation": false}
	}
	if q.Schema == nil {
		return
	}
	switch c.config.Format {
	case FormatPrompt:
	case FormatObject:
		body["response_format"] = object{"type": "json_object"}
	default:
		body["response_format"] = object{"type": "json_schema", "json_schema": object{
			"name": q.Schema.Name, "strict": true, "schema": q.Schema.JSON,
		}}
	}
}

func (c *Client) messages(q ChatRequest, p *payload, mark string) []object {
	out := make([]object, 0, len(q.Messages)+1)
	if q.Schema != nil && c.config.Format != FormatSchema {
		out = append(out, object{"role": "system", "content": inWords(q.Schema)})
	}
	for _, m := range q.Messages {
		if m.Image == nil {
			out = append(out, object{"role": m.Role, "content": m.Text})
			continue
		}
		p.file = &m.Image.File
		out = append(out, object{"role": m.Role, "content": []object{
			{"type": "text", "text": m.Text},
			{"type": "image_url", "image_url": m.Image.url(mark)},
		}})
	}
	return out
}

// inWords asks for the form where the server cannot enforce it.
func inWords(s *Schema) string {
	return "Answer with one JSON object and nothing else. It follows this JSON Schema, with the properties in this order:\n" + string(s.JSON)
}

func (i *Image) url(mark string) object {
	detail := i.Detail
	if detail == "" {
		detail = "auto"
	}
	return object{"url": fmt.Sprintf("data:%s;base64,%s", i.ContentType, mark), "detail": detail}
}

// encode writes JSON as people read it: <, > and & stand for themselves.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(b.Bytes()), nil
}
