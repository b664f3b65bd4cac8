package openai

import (
	"encoding/json"
	"errors"
	"io"
	"strings"

	"recall/actors/provider/fault"
	"recall/actors/provider/rest"
)

// talk is a streamed answer on its way.
type talk struct {
	client  *Client
	stream  *stream
	piece   func(string)
	text    strings.Builder
	told    int  // bytes of text that piece was given
	form    form // of its chunks
	refusal strings.Builder
	finish  *string // the model's own end
}

func newTalk(c *Client, s *stream, piece func(string)) *talk {
	t := &talk{client: c, stream: s, piece: piece}
	s.lull = t.tell
	return t
}

// tell gives away what was heard. A piece passes through half a dozen hands to the
// person's screen, and costs each of them the same however long it is: so nothing is
// told while more of the answer is there to be read, and everything before a wait.
func (t *talk) tell() {
	if more := t.text.String()[t.told:]; more != "" {
		t.told = t.text.Len()
		t.piece(more)
	}
}

// listen reads until the model ended or the server said [DONE]. A stream that ends
// without either was cut: what came is not the answer.
func (t *talk) listen() error {
	defer t.tell()
	for {
		data, err := t.stream.next()
		switch {
		case errors.Is(err, io.EOF):
			return fault.New(fault.Unavailable, "the stream was cut after %d bytes of text", t.text.Len())
		case err != nil:
			return err
		case !done(data):
			if err := t.hear(data); err != nil {
				return err
			}
			if t.finish == nil {
				continue
			}
		}
		t.tell()
		t.stream.drain()
		return ended(t.finish, t.refusal.String())
	}
}

// hear takes one chunk. Chunks without a choice tell of usage.
func (t *talk) hear(data []byte) error {
	if said, common := t.form.said(data); common {
		return t.add(said)
	}
	var chunk completion
	if err := json.Unmarshal(data, &chunk); err != nil {
		return fault.New(fault.Unavailable, "an event of the stream is no JSON: %w", err)
	}
	if present(chunk.Error) {
		return t.client.complained(chunk.Error)
	}
	if len(chunk.Choices) == 0 {
		return nil
	}
	first := &chunk.Choices[0]
	t.refusal.WriteString(text(first.Delta.Refusal))
	if first.FinishReason != nil && *first.FinishReason != "" {
		t.finish = first.FinishReason
	}
	said := text(first.Delta.Content)
	if said != "" && first.plain() { // the first chunk of most servers says who speaks, and no word
		t.form.learn(data, said)
	}
	return t.add([]byte(said))
}

// add takes more of the text.
func (t *talk) add(said []byte) error {
	if t.text.Len()+len(said) > rest.LargeBody {
		return fault.New(fault.Unavailable, "the answer exceeds %d bytes", rest.LargeBody)
	}
	t.text.Write(said)
	return nil
}
