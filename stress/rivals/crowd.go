package main

import (
	"bytes"
	"context"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/coder/websocket"
	"golang.org/x/sync/errgroup"
)

const dialAtOnce = 32

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
		now := time.Now()
		for message := range bytes.Lines(frame) { // centrifuge sends many in a frame when it is late
			if string(bytes.TrimSpace(message)) == "{}" { // its own ping, and the answer
				_ = ws.Write(ctx, websocket.MessageText, []byte("{}"))
			} else if id, ok := idOf(message); ok {
				c.tell(func(t *task) { t.echoed(id, now) })
			}
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
