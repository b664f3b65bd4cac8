package wire

import (
	"strings"
	"unicode/utf8"
)

// InputKind is how the person asks.
type InputKind string

// The kinds of input.
const (
	InputText  InputKind = "text"
	InputVoice InputKind = "voice"
	InputImage InputKind = "image"
)

// Input is what the person asks with.
type Input struct {
	Kind             InputKind `json:"kind"`
	Text             string    `json:"text,omitempty"`
	MediaID          ID        `json:"media_id,omitzero"`
	EditedTranscript string    `json:"edited_transcript,omitempty"`
}

// Query is the text to resolve: the transcript as edited by the user, if there
// is one (RECALL.md, "Inputs").
func (in Input) Query() string {
	if in.EditedTranscript != "" {
		return in.EditedTranscript
	}
	return in.Text
}

// StartRecall is the command `recall`. RequestID makes it repeatable: the
// second one joins the first.
type StartRecall struct {
	ThreadID  ID    `json:"thread_id"`
	RequestID ID    `json:"request_id"`
	Input     Input `json:"input"`
}

func (c *StartRecall) check() *Error {
	return first(required("thread_id", c.ThreadID), required("request_id", c.RequestID), c.Input.check())
}

func (in *Input) check() *Error {
	in.Text = strings.TrimSpace(in.Text)
	in.EditedTranscript = strings.TrimSpace(in.EditedTranscript)
	if e := first(atMost("input.text", in.Text, MaxText), atMost("input.edited_transcript", in.EditedTranscript, MaxText)); e != nil {
		return e
	}
	switch in.Kind {
	case InputText:
		if utf8.RuneCountInString(in.Query()) == 0 {
			return Errorf(CodeBadRequest, "input.text: must be 1 to %d characters", MaxText)
		}
		return nil
	case InputVoice, InputImage:
		return required("input.media_id", in.MediaID)
	case "":
		return Errorf(CodeBadRequest, "input.kind: is required")
	default:
		return Errorf(CodeBadRequest, "input.kind: must be text, voice or image")
	}
}

// RecallAccepted answers StartRecall. Message is the user's message as stored.
type RecallAccepted struct {
	RecallID  ID       `json:"recall_id"`
	ThreadID  ID       `json:"thread_id"`
	RequestID ID       `json:"request_id"`
	Message   *Posting `json:"message"`
}

// MessageType implements [Message].
func (*RecallAccepted) MessageType() string { return "recall.accepted" }

// CancelRecall ends a recall; what it found until then stays.
type CancelRecall struct {
	RecallID ID `json:"recall_id"`
}

func (c *CancelRecall) check() *Error { return required("recall_id", c.RecallID) }
