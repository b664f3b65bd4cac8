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
	interval time.Duration // between the parts of a stream
}

// plain is delivery without a fault.
func (d *delivery) plain() error {
	d.begin()
	return d.send(d.parts)
}

// begin writes the head. A stream has no length, and leaves at once.
func (d *delivery) begin() {
	for key, values := range d.header {
		d.w.Header()[key] = values
	}
	if !d.isStream() {
		d.w.Header().Set("Content-Length", strconv.Itoa(len(d.body())))
	}
	d.w.WriteHeader(d.status)
	d.flush()
}

// send writes parts at the pace of the stream: each has its time from the start, so
// that slow writing does not add up.
func (d *delivery) send(parts [][]byte) error {
	start := time.Now()
	for i, p := range parts {
		if err := d.pause(time.Until(start.Add(time.Duration(i) * d.interval))); err != nil {
			return err
		}
		if _, err := d.w.Write(p); err != nil {
			return err
		}
		d.flush()
	}
	return nil // who leaves after the last byte has not left the call
}

func (d *delivery) flush() { _ = http.NewResponseController(d.w).Flush() }

// pause waits, as long as there is somebody to wait for.
func (d *delivery) pause(length time.Duration) error {
	if length <= 0 {
		return d.ctx.Err()
	}
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-timer.C:
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
	if tcp, ok := conn.(*net.TCPConn); ok && reset {
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
