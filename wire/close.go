package wire

// CloseCode is a WebSocket close code that the server sends (PROTOCOL.md, section 5).
type CloseCode int

// Close codes. 4000-4499 invite the client to reconnect, 4500-4999 tell it not to.
const (
	CloseTooLarge       CloseCode = 1009 // a frame over the limit
	CloseRestart        CloseCode = 1012 // reconnect with jitter
	CloseOverload       CloseCode = 1013 // reconnect after retry_after_ms
	CloseTokenExpired   CloseCode = 4001 // refresh the token first
	CloseTooSlow        CloseCode = 4008 // the client did not read what was sent
	CloseNoPong         CloseCode = 4012 // no sign of life
	CloseUnauthorized   CloseCode = 4500 // no or bad token
	CloseProtocol       CloseCode = 4501 // reserved: the client does not speak this protocol
	CloseTooManyClients CloseCode = 4504 // too many connections of one user
)

// Reconnect tells whether a client should come back after this code.
func (c CloseCode) Reconnect() bool { return c < 4500 && c != CloseTooLarge }

// Goodbye is the last message before the server closes by its own will.
type Goodbye struct {
	Code         CloseCode `json:"code"`
	Reason       string    `json:"reason"`
	Reconnect    bool      `json:"reconnect"`
	RetryAfterMS int64     `json:"retry_after_ms"`
}

// MessageType implements [Message].
func (*Goodbye) MessageType() string { return "goodbye" }

// NewGoodbye announces code; Reconnect follows from it.
func NewGoodbye(code CloseCode, reason string, retryAfterMS int64) *Goodbye {
	return &Goodbye{Code: code, Reason: reason, Reconnect: code.Reconnect(), RetryAfterMS: retryAfterMS}
}
