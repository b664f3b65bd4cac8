package device

import (
	"context"
	"net/http"

	"github.com/coder/websocket"
)

// Lean is a connection of which a process holds thousands: it keeps no frame, sends
// without waiting, and hands each frame to a callback. It checks the numbering as
// [Device] does, and across reconnections when its places are kept.
type Lean struct {
	ws    *websocket.Conn
	o     LeanOptions
	done  chan struct{}
	close chan struct{}
}

// LeanOptions say who listens. All callbacks of a connection come from its one reading
// goroutine: they must not wait, least of all for a reply.
type LeanOptions struct {
	Token  string // sent with the upgrade request; empty: [Lean.Hello] brings one
	Source int    // of which loopback address the connection comes: see [Source]
	// Places are where the device stands in its threads. Give those of the connection
	// before to resume; nil: none yet.
	Places *Places
	Got    func(h *Head)   // each frame; h is good until it returns
	Fault  func(err error) // a promise that the server broke
	Ended  func(code int)  // the end, last of all: the close code, -1 without one
}

// DialLean connects to base, such as ws://127.0.0.1:8080, and begins to read. ctx
// bounds the handshake.
func DialLean(ctx context.Context, base string, o LeanOptions) (*Lean, error) {
	return nil, http.ErrNotSupported
}

// Fire sends a command that has no "id" yet and returns the id it was given: the reply
// carries it. fields is the rest of the object, such as `"limit":5`; empty: none.
func (l *Lean) Fire(kind, fields string) (id string, err error) { return "", nil }

// Send sends a text frame as it stands.
func (l *Lean) Send(raw []byte) error { return nil }

// SendBinary sends a binary frame.
func (l *Lean) SendBinary(raw []byte) error { return nil }

// Hello says hello with a token and resumes the places.
func (l *Lean) Hello(token string) error { return nil }

// Drop cuts the connection without a word and waits for the reader.
func (l *Lean) Drop() {}

// Close says goodbye and waits for the reader.
func (l *Lean) Close() {}

// Done is closed when the connection has ended.
func (l *Lean) Done() <-chan struct{} { return l.done }
