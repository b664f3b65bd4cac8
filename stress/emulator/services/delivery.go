package services

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"
)

// errClosing ends a delivery when the double is closed.
var errClosing = errors.New("the emulator closes")

// delivery is the way of one reply to its client. Its methods return an error when
// the client has left or the double closes.
type delivery struct {
	reply
	w        http.ResponseWriter
	ctx      context.Context // of the request: done when the client has left
	closing  <-chan struct{}
	chunked  bool          // a stream is: the client speaks HTTP/1.1
	interval time.Duration // between the parts of a stream
	burst    time.Duration // whose parts leave in one write
	timer    *time.Timer   // of the pauses; nil before the first
}

// plain is delivery without a fault. The head leaves with the first bytes of the body.
func (d *delivery) plain() error {
	d.head()
	return d.send(d.parts)
}

// begin sends the head by itself.
func (d *delivery) begin() {
	d.head()
	d.flush()
}

// head writes the head. A stream has no length.
func (d *delivery) head() {
	for key, values := range d.header {
		d.w.Header()[key] = values
	}
	if !d.isStream() {
		d.w.Header().Set("Content-Length", strconv.Itoa(len(d.body())))
	}
	d.w.WriteHeader(d.status)
}

// send writes parts at the pace of the stream: each has its time from the start, so
// that slow writing does not add up. Those of a burst leave when the last of them is due.
func (d *delivery) send(parts [][]byte) error {
	start := inStep(time.Now(), d.burst)
	conn, first := corkedOf(d.ctx), 0
	for i := range parts {
		if i+1 < len(parts) && d.sameBurst(i, i+1) {
			continue
		}
		if err := d.pause(time.Until(start.Add(d.due(i)))); err != nil {
			return err
		}
		if err := d.sendNow(conn, parts[first:i+1]); err != nil {
			return err
		}
		first = i + 1
	}
	return nil // who leaves after the last byte has not left the call
}

// inStep brings the streams into step: in bursts, they begin at whole fifths of one, not
// after t. One wake-up then serves many of them, here and at the client: of 170 streams
// at a time, each by itself took a thousand more a second.
func inStep(t time.Time, burst time.Duration) time.Time {
	step := burst / 5
	if step <= 0 {
		return t
	}
	return t.Add(-time.Duration(t.UnixNano()) % step)
}

// sendNow writes and flushes. A stream's chunks are put straight into what the
// connection holds back: on its way through the HTTP server each byte would be copied
// twice more.
func (d *delivery) sendNow(conn *corked, parts [][]byte) error {
	return conn.asOne(func() error {
		if conn != nil && d.chunked && d.isStream() {
			d.flush() // the head
			conn.chunk(parts)
			return nil
		}
		for _, p := range parts {
			if _, err := d.w.Write(p); err != nil {
				return err
			}
		}
		d.flush()
		return nil
	})
}

// due is when part i may leave, from the start of the stream.
func (d *delivery) due(i int) time.Duration { return time.Duration(i) * d.interval }

func (d *delivery) sameBurst(i, j int) bool {
	return d.burst > 0 && d.due(i)/d.burst == d.due(j)/d.burst
}

func (d *delivery) flush() { _ = http.NewResponseController(d.w).Flush() }

// pause waits, as long as there is somebody to wait for.
func (d *delivery) pause(length time.Duration) error {
	if length <= 0 {
		return d.ctx.Err()
	}
	if d.timer == nil {
		d.timer = time.NewTimer(length)
	} else {
		d.timer.Reset(length)
	}
	defer d.timer.Stop()
	select {
	case <-d.timer.C:
		return nil
	case <-d.ctx.Done():
		return d.ctx.Err()
	case <-d.closing:
		return errClosing
	}
}

// stall waits until the client has left.
func (d *delivery) stall() error {
	select {
	case <-d.ctx.Done():
		return d.ctx.Err()
	case <-d.closing:
		return errClosing
	}
}

// firstHalf ends where a client is in the middle: between two parts of a stream,
// within the body of anything else.
func (d *delivery) firstHalf() [][]byte {
	if d.isStream() {
		return d.parts[:len(d.parts)/2]
	}
	body := d.body()
	return [][]byte{body[:len(body)/2]}
}

// cut ends the connection: with a reset, or as if the answer had been whole.
func (d *delivery) cut(reset bool) error {
	conn, err := d.take()
	if err != nil {
		return err
	}
	if tcp, ok := conn.(interface{ SetLinger(sec int) error }); ok && reset {
		_ = tcp.SetLinger(0) // closing sends a reset instead of an end
	}
	return conn.Close()
}

func (d *delivery) take() (net.Conn, error) {
	conn, _, err := http.NewResponseController(d.w).Hijack()
	return conn, err
}

// trickle writes a head that never ends, a character at a time.
func (d *delivery) trickle(every time.Duration) error {
	conn, err := d.take()
	if err != nil {
		return err
	}
	ctx, leave := context.WithCancel(context.WithoutCancel(d.ctx)) // a taken connection no longer ends the request's context
	read := make(chan struct{})
	go func() {
		defer close(read)
		_, _ = io.Copy(io.Discard, conn)
		leave()
	}()
	defer func() { <-read }()
	defer conn.Close() //nolint:errcheck // nobody is left to be told
	d.ctx = ctx
	head := "HTTP/1.1 200 OK\r\nX-Padding: "
	for i := 0; ; i++ {
		next := "x"
		if i < len(head) {
			next = head[i : i+1]
		}
		if _, err := io.WriteString(conn, next); err != nil {
			return err
		}
		if err := d.pause(every); err != nil {
			return err
		}
	}
}
