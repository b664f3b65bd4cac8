package openai

import (
	"context"
	"encoding/json"

	"recall/actors/provider/fault"
)

const chatPath = "/chat/completions"

// The reasons of answers that the model did not give or did not end. They are bad
// input: the service has worked, and the same request would end the same way.
const (
	ReasonLength   = "length"         // the answer was longer than MaxTokens
	ReasonFiltered = "content_filter" // the service holds it back
	ReasonRefused  = "refusal"        // the model does not want to
)

// completion is an answer or a chunk of a stream: the one has a message, the other a
// delta.
type completion struct {
	Choices []choice        `json:"choices"`
	Error   json.RawMessage `json:"error"`
}

type choice struct {
	Message      words   `json:"message"`
	Delta        words   `json:"delta"`
	FinishReason *string `json:"finish_reason"`
}

type words struct {
	Content *string `json:"content"`
	Refusal *string `json:"refusal"`
}

// Chat asks and waits for the whole answer, at most 4 MiB of it. Its error is a
// [fault.Fault]; with [ReasonLength] the text as far as it goes is given as well.
func (c *Client) Chat(ctx context.Context, q ChatRequest) (string, error) {
	p, err := c.chatPayload(q, false)
	if err != nil {
		return "", err
	}
	resp, err := c.open(ctx, chatPath, p)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := whole(ctx, resp)
	if err != nil {
		return "", err
	}
	text, err := c.answered(answer.Body)
	return text, named(err, resp)
}

// answered reads a whole answer.
func (c *Client) answered(body []byte) (string, error) {
	var a completion
	if err := json.Unmarshal(body, &a); err != nil {
		return "", fault.New(fault.Unavailable, "the answer is no JSON: %w", err)
	}
	switch {
	case present(a.Error):
		return "", c.complained(a.Error)
	case len(a.Choices) == 0:
		return "", fault.New(fault.Unavailable, "the answer has no choice")
	}
	first := a.Choices[0]
	said := text(first.Message.Content)
	if said == "" && first.Message.Refusal == nil && first.FinishReason == nil {
		return "", fault.New(fault.Unavailable, "the answer has no message")
	}
	return said, ended(first.FinishReason, text(first.Message.Refusal))
}

// Stream asks and gives the answer to piece as it comes, what came together in one
// piece, and returns the whole. Its error is a [fault.Fault], with the text as far as it came. Whether
// pieces were given that forbid a retry is for the caller to say.
func (c *Client) Stream(ctx context.Context, q ChatRequest, piece func(text string)) (string, error) {
	p, err := c.chatPayload(q, true)
	if err != nil {
		return "", err
	}
	s, err := c.openStream(ctx, chatPath, p, c.config.Headers)
	if err != nil {
		return "", err
	}
	defer s.close()
	switch isWhole, err := s.isWhole(); {
	case err != nil:
		return "", err
	case isWhole:
		return c.unstreamed(s, piece)
	}
	t := newTalk(c, s, piece)
	err = t.listen()
	return t.text.String(), named(err, s.resp)
}

// unstreamed is the answer of a server that does not stream.
func (c *Client) unstreamed(s *stream, piece func(string)) (string, error) {
	body, err := s.rest()
	if err != nil {
		return "", err
	}
	text, err := c.answered(body)
	if text != "" {
		piece(text)
	}
	return text, named(err, s.resp)
}

// ended judges how the model came to its end. Other reasons than those of the format
// are taken for a good end.
func ended(finish *string, refusal string) error {
	switch reason := text(finish); {
	case refusal != "":
		return &fault.Fault{Class: fault.BadInput, Reason: ReasonRefused}
	case reason == ReasonLength, reason == ReasonFiltered:
		return &fault.Fault{Class: fault.BadInput, Reason: reason}
	default:
		return nil
	}
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
