package wire

// Ping asks for a sign of life above the transport.
type Ping struct{}

func (*Ping) check() *Error { return nil }

// Pong answers Ping.
type Pong struct {
	ServerTime Time `json:"server_time"`
}

// MessageType implements [Message].
func (Pong) MessageType() string { return "pong" }
