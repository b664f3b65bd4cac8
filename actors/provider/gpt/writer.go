package gpt

import (
	"cmp"
	"context"
	"encoding/json"

	"recall/actors/provider/fault"
	"recall/actors/provider/openai"
	"recall/actors/recall"
)

// draftTokens is some five long candidates and a long answer.
const draftTokens = 1200

// Writer is a [recall.Writer].
type Writer struct {
	client *openai.Client
	model  string
}

var _ recall.Writer = (*Writer)(nil)

// NewWriter makes a writer that uses c; model "" is [DefaultLargeModel].
func NewWriter(c *openai.Client, model string) *Writer {
	return &Writer{client: c, model: cmp.Or(model, DefaultLargeModel)}
}

// Name implements [recall.Writer].
func (*Writer) Name() string { return nameLarge }

// Write implements [recall.Writer]. A fault after a piece was told is final: a second
// try would tell another answer. The pieces of text are, one after the other, the
// beginning of the draft's answer, and its candidates begin with those that were told.
func (w *Writer) Write(ctx context.Context, b recall.Brief, tell func(recall.Piece)) (recall.Draft, error) {
	messages, err := asked(instructionOf(b), dataOf(b))
	if err != nil {
		return recall.Draft{}, err
	}
	told := telling{tell: tell, picker: newPicker(b), words: newWording(b.Song)}
	reader := newReader(told.candidate, told.text)
	text, err := w.client.Stream(ctx, openai.ChatRequest{
		Model: w.model, Messages: messages, Schema: schemaDraft, Temperature: new(0.3), MaxTokens: draftTokens,
	}, reader.feed)
	if err != nil {
		return recall.Draft{}, told.fault(err)
	}
	draft, err := decode(text, b)
	if err != nil {
		return recall.Draft{}, told.fault(err)
	}
	return draft, nil
}

// telling is what was told of an answer so far.
type telling struct {
	tell   func(recall.Piece)
	picker *picker
	words  *wording
	any    bool
}

// candidate tells a candidate that just became whole. Its fault ends the telling: the
// end will show what is wrong.
func (t *telling) candidate(raw []byte) bool {
	var c candidate
	if json.Unmarshal(raw, &c) != nil {
		return false
	}
	if good, ok := t.picker.pick(c); ok {
		t.any = true
		t.tell(recall.Piece{Candidate: &good})
	}
	return true
}

func (t *telling) text(more string) {
	if more = t.words.pass(more); more == "" {
		return
	}
	t.any = true
	t.tell(recall.Piece{Text: more})
}

// fault makes a fault final when something was told.
func (t *telling) fault(err error) error {
	f := *fault.Of(err)
	f.Final = f.Final || t.any
	return &f
}
