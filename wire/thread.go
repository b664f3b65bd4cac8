package wire

// Thread is one conversation. Seq is the number of its last stored event; Epoch
// names the numbering (section 4).
type Thread struct {
	ID            ID     `json:"id"`
	Title         string `json:"title"`
	Pinned        bool   `json:"pinned"`
	Archived      bool   `json:"archived"`
	Summary       string `json:"summary"`
	CreatedAt     Time   `json:"created_at"`
	LastMessageAt Time   `json:"last_message_at"`
	Seq           int64  `json:"seq"`
	Epoch         string `json:"epoch"`
}

// ThreadReply answers the commands that make, read or change one thread.
type ThreadReply struct {
	Thread Thread `json:"thread"`
}

// MessageType implements [Message].
func (*ThreadReply) MessageType() string { return "thread" }

// ThreadUpdated is the event that a thread's own fields changed. An addition to
// PROTOCOL.md: it keeps a person's other devices in step.
type ThreadUpdated struct {
	Thread Thread `json:"thread"`
}

// MessageType implements [Message].
func (*ThreadUpdated) MessageType() string { return "thread.updated" }

// ThreadDeleted is the last event of a thread. An addition to PROTOCOL.md.
type ThreadDeleted struct{}

// MessageType implements [Message].
func (ThreadDeleted) MessageType() string { return "thread.deleted" }
