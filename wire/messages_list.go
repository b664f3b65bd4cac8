package wire

// MessagesList reads a page of a thread: the newest messages, those before
// BeforeSeq, or those after AfterSeq.
type MessagesList struct {
	ThreadID  ID     `json:"thread_id"`
	BeforeSeq *int64 `json:"before_seq"`
	AfterSeq  *int64 `json:"after_seq"`
	Limit     *int   `json:"limit"`
}

func (c *MessagesList) check() *Error {
	if c.BeforeSeq != nil && c.AfterSeq != nil {
		return Errorf(CodeBadRequest, "before_seq, after_seq: only one of them can be given")
	}
	if c.BeforeSeq != nil && *c.BeforeSeq < 1 {
		return Errorf(CodeBadRequest, "before_seq: must be at least 1")
	}
	return first(required("thread_id", c.ThreadID), inRange("limit", c.Limit, MaxMessages), checkAfter("after_seq", c.AfterSeq))
}

// PageSize is the limit asked for or the default, 50.
func (c *MessagesList) PageSize() int { return sizeOr(c.Limit, MaxMessages) }

// Messages answers MessagesList, in the order of seq. HasMore tells whether the
// thread goes on beyond the page, in the direction that was read.
type Messages struct {
	ThreadID ID         `json:"thread_id"`
	Messages []*Posting `json:"messages"`
	HasMore  bool       `json:"has_more"`
	Cached   bool       `json:"cached"`
}

// MessageType implements [Message].
func (*Messages) MessageType() string { return "messages" }
