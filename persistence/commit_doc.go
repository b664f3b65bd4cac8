package persistence

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/jackc/pgx/v5/pgxpool"

	"recall/wire"
)

const commit = `SELECT recall_commit($1, $2, $3, $4, $5)`

// commitDoc is a commit as recall_commit takes it, and joined as one of the
// documents that recall_commit_batch takes. It is encoded by its caller, so that
// those of a group are encoded side by side.
type commitDoc struct {
	thread     wire.ID
	fence, seq int64
	step       json.RawMessage
	messages   []json.RawMessage
}

func newCommitDoc(c *wire.Commit) (d commitDoc, err error) {
	d = commitDoc{thread: c.ThreadID, fence: c.Fence, seq: c.Seq, messages: make([]json.RawMessage, len(c.Postings))}
	if d.step, err = json.Marshal(newStep(c)); err != nil {
		return d, err
	}
	for i, p := range c.Postings {
		if d.messages[i], err = json.Marshal(newMessageDoc(c.Owner, p)); err != nil {
			return d, err
		}
	}
	return d, nil
}

// write sends the commit alone.
func (d *commitDoc) write(ctx context.Context, conn *pgxpool.Conn) error {
	_, err := conn.Exec(ctx, commit, d.thread, d.fence, d.seq, d.step, d.messages)
	return err
}

// joined puts the parts together; encoding them again would check them again.
func (d *commitDoc) joined() json.RawMessage {
	size := 128 + len(d.step)
	for _, m := range d.messages {
		size += len(m) + 1
	}
	doc := append(make([]byte, 0, size), `{"thread":"`+d.thread.String()+`","fence":`...)
	doc = strconv.AppendInt(doc, d.fence, 10)
	doc = strconv.AppendInt(append(doc, `,"seq":`...), d.seq, 10)
	doc = append(append(doc, `,"step":`...), d.step...)
	doc = append(doc, `,"messages":[`...)
	for i, m := range d.messages {
		if i > 0 {
			doc = append(doc, ',')
		}
		doc = append(doc, m...)
	}
	return append(doc, `]}`...)
}
