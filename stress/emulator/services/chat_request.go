package services

import (
	"encoding/json"
	"strings"
)

// ChatRequest is what a client asks of a chat model.
type ChatRequest struct {
	Model         string        `json:"model"`
	Messages      []ChatMessage `json:"messages"`
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

// UnmarshalJSON takes content as a text or as a list of parts.
func (m *ChatMessage) UnmarshalJSON(data []byte) error {
	var raw struct {
		Role    string          `json:"role"`
		Content json.RawMessage `json:"content"`
	}
	if err := json.Unmarshal(data, &raw); err != nil {
		return err
	}
	m.Role = raw.Role
	if len(raw.Content) == 0 || raw.Content[0] != '[' {
		return json.Unmarshal(defaultRaw(raw.Content), &m.Text)
	}
	var parts []struct {
		Type     string `json:"type"`
		Text     string `json:"text"`
		ImageURL struct {
			URL string `json:"url"`
		} `json:"image_url"`
	}
	if err := json.Unmarshal(raw.Content, &parts); err != nil {
		return err
	}
	var lines []string
	for _, p := range parts {
		switch p.Type {
		case "text":
			lines = append(lines, p.Text)
		case "image_url":
			m.Images = append(m.Images, p.ImageURL.URL)
		}
	}
	m.Text = strings.Join(lines, "\n")
	return nil
}

func defaultRaw(raw json.RawMessage) json.RawMessage {
	if len(raw) == 0 {
		return json.RawMessage("null")
	}
	return raw
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

func (c *call) chatRequest() (r ChatRequest) {
	if err := json.Unmarshal(c.body, &r); err != nil {
		r.bad = true
	}
	return r
}
