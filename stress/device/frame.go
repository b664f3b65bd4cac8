package device

import (
	"encoding/json"
	"time"
)

// Frame is one frame of the server: the fields that a device looks at, and the
// whole text.
type Frame struct {
	Type     string `json:"type"`
	ID       string `json:"id"`
	ThreadID string `json:"thread_id"`
	RecallID string `json:"recall_id"`
	Epoch    string `json:"epoch"`
	Seq      int64  `json:"seq"`
	FirstSeq int64  `json:"first_seq"`

	Code         any    `json:"code"` // a text in errors, a number in goodbye
	Message      any    `json:"message"`
	RetryAfterMS int64  `json:"retry_after_ms"`
	Policy       string `json:"policy"`

	At  time.Time       `json:"-"` // when it came
	Raw json.RawMessage `json:"-"`
}

// terminal are the events that end a recall.
var terminal = map[string]bool{
	"recall.completed": true, "recall.failed": true, "recall.cancelled": true, "recall.expired": true,
}

// IsTerminal tells whether the frame ends a recall.
func (f Frame) IsTerminal() bool { return terminal[f.Type] }

// replies are the types that answer a command and are no thread events, although
// some of them carry a seq.
var replies = map[string]bool{"subscribed": true, "thread": true, "messages": true}

// IsEvent tells whether the frame is a numbered event of a thread.
func (f Frame) IsEvent() bool { return f.Seq > 0 && f.ThreadID != "" && !replies[f.Type] }

// Into decodes the whole frame.
func (f Frame) Into(v any) error { return json.Unmarshal(f.Raw, v) }

func parse(raw []byte) (Frame, error) {
	var f Frame
	f.At = time.Now()
	err := json.Unmarshal(raw, &f)
	f.Raw = raw
	return f, err
}
