package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"syscall"
	"time"

	"github.com/coder/websocket"
)

const lateness = time.Minute // that the last echo may have

// task is messages of one rate. Message i is due at the start and i times the interval,
// however late the server is.
type task struct {
	start    time.Time
	interval time.Duration
	times    []time.Duration // 0: not yet back
	behind   []time.Duration // until it was sent
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
	t := &task{
		start: time.Now(), interval: time.Second / time.Duration(rate), missing: n, done: make(chan error, 1),
		times: make([]time.Duration, n), behind: make([]time.Duration, n),
	}
	c.mu.Lock()
	c.task = t
	c.mu.Unlock()
	if err := c.pace(ctx, t); err != nil {
		return m, err
	}
	select {
	case err = <-t.done:
	case <-time.After(lateness):
		err = fmt.Errorf("echoes are still missing after %v", lateness)
	case <-ctx.Done():
		err = ctx.Err()
	}
	if err != nil {
		return m, err
	}
	after, err := p.cpu()
	slices.Sort(t.times)
	slices.Sort(t.behind)
	return pace{cpu: (after - before) / time.Duration(n), p50: t.times[n/2], p99: t.times[n*99/100], behind: t.behind[n*99/100]}, err
}

// pace keeps a thread of its own: the runtime's timers are late by up to a millisecond,
// which is more than an echo takes.
func (c *crowd) pace(ctx context.Context, t *task) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for i := range t.times {
		due := t.start.Add(time.Duration(i) * t.interval)
		if wait := time.Until(due); wait > 0 {
			rest := syscall.NsecToTimespec(wait.Nanoseconds())
			_ = syscall.Nanosleep(&rest, nil) // a signal may end it early: the message is then as early
		}
		t.behind[i] = time.Since(due)
		if err := c.conns[i%len(c.conns)].Write(ctx, websocket.MessageText, []byte(c.rival.message(i+firstID))); err != nil {
			return err
		}
	}
	return nil
}
