package wire

// ThreadSubscribe asks for a thread's events; with Epoch and AfterSeq also for
// those that were missed (section 4).
type ThreadSubscribe struct {
	ThreadID ID     `json:"thread_id"`
	Epoch    string `json:"epoch"`
	AfterSeq *int64 `json:"after_seq"`
}

func (c *ThreadSubscribe) check() *Error {
	return first(required("thread_id", c.ThreadID), checkAfter("after_seq", c.AfterSeq))
}

func checkAfter(field string, seq *int64) *Error {
	if seq != nil && *seq < 0 {
		return Errorf(CodeBadRequest, "%s: must not be negative", field)
	}
	return nil
}

// ThreadUnsubscribe ends the events of a thread on this connection.
type ThreadUnsubscribe struct {
	ThreadID ID `json:"thread_id"`
}

func (c *ThreadUnsubscribe) check() *Error { return required("thread_id", c.ThreadID) }

// Subscribed answers ThreadSubscribe. Recovered means that every event after
// the one asked for follows; without it the client reloads.
type Subscribed struct {
	ThreadID       ID     `json:"thread_id"`
	Epoch          string `json:"epoch"`
	Seq            int64  `json:"seq"`
	Recovered      bool   `json:"recovered"`
	ActiveRecallID ID     `json:"active_recall_id,omitzero"`
}

// MessageType implements [Message].
func (*Subscribed) MessageType() string { return "subscribed" }
