package device

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"

	"github.com/coder/websocket"
)

// Device is one connection of a simulated app. It is safe for concurrent use.
type Device struct {
	ws     *websocket.Conn
	done   chan struct{} // closed when the connection has ended
	cancel context.CancelFunc

	mu      sync.Mutex
	nextID  int
	waiting map[string]chan Frame
	places  map[string]*place
	frames  []Frame
	changed chan struct{} // closed and replaced with each frame
	faults  []error
	end     error
}

// Options of a connection.
type Options struct {
	Token  string       // sent as Authorization; empty: the caller says hello
	Client *http.Client // for another source address
	Hold   bool         // do not begin to read: see [Device.Start]
}

// Dial connects to base, such as ws://127.0.0.1:8080.
func Dial(ctx context.Context, base string, o Options) (*Device, error) {
	header := http.Header{}
	if o.Token != "" {
		header.Set("Authorization", "Bearer "+o.Token)
	}
	ws, _, err := websocket.Dial(ctx, base+"/v1/ws", &websocket.DialOptions{
		Subprotocols: []string{"recall.v1"}, HTTPHeader: header, HTTPClient: o.Client,
	})
	if err != nil {
		return nil, err
	}
	ws.SetReadLimit(4 << 20)
	d := &Device{
		ws: ws, done: make(chan struct{}), waiting: map[string]chan Frame{},
		places: map[string]*place{}, changed: make(chan struct{}),
	}
	if !o.Hold {
		d.Start()
	}
	return d, nil
}

// Start begins to read, once.
func (d *Device) Start() {
	ctx, cancel := context.WithCancel(context.Background())
	d.cancel = cancel
	go d.read(ctx)
}

func (d *Device) read(ctx context.Context) {
	defer close(d.done)
	for {
		_, raw, err := d.ws.Read(ctx)
		if err != nil {
			d.finish(err)
			return
		}
		f, err := parse(raw)
		if err != nil {
			d.fault(fmt.Errorf("frame is not JSON: %w", err))
			continue
		}
		d.got(f)
	}
}

func (d *Device) got(f Frame) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.frames = append(d.frames, f)
	d.number(f)
	if ch, ok := d.waiting[f.ID]; ok && f.ID != "" {
		delete(d.waiting, f.ID)
		ch <- f
	}
	close(d.changed)
	d.changed = make(chan struct{})
}

// number checks the promise of dense numbers.
func (d *Device) number(f Frame) {
	switch {
	case f.Type == "subscribed":
		var s struct{ Recovered bool }
		_ = f.Into(&s) // it was JSON a moment ago
		d.place(f.ThreadID).subscribed(f.Epoch, f.Seq, s.Recovered)
	case f.IsEvent():
		if err := d.place(f.ThreadID).follow(f); err != nil {
			d.faults = append(d.faults, err)
		}
	}
}

func (d *Device) place(thread string) *place {
	p, ok := d.places[thread]
	if !ok {
		p = &place{}
		d.places[thread] = p
	}
	return p
}

func (d *Device) fault(err error) {
	d.mu.Lock()
	d.faults = append(d.faults, err)
	d.mu.Unlock()
}

func (d *Device) finish(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.end = err
	for id, ch := range d.waiting {
		delete(d.waiting, id)
		close(ch)
	}
	close(d.changed)
	d.changed = make(chan struct{})
}

// Fields are the fields of a command besides type and id.
type Fields map[string]any

// ErrClosed says that the connection ended before the reply came.
var ErrClosed = errors.New("device: the connection has ended")

// Do sends a command and waits for its direct reply, which may be an error frame.
func (d *Device) Do(ctx context.Context, kind string, fields Fields) (Frame, error) {
	ch := make(chan Frame, 1)
	d.mu.Lock()
	d.nextID++
	id := "c" + strconv.Itoa(d.nextID)
	d.waiting[id] = ch
	d.mu.Unlock()
	body := map[string]any{"type": kind, "id": id}
	for k, v := range fields {
		body[k] = v
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return Frame{}, err
	}
	if err := d.Send(ctx, raw); err != nil {
		return Frame{}, err
	}
	select {
	case f, ok := <-ch:
		if !ok {
			return Frame{}, ErrClosed
		}
		return f, nil
	case <-ctx.Done():
		return Frame{}, fmt.Errorf("no reply to %s: %w", kind, ctx.Err())
	}
}

// Send sends a frame as it stands, also one that is no command.
func (d *Device) Send(ctx context.Context, raw []byte) error {
	return d.ws.Write(ctx, websocket.MessageText, raw)
}

// SendBinary sends a binary frame.
func (d *Device) SendBinary(ctx context.Context, raw []byte) error {
	return d.ws.Write(ctx, websocket.MessageBinary, raw)
}

// Await waits until a frame that match accepts has come, also one that came
// before, and returns the first of them.
func (d *Device) Await(ctx context.Context, match func(Frame) bool) (Frame, error) {
	for from := 0; ; {
		d.mu.Lock()
		frames, changed, end := d.frames, d.changed, d.end
		d.mu.Unlock()
		for ; from < len(frames); from++ {
			if match(frames[from]) {
				return frames[from], nil
			}
		}
		if end != nil {
			return Frame{}, fmt.Errorf("%w: %w", ErrClosed, end)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return Frame{}, ctx.Err()
		}
	}
}

// Frames is everything that came so far.
func (d *Device) Frames() []Frame {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.frames[:len(d.frames):len(d.frames)]
}

// Faults is what the server broke of its promises, as far as a device can see.
func (d *Device) Faults() []error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.faults[:len(d.faults):len(d.faults)]
}

// Place is the last event number of a thread that came, and its epoch.
func (d *Device) Place(thread string) (epoch string, seq int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p := d.place(thread)
	return p.epoch, p.seq
}

// Closed waits for the end of the connection and tells the close code, -1 when
// there was none.
func (d *Device) Closed(ctx context.Context) (code int, err error) {
	select {
	case <-d.done:
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return int(websocket.CloseStatus(d.end)), nil
}

// Close says goodbye.
func (d *Device) Close() {
	_ = d.ws.Close(websocket.StatusNormalClosure, "")
	d.stop()
}

// Drop cuts the connection without a word, as a lost network does.
func (d *Device) Drop() {
	_ = d.ws.CloseNow()
	d.stop()
}

func (d *Device) stop() {
	if d.cancel != nil {
		d.cancel()
		<-d.done
	}
}

// NewUUID makes a random UUID (version 4), as an app would.
func NewUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
