package wire

import (
	"bytes"
	"encoding/json"
)

// Frame is one encoded text frame. It is encoded once and shared by every
// connection that it goes to; nobody changes it.
type Frame struct {
	Bytes []byte
	delta *delta // set on answer deltas only, for Merge
}

type delta struct {
	at   Envelope
	text string
}

// Reply is the frame of a direct reply.
func Reply(id string, m Message) *Frame { return &Frame{Bytes: Encode(id, m)} }

// EventFrame is the frame of a thread event at its place.
func EventFrame(at Envelope, e Event) *Frame { return EventFrameIn(bytes.Clone, at, e) }

// EventFrameIn is [EventFrame] with the text where keep has copied it to.
func EventFrameIn(keep func(text []byte) []byte, at Envelope, e Event) *Frame {
	d, ok := e.(*AnswerDelta)
	if !ok {
		return &Frame{Bytes: encodeEvent(&at, e, keep)}
	}
	f := &struct { // one allocation: nine in ten events are deltas
		Frame
		delta delta
	}{delta: delta{at: at, text: d.Text}}
	f.Frame = Frame{Bytes: encodeEvent(&f.delta.at, d, keep), delta: &f.delta}
	return &f.Frame
}

// FrameOf is the frame that [EventFrame] has made, from its text alone. It reads the
// text of a delta, which costs microseconds: it is for those who come back, and seldom.
func FrameOf(text []byte) *Frame {
	f := &Frame{Bytes: text}
	var d struct {
		Envelope
		Text string `json:"text"`
	}
	if bytes.HasPrefix(text, deltaHead) && json.Unmarshal(text, &d) == nil {
		f.delta = &delta{at: d.Envelope, text: d.Text}
	}
	return f
}

// deltaHead is what the text of every delta begins with.
var deltaHead = object(nil).kind(&AnswerDelta{})

// Merge makes one delta of two neighbours that a slow client has not read
// (PROTOCOL.md, section 5): the text of both, and the numbers from the first to
// the last, so that the numbering stays complete. ok is false when the frames
// are not neighbouring deltas of one recall.
func Merge(a, b *Frame) (merged *Frame, ok bool) {
	if a.delta == nil || b.delta == nil {
		return nil, false
	}
	first, next := a.delta.at, b.delta.at
	if first.ThreadID != next.ThreadID || first.RecallID != next.RecallID || first.Epoch != next.Epoch || first.Seq+1 != firstOf(next) {
		return nil, false
	}
	next.FirstSeq = firstOf(first)
	return EventFrame(next, &AnswerDelta{Text: a.delta.text + b.delta.text}), true
}

// firstOf is the first number that the delta stands for.
func firstOf(at Envelope) int64 {
	if at.FirstSeq != 0 {
		return at.FirstSeq
	}
	return at.Seq
}
