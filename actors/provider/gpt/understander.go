package gpt

import (
	"cmp"
	"context"
	"encoding/json"

	"recall/actors/provider/fault"
	"recall/actors/provider/openai"
	"recall/actors/recall"
	"recall/wire"
)

// intentTokens is more than the longest answer takes.
const intentTokens = 60

// Understander is a [recall.Understander].
type Understander struct {
	client *openai.Client
	model  string
}

var _ recall.Understander = (*Understander)(nil)

// NewUnderstander makes an understander that uses c; model "" is
// [DefaultSmallModel].
func NewUnderstander(c *openai.Client, model string) *Understander {
	return &Understander{client: c, model: cmp.Or(model, DefaultSmallModel)}
}

// Name implements [recall.Understander].
func (*Understander) Name() string { return nameUnderstander }

// Understand implements [recall.Understander].
func (u *Understander) Understand(ctx context.Context, text string) (recall.Understanding, error) {
	messages, err := asked(promptIntent, map[string]string{"transcript": clip(text, mostQuestion)})
	if err != nil {
		return recall.Understanding{}, err
	}
	answer, err := u.client.Chat(ctx, openai.ChatRequest{
		Model: u.model, Messages: messages, Schema: schemaIntent, Temperature: new(0.0), MaxTokens: intentTokens,
	})
	if err != nil {
		return recall.Understanding{}, err
	}
	return understood(answer)
}

func understood(answer string) (recall.Understanding, error) {
	var u struct {
		Intent     wire.Intent `json:"intent"`
		Confidence float64     `json:"confidence"`
	}
	if err := json.Unmarshal([]byte(answer), &u); err != nil {
		return recall.Understanding{}, fault.New(fault.Unavailable, "the intent is not in the agreed form: %w", err)
	}
	switch u.Intent {
	case wire.IntentConversation, wire.IntentInformation, wire.IntentFindSong, wire.IntentGenerateSong,
		wire.IntentHumming, wire.IntentBackground, wire.IntentUnclear:
		return recall.Understanding{Intent: u.Intent, Confidence: share(u.Confidence)}, nil
	default:
		return recall.Understanding{}, fault.New(fault.Unavailable, "there is no intent %q", clip(string(u.Intent), 40))
	}
}
