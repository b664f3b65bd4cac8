package persistence

import (
	"bytes"
	"context"
	"encoding/json"
	"strconv"
	"sync"

	"github.com/jackc/pgx/v5/pgxpool"

	"recall/wire"
)

const commit = `SELECT recall_commit($1, $2, $3, $4, $5)`

// commitDoc is a commit as recall_commit takes it, and as a whole one of the documents
// that recall_commit_batch takes. It is encoded by its caller, so that those of a group
// are encoded side by side.
type commitDoc struct {
	thread     wire.ID
	fence, seq int64
	whole      []byte // what follows are parts of it
	step       json.RawMessage
	messages   []json.RawMessage
}

// newCommitDoc encodes into one piece of memory of just the size: parts of their own,
// put together later, and the growing of each were 7 kB more for each recall.
func newCommitDoc(c *wire.Commit) (d commitDoc, err error) {
	w, _ := docWriters.Get().(*docWriter)
	defer docWriters.Put(w)
	if err := w.write(c); err != nil {
		return d, err
	}
	d = commitDoc{thread: c.ThreadID, fence: c.Fence, seq: c.Seq, whole: bytes.Clone(w.text.Bytes())}
	d.messages = make([]json.RawMessage, len(c.Postings))
	for i, at := range w.parts {
		part := d.whole[at[0]:at[1]:at[1]]
		if i == 0 {
			d.step = part
			continue
		}
		d.messages[i-1] = part
	}
	return d, nil
}

// docWriter writes the document of a commit, and remembers where its parts stand: the
// step, then each message.
type docWriter struct {
	text    bytes.Buffer
	encoder *json.Encoder
	message messageDoc // here, so that it is not made anew for each
	parts   [][2]int
}

var docWriters = sync.Pool{New: func() any {
	w := new(docWriter)
	w.encoder = json.NewEncoder(&w.text)
	return w
}}

func (w *docWriter) write(c *wire.Commit) error {
	w.text.Reset()
	w.parts = w.parts[:0]
	w.text.WriteString(`{"thread":"` + c.ThreadID.String() + `","fence":`)
	w.text.Write(strconv.AppendInt(w.text.AvailableBuffer(), c.Fence, 10))
	w.text.WriteString(`,"seq":`)
	w.text.Write(strconv.AppendInt(w.text.AvailableBuffer(), c.Seq, 10))
	w.text.WriteString(`,"step":`)
	step := newStep(c)
	if err := w.part(&step); err != nil {
		return err
	}
	w.text.WriteString(`,"messages":[`)
	for i, p := range c.Postings {
		if i > 0 {
			w.text.WriteByte(',')
		}
		w.message = newMessageDoc(c.Owner, p)
		if err := w.part(&w.message); err != nil {
			return err
		}
	}
	w.message = messageDoc{} // holds on to nothing
	w.text.WriteString(`]}`)
	return nil
}

func (w *docWriter) part(v any) error {
	from := w.text.Len()
	err := w.encoder.Encode(v)
	w.parts = append(w.parts, [2]int{from, w.text.Len()})
	return err
}

// write sends the commit alone.
func (d *commitDoc) write(ctx context.Context, conn *pgxpool.Conn) error {
	_, err := conn.Exec(ctx, commit, d.thread, d.fence, d.seq, d.step, d.messages)
	return err
}
