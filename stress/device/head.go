package device

import (
	"bytes"
	"encoding/json"
)

// Head is what a lean device looks at of a frame. Its bytes lie in the frame's own
// buffer, which the next frame overwrites: copy what is to stay.
type Head struct {
	Type     []byte
	ID       []byte
	ThreadID []byte
	RecallID []byte
	Epoch    []byte
	Seq      int64
	FirstSeq int64

	Code         []byte // the text of an error, the digits of a goodbye
	Policy       []byte
	RetryAfterMS int64

	Raw []byte // the whole frame
}

// IsTerminal tells whether the frame ends a recall.
func (h *Head) IsTerminal() bool { return terminal[string(h.Type)] }

// IsEvent tells whether the frame is a numbered event of a thread.
func (h *Head) IsEvent() bool {
	return h.Seq > 0 && len(h.ThreadID) > 0 && !replies[string(h.Type)]
}

// Into decodes the whole frame.
func (h *Head) Into(v any) error { return json.Unmarshal(h.Raw, v) }

// Has looks for a piece of JSON as the server writes it, without decoding.
func (h *Head) Has(piece string) bool { return bytes.Contains(h.Raw, []byte(piece)) }

// read takes the fast way, or the slow one.
func (h *Head) read(raw []byte) error {
	if h.scan(raw) {
		return nil
	}
	return h.slow(raw)
}

// slow reads a head with encoding/json: what the fast way leaves, and what that is
// compared with.
func (h *Head) slow(raw []byte) error {
	var f struct {
		Type     string          `json:"type"`
		ID       string          `json:"id"`
		ThreadID string          `json:"thread_id"`
		RecallID string          `json:"recall_id"`
		Epoch    string          `json:"epoch"`
		Seq      int64           `json:"seq"`
		FirstSeq int64           `json:"first_seq"`
		Code     json.RawMessage `json:"code"`
		Policy   string          `json:"policy"`
		After    int64           `json:"retry_after_ms"`
	}
	if err := json.Unmarshal(raw, &f); err != nil {
		return err
	}
	code := []byte(f.Code)
	if s := ""; json.Unmarshal(code, &s) == nil {
		code = []byte(s)
	}
	*h = Head{
		Type: []byte(f.Type), ID: []byte(f.ID), ThreadID: []byte(f.ThreadID), RecallID: []byte(f.RecallID), Epoch: []byte(f.Epoch),
		Seq: f.Seq, FirstSeq: f.FirstSeq, Code: code, Policy: []byte(f.Policy), RetryAfterMS: f.After, Raw: raw,
	}
	return nil
}
