package wire

import "time"

// Sizes (PROTOCOL.md, sections 1, 2 and 6).
const (
	MaxTextFrame   = 64 << 10  // bytes of a text frame
	MaxBinaryFrame = 256 << 10 // bytes of a binary frame
	MaxCommandID   = 64        // bytes of a command's own id
	MaxText        = 4000      // characters (code points) of a recall's text, trimmed
	MaxTitle       = 200       // characters of a thread's title
	MaxThreads     = 20        // threads or stash items of a page
	MaxMessages    = 50        // messages of a page
	MaxResume      = 64        // threads in one hello
)

// Subprotocol is the WebSocket subprotocol's name.
const Subprotocol = "recall.v1"

// RecallBudget is the longest a recall takes from its acceptance to its terminal
// event (RECALL.md, "Budgets").
const RecallBudget = 55 * time.Second

// Policy names a limit.
type Policy string

// The limits of a user (RECALL.md, "Limits per user"), of a connection, and, in answers
// over HTTP, of an address.
const (
	PolicyMinute     Policy = "recall_minute"
	PolicyHour       Policy = "recall_hour"
	PolicyConcurrent Policy = "recall_concurrent"
	PolicyFrames     Policy = "frames"

	PolicyConnections Policy = "connections" // at once
	PolicyHandshakes  Policy = "handshakes"
	PolicyRequests    Policy = "requests"
)

// Limit is how one policy stands. WindowMS is 0 for a limit that is not over
// time. ResetMS is the time until Remaining rises next, 0 when it is full or
// when that depends on no clock.
type Limit struct {
	Policy    Policy `json:"policy"`
	Limit     int    `json:"limit"`
	WindowMS  int64  `json:"window_ms"`
	Remaining int    `json:"remaining"`
	ResetMS   int64  `json:"reset_ms"`
}

// Limits is sent after `welcome` and after each accepted or refused recall.
type Limits struct {
	Policies []Limit `json:"policies"`
}

// MessageType implements [Message].
func (Limits) MessageType() string { return "limits" }
