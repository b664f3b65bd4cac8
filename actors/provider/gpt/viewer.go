package gpt

import (
	"cmp"
	"context"
	"strings"

	"recall/actors/provider/fault"
	"recall/actors/provider/openai"
	"recall/actors/recall"
)

const viewTokens = 400

// Viewer is a [recall.Viewer].
type Viewer struct {
	client *openai.Client
	model  string
	detail string
}

var _ recall.Viewer = (*Viewer)(nil)

// NewViewer makes a viewer that uses c; model "" is [DefaultLargeModel]. detail is
// "low", "high" or "auto" (default); with "low" small print cannot be read.
func NewViewer(c *openai.Client, model, detail string) *Viewer {
	return &Viewer{client: c, model: cmp.Or(model, DefaultLargeModel), detail: detail}
}

// Name implements [recall.Viewer].
func (*Viewer) Name() string { return nameLarge }

// View implements [recall.Viewer].
func (v *Viewer) View(ctx context.Context, c recall.Clip) (string, error) {
	if !strings.HasPrefix(c.ContentType, "image/") {
		return "", &fault.Fault{Class: fault.BadInput, Reason: "unsupported_format"}
	}
	text, err := v.client.Chat(ctx, openai.ChatRequest{
		Model: v.model,
		Messages: []openai.Message{
			{Role: "system", Text: promptView},
			{Role: "user", Text: "The picture:", Image: &openai.Image{File: fileOf("picture", c), Detail: v.detail}},
		},
		Temperature: new(0.0),
		MaxTokens:   viewTokens,
	})
	text = tidy(text, longestSpeech)
	if err != nil && (text == "" || fault.Of(err).Reason != openai.ReasonLength) {
		return "", err
	}
	return text, nil // one that was cut is still something to search by
}
