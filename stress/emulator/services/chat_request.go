package services

import (
	"encoding/json"
	"strings"
)

// ChatRequest is what a client asks of a chat model.
type ChatRequest struct {
	Model         string        `json:"model"`
	Messages      []ChatMessage `json:"-"` // as of rawMessage
	Stream        bool          `json:"stream"`
	StreamOptions struct {
		IncludeUsage       bool  `json:"include_usage"`
		IncludeObfuscation *bool `json:"include_obfuscation"`
	} `json:"stream_options"`
	MaxTokens           int `json:"max_tokens"`
	MaxCompletionTokens int `json:"max_completion_tokens"`
	ResponseFormat      struct {
		Type       string `json:"type"`
		JSONSchema struct {
			Name   string          `json:"name"`
			Strict bool            `json:"strict"`
			Schema json.RawMessage `json:"schema"`
		} `json:"json_schema"`
	} `json:"response_format"`

	bad bool // the body was no such JSON
}

// ChatMessage is one message; its parts are told apart.
type ChatMessage struct {
	Role   string
	Text   string   // all text parts, one a line
	Images []string // URLs, mostly data URLs
}

// rawMessage is a message as it comes. Its content is decoded along with the rest: a
// method of its own would have each prompt looked through six times instead of twice.
type rawMessage struct {
	Role    string `json:"role"`
	Content any    `json:"content"`
}

// read takes content as a text or as a list of parts; ok is false for anything else.
func (raw rawMessage) read() (m ChatMessage, ok bool) {
	m.Role = raw.Role
	switch content := raw.Content.(type) {
	case nil:
		return m, true
	case string:
		m.Text = content
		return m, true
	case []any:
		return m, m.readParts(content)
	default:
		return m, false
	}
}

func (m *ChatMessage) readParts(parts []any) bool {
	var lines []string
	for _, p := range parts {
		part, ok := p.(object)
		if !ok {
			return false
		}
		switch part["type"] {
		case "text":
			text, _ := part["text"].(string)
			lines = append(lines, text)
		case "image_url":
			image, _ := part["image_url"].(object)
			url, _ := image["url"].(string)
			m.Images = append(m.Images, url)
		}
	}
	m.Text = strings.Join(lines, "\n")
	return true
}

// LastUser is the text of the last message of the user.
func (r ChatRequest) LastUser() string {
	for i := len(r.Messages) - 1; i >= 0; i-- {
		if r.Messages[i].Role == "user" {
			return r.Messages[i].Text
		}
	}
	return ""
}

// Image is the last picture that was sent, "" if none.
func (r ChatRequest) Image() (url string) {
	for _, m := range r.Messages {
		for _, i := range m.Images {
			url = i
		}
	}
	return url
}

func (r ChatRequest) limit() int { return max(r.MaxTokens, r.MaxCompletionTokens) }

func (c *call) chatRequest() ChatRequest {
	var raw struct {
		ChatRequest
		Messages []rawMessage `json:"messages"`
	}
	if err := json.Unmarshal(c.body, &raw); err != nil {
		raw.bad = true
	}
	r := raw.ChatRequest
	r.Messages = make([]ChatMessage, len(raw.Messages))
	for i, m := range raw.Messages {
		var ok bool
		if r.Messages[i], ok = m.read(); !ok {
			r.bad = true
		}
	}
	return r
}
