package wire

import "encoding/json"

// Role tells who speaks.
type Role string

// The roles of a message.
const (
	RoleUser      Role = "user"
	RoleAssistant Role = "assistant"
	RoleSystem    Role = "system"
)

// PostingType is a message's "message_type".
type PostingType string

// The types of messages.
const (
	TypeText      PostingType = "text"
	TypeVoice     PostingType = "voice"
	TypeImage     PostingType = "image"
	TypeCandidate PostingType = "candidate"
	TypeStatus    PostingType = "status"
	TypeFollowUp  PostingType = "follow_up"
	TypeAnswer    PostingType = "answer"
)

// Verdict is what the user said of a candidate. The field `verdict` of a message
// is an addition to PROTOCOL.md.
type Verdict string

// The verdicts.
const (
	Confirmed Verdict = "confirmed"
	Rejected  Verdict = "rejected"
)

// Posting is a message of a thread: `message` in PROTOCOL.md. (In this package
// [Message] is anything that goes over the wire.) Once stored only its verdict
// changes, and of a message with media Text and RawTranscript, when its words have
// been heard or read; a change makes a copy, since stored ones are shared by caches.
type Posting struct {
	ID               ID              `json:"id"`
	ThreadID         ID              `json:"thread_id"`
	Seq              int64           `json:"seq"`
	Role             Role            `json:"role"`
	Type             PostingType     `json:"message_type"`
	Text             string          `json:"text,omitempty"`
	RawTranscript    string          `json:"raw_transcript,omitempty"`
	EditedTranscript string          `json:"edited_transcript,omitempty"`
	MediaID          ID              `json:"media_id,omitzero"`
	Candidate        *Candidate      `json:"candidate,omitempty"`
	Sources          json.RawMessage `json:"sources,omitempty"`
	Confidence       *float64        `json:"confidence,omitempty"`
	SongTitle        string          `json:"song_title,omitempty"`
	SongArtist       string          `json:"song_artist,omitempty"`
	SongURL          string          `json:"song_url,omitempty"`
	RecallID         ID              `json:"recall_id,omitzero"`
	Verdict          Verdict         `json:"verdict,omitempty"`
	CreatedAt        Time            `json:"created_at"`
}

// MessageStored is the event `message`: a message was stored in the thread.
type MessageStored struct {
	Message *Posting `json:"message"`
}

// MessageType implements [Message].
func (*MessageStored) MessageType() string { return "message" }

// MessageUpdated is the event that a candidate was confirmed or rejected. An
// addition to PROTOCOL.md.
type MessageUpdated struct {
	Message *Posting `json:"message"`
}

// MessageType implements [Message].
func (*MessageUpdated) MessageType() string { return "message.updated" }

// Judge confirms or rejects a candidate that was offered.
type Judge struct {
	MessageID ID      `json:"message_id"`
	Verdict   Verdict `json:"-"` // by the command's type
}

func (c *Judge) check() *Error { return required("message_id", c.MessageID) }
