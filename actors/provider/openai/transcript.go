package openai

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"recall/actors/provider/fault"
)

// A segment is silent when the model itself thinks so and was not sure of its words
// (PROVIDERS.md, B2). Whisper likes to fill music with "Thank you for watching".
const (
	silentFrom  = 0.6  // probability of no speech
	unsureBelow = -1.0 // average log probability
)

// transcript reads an answer in whichever form it comes.
func (c *Client) transcript(s *stream, keep func(string) bool, partial func(string)) (string, error) {
	switch isWhole, err := s.isWhole(); {
	case err != nil:
		return "", err
	case !isWhole:
		return c.dictated(s, partial)
	}
	body, err := s.rest()
	if err != nil {
		return "", err
	}
	text, err := c.writtenDown(body, keep)
	return strings.TrimSpace(text), err
}

// writtenDown reads a whole answer: JSON, whatever its content type, else text.
func (c *Client) writtenDown(body []byte, keep func(string) bool) (string, error) {
	body = bytes.TrimSpace(body)
	switch {
	case !bytes.HasPrefix(body, []byte("{")) && isPage(body):
		return "", fault.New(fault.Unavailable, "the answer is a page, not a transcript")
	case !bytes.HasPrefix(body, []byte("{")):
		return strings.ToValidUTF8(string(body), "\uFFFD"), nil
	}
	var t struct {
		Text     *string         `json:"text"`
		Segments []segment       `json:"segments"`
		Error    json.RawMessage `json:"error"`
	}
	switch err := json.Unmarshal(body, &t); {
	case err != nil:
		return "", fault.New(fault.Unavailable, "the transcript is no JSON: %w", err)
	case present(t.Error):
		return "", c.complained(t.Error)
	case t.Text == nil:
		return "", fault.New(fault.Unavailable, "the answer has no text")
	default:
		return spoken(*t.Text, t.Segments, keep), nil
	}
}

// segment is a stretch of a detailed transcript. whisper.cpp leaves out some fields.
type segment struct {
	Text     string   `json:"text"`
	NoSpeech *float64 `json:"no_speech_prob"`
	Sureness *float64 `json:"avg_logprob"`
}

func (s segment) silent() bool {
	return s.NoSpeech != nil && s.Sureness != nil && *s.NoSpeech > silentFrom && *s.Sureness < unsureBelow
}

// spoken is the text without its silent segments, those that are worth keeping apart.
func spoken(whole string, segments []segment, keep func(string) bool) string {
	var heard strings.Builder
	silence := false
	for _, s := range segments {
		if s.silent() && (keep == nil || !keep(s.Text)) {
			silence = true
			continue
		}
		heard.WriteString(s.Text)
	}
	if !silence {
		return whole
	}
	return heard.String()
}

// isPage tells an HTML page from a text that is sent as text/html.
func isPage(body []byte) bool {
	start := bytes.ToLower(body[:min(len(body), 16)])
	return bytes.HasPrefix(start, []byte("<!doctype")) || bytes.HasPrefix(start, []byte("<html"))
}

// dictation is one event: OpenAI's, which have a type, or vLLM's, which have choices.
type dictation struct {
	Type    string          `json:"type"`
	Delta   string          `json:"delta"`
	Text    string          `json:"text"`
	Choices []choice        `json:"choices"`
	Error   json.RawMessage `json:"error"`
}

// dictated reads a stream of events.
func (c *Client) dictated(s *stream, partial func(string)) (string, error) {
	d := dictated{partial: partial}
	for !d.complete {
		data, err := s.next()
		switch {
		case errors.Is(err, io.EOF):
			return "", s.bad("the transcript was cut after %d bytes", d.text.Len())
		case err != nil:
			return "", err
		case done(data):
			d.complete = true
			continue
		}
		var e dictation
		if err := json.Unmarshal(data, &e); err != nil {
			return "", s.bad("an event of the transcript is no JSON: %w", err)
		}
		if present(e.Error) {
			return "", c.complained(e.Error)
		}
		d.hear(&e)
	}
	s.drain()
	return strings.TrimSpace(d.text.String()), nil
}

// dictated is a transcript on its way.
type dictated struct {
	text     strings.Builder
	partial  func(string)
	complete bool
}

func (d *dictated) hear(e *dictation) {
	switch {
	case e.Type == "transcript.text.done":
		d.complete = true
		if e.Text != "" { // the whole again
			d.text.Reset()
			d.text.WriteString(e.Text)
		}
	case e.Type == "transcript.text.delta":
		d.add(e.Delta)
	case e.Type == "transcript.text.segment":
		d.add(e.Text)
	case len(e.Choices) > 0:
		d.add(text(e.Choices[0].Delta.Content))
		d.complete = text(e.Choices[0].FinishReason) != ""
	}
}

func (d *dictated) add(more string) {
	d.text.WriteString(more)
	if d.partial != nil && strings.TrimSpace(more) != "" {
		d.partial(strings.TrimSpace(d.text.String()))
	}
}
