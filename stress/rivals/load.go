package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/coder/websocket"
	"golang.org/x/sync/errgroup"
)

const (
	dialAtOnce = 32
	lateness   = 20 * time.Second // that the last echo may have
)

// crowd is connections that are read all the time, which also answers the server's pings.
type crowd struct {
	rival rival
	conns []*websocket.Conn
	stop  context.CancelFunc
	ended sync.WaitGroup

	mu   sync.Mutex
	task *task // nil: nothing is awaited
}

func dialAll(ctx context.Context, r rival, p *process, n int) (*crowd, error) {
	reading, stop := context.WithCancel(ctx)
	c := &crowd{rival: r, conns: make([]*websocket.Conn, n), stop: stop}
	var dials errgroup.Group
	dials.SetLimit(dialAtOnce)
	for i := range n {
		dials.Go(func() (err error) {
			if c.conns[i], err = r.dial(ctx, p.base, i); err != nil {
				return err
			}
			c.ended.Go(func() { c.read(reading, c.conns[i]) })
			return nil
		})
	}
	if err := dials.Wait(); err != nil {
		c.leave()
		return nil, err
	}
	return c, nil
}

func (c *crowd) leave() {
	c.stop()
	for _, ws := range c.conns {
		if ws != nil {
			_ = ws.CloseNow()
		}
	}
	c.ended.Wait()
}

func (c *crowd) read(ctx context.Context, ws *websocket.Conn) {
	for {
		_, frame, err := ws.Read(ctx)
		if err != nil {
			c.tell(func(t *task) { t.fail(err) })
			return
		}
		if string(frame) == "{}" { // centrifuge's own ping, and its answer
			_ = ws.Write(ctx, websocket.MessageText, frame)
			continue
		}
		now := time.Now()
		if id, ok := idOf(frame); ok {
			c.tell(func(t *task) { t.echoed(id, now) })
		}
	}
}

func (c *crowd) tell(what func(*task)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.task != nil {
		what(c.task)
	}
}

// idOf is the number behind `"id":`, quoted or not.
func idOf(frame []byte) (int, bool) {
	const key = `"id":`
	for i := 0; i+len(key) < len(frame); i++ {
		if string(frame[i:i+len(key)]) == key {
			rest := frame[i+len(key):]
			if rest[0] == '"' {
				rest = rest[1:]
			}
			end := slices.IndexFunc(rest, func(b byte) bool { return b < '0' || b > '9' })
			id, err := strconv.Atoi(string(rest[:max(end, 0)]))
			return id, err == nil
		}
	}
	return 0, false
}

// task is messages of one rate. Message i is due at the start and i times the interval,
// however late the server is.
type task struct {
	start    time.Time
	interval time.Duration
	times    []time.Duration // 0: not yet back
	missing  int
	done     chan error
}

const firstID = 2 // 1 was the handshake's

func (t *task) echoed(id int, at time.Time) {
	i := id - firstID
	if i < 0 || i >= len(t.times) || t.times[i] != 0 {
		return
	}
	t.times[i] = at.Sub(t.start.Add(time.Duration(i) * t.interval))
	if t.missing--; t.missing == 0 {
		t.fail(nil)
	}
}

func (t *task) fail(err error) {
	select {
	case t.done <- err:
	default: // somebody said so already
	}
}

// send sends messages at a rate and waits for all echoes.
func (c *crowd) send(ctx context.Context, p *process, rate int, lasting time.Duration) (m pace, err error) {
	n := int(lasting.Seconds() * float64(rate))
	if n == 0 {
		return m, errors.New("that is not one message")
	}
	before, err := p.cpu()
	if err != nil {
		return m, err
	}
	t := &task{start: time.Now(), interval: time.Second / time.Duration(rate), times: make([]time.Duration, n), missing: n, done: make(chan error, 1)}
	c.mu.Lock()
	c.task = t
	c.mu.Unlock()
	if err := c.pace(ctx, t); err != nil {
		return m, err
	}
	select {
	case err = <-t.done:
	case <-time.After(lateness):
		err = fmt.Errorf("echoes are missing after %v", lateness)
	case <-ctx.Done():
		err = ctx.Err()
	}
	if err != nil {
		return m, err
	}
	after, err := p.cpu()
	slices.Sort(t.times)
	return pace{cpu: (after - before) / time.Duration(n), p50: t.times[n/2], p99: t.times[n*99/100]}, err
}

// pace keeps a thread of its own: the runtime's timers are late by up to a millisecond,
// which is more than an echo takes.
func (c *crowd) pace(ctx context.Context, t *task) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for i := range t.times {
		if wait := time.Until(t.start.Add(time.Duration(i) * t.interval)); wait > 0 {
			rest := syscall.NsecToTimespec(wait.Nanoseconds())
			_ = syscall.Nanosleep(&rest, nil) // a signal may end it early: the message is then as early
		}
		if err := c.conns[i%len(c.conns)].Write(ctx, websocket.MessageText, []byte(c.rival.message(i+firstID))); err != nil {
			return err
		}
	}
	return nil
}
