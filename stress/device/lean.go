package device

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/coder/websocket"
)

// Lean is a connection of which a process holds thousands: it keeps no frame, sends
// without waiting, and hands each frame to a callback. It checks the numbering as
// [Device] does, and across reconnections when its places are kept. It is safe for
// concurrent use.
type Lean struct {
	ws     *websocket.Conn
	o      LeanOptions
	done   chan struct{}
	nextID atomic.Int64
}

// LeanOptions say who listens. All callbacks of a connection come from its one reading
// goroutine: they must not wait, least of all for a reply. Nil ones are not called.
type LeanOptions struct {
	Token  string // sent with the upgrade request; empty: [Lean.Hello] brings one
	Source int    // of which loopback address the connection comes: see [Source]
	// Places are where the device stands in its threads. Give those of the connection
	// before to resume; nil: none yet.
	Places *Places
	Got    func(h *Head)   // each frame; h is good until it returns
	Fault  func(err error) // a promise that the server broke
	Ended  func(code int)  // the end, last of all: the close code, -1 without one
	Hold   bool            // do not begin to read: see [Lean.Start]
}

// DialLean connects to base, such as ws://127.0.0.1:8080, and begins to read. ctx
// bounds the handshake.
func DialLean(ctx context.Context, base string, o LeanOptions) (*Lean, error) {
	header := http.Header{}
	if o.Token != "" {
		header.Set("Authorization", "Bearer "+o.Token)
	}
	ws, _, err := websocket.Dial(ctx, base+"/v1/ws", &websocket.DialOptions{ //nolint:bodyclose // a handshake that succeeded leaves none
		Subprotocols: []string{"recall.v1"}, HTTPHeader: header, HTTPClient: clientOf(o.Source),
	})
	if err != nil {
		return nil, err
	}
	ws.SetReadLimit(4 << 20)
	if o.Places == nil {
		o.Places = NewPlaces()
	}
	l := &Lean{ws: ws, o: o, done: make(chan struct{})}
	if !o.Hold {
		l.Start()
	}
	return l, nil
}

// Start begins to read, once.
func (l *Lean) Start() { go l.read() }

// buffers are shared by all connections, since few of them read at one moment.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func (l *Lean) read() {
	defer close(l.done)
	for {
		_, r, err := l.ws.Reader(context.Background())
		if err == nil {
			err = l.frame(r)
		}
		if err != nil {
			if l.o.Ended != nil {
				l.o.Ended(int(websocket.CloseStatus(err)))
			}
			return
		}
	}
}

func (l *Lean) frame(r io.Reader) error {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if _, err := b.ReadFrom(r); err != nil {
		return err
	}
	var h Head
	if err := h.read(b.Bytes()); err != nil {
		l.fault(fmt.Errorf("frame cannot be read: %w", err))
		return nil
	}
	if err := l.o.Places.number(&h); err != nil {
		l.fault(err)
	}
	if l.o.Got != nil {
		l.o.Got(&h)
	}
	return nil
}

func (l *Lean) fault(err error) {
	if l.o.Fault != nil {
		l.o.Fault(err)
	}
}

// ID is a command id that no other command of the connection has.
func (l *Lean) ID() string { return "l" + strconv.FormatInt(l.nextID.Add(1), 10) }

// Fire sends a command without waiting for its reply, which carries the id. fields is
// the rest of the object as JSON, such as `"limit":5`; empty: none.
func (l *Lean) Fire(id, kind, fields string) error {
	raw := make([]byte, 0, len(id)+len(kind)+len(fields)+24)
	raw = append(append(raw, `{"type":"`...), kind...)
	raw = append(append(append(raw, `","id":"`...), id...), '"')
	if fields != "" {
		raw = append(append(raw, ','), fields...)
	}
	return l.Send(append(raw, '}'))
}

// Send sends a text frame as it stands. It waits only for room in the socket.
func (l *Lean) Send(raw []byte) error {
	return l.ws.Write(context.Background(), websocket.MessageText, raw)
}

// SendBinary sends a binary frame likewise.
func (l *Lean) SendBinary(raw []byte) error {
	return l.ws.Write(context.Background(), websocket.MessageBinary, raw)
}

// Hello says hello with a token and goes on where the places stand.
func (l *Lean) Hello(id, token string) error {
	hello := []byte(`{"type":"hello","id":"` + id + `","token":"` + token + `",`)
	return l.Send(append(l.o.Places.resume(hello), '}'))
}

// Drop cuts the connection without a word, as a lost network does. It does not wait:
// see [Lean.Done].
func (l *Lean) Drop() { _ = l.ws.CloseNow() }

// Close says goodbye and waits for the reader; not from a callback.
func (l *Lean) Close() {
	_ = l.ws.Close(websocket.StatusNormalClosure, "")
	<-l.done
}

// Done is closed when the connection has ended and no callback comes any more.
func (l *Lean) Done() <-chan struct{} { return l.done }
