package gateway

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/coder/websocket"

	"recall/wire"
)

// connect opens a connection and returns both ends.
func (w *world) connect() (*client, *peer) {
	w.t.Helper()
	ws, _, err := w.dial(nil, wire.Subprotocol)
	if err != nil {
		w.t.Fatal(err)
	}
	return &client{w: w, ws: ws, ctx: w.context()}, <-w.peers
}

// client is the app's end.
type client struct {
	w   *world
	ws  *websocket.Conn
	ctx context.Context
}

func (c *client) send(text string) {
	c.w.t.Helper()
	if err := c.ws.Write(c.ctx, websocket.MessageText, []byte(text)); err != nil {
		c.w.t.Fatal(err)
	}
}

type frame struct {
	Type         string `json:"type"`
	ID           string `json:"id"`
	Code         any    `json:"code"`
	Policy       string `json:"policy"`
	RetryAfterMS int64  `json:"retry_after_ms"`
	Reconnect    bool   `json:"reconnect"`
	FirstSeq     int64  `json:"first_seq"`
	Seq          int64  `json:"seq"`
	Text         string `json:"text"`
	Message      string `json:"message"`
	MediaID      string `json:"media_id"`
	Channel      uint32 `json:"channel"`
	ChunkBytes   int    `json:"chunk_bytes"`
	Size         int64  `json:"size"`
	SHA256       string `json:"sha256"`
}

func (c *client) read() frame {
	c.w.t.Helper()
	_, b, err := c.ws.Read(c.ctx)
	if err != nil {
		c.w.t.Fatal(err)
	}
	var f frame
	if err := json.Unmarshal(b, &f); err != nil {
		c.w.t.Fatal(err)
	}
	return f
}

// ends reads the goodbye and then the close frame, both with code.
func (c *client) ends(code wire.CloseCode) frame {
	c.w.t.Helper()
	f := c.read()
	if f.Type != "goodbye" || f.Code != float64(code) {
		c.w.t.Fatalf("%+v, want a goodbye with %d", f, code)
	}
	if _, _, err := c.ws.Read(c.ctx); websocket.CloseStatus(err) != websocket.StatusCode(code) {
		c.w.t.Errorf("closed with %v, want %d", err, code)
	}
	return f
}

// next is what the session was told next.
func next[T any](t *testing.T, p *peer) T {
	t.Helper()
	told := <-p.told
	m, ok := told.(T)
	if !ok {
		t.Fatalf("the session was told %T, want %T", told, m)
	}
	return m
}
