package gateway

import (
	"context"
	"encoding/binary"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/asynkron/protoactor-go/actor"
	"github.com/coder/websocket"

	"recall/actors/session"
	"recall/actors/thread"
	"recall/wire"
)

// withSessions makes the world's next connections real ones: the edge and the session
// together, as a client sees them.
func (w *world) withSessions() {
	quiet := actor.WithLoggerFactory(func(*actor.ActorSystem) *slog.Logger { return slog.New(slog.DiscardHandler) })
	system := actor.NewActorSystem(quiet, actor.WithDeadLetterThrottleInterval(1)) // protoactor counts them that long, in a goroutine
	var tasks sync.WaitGroup
	deps := session.Deps{
		Config: session.Config{HelloTimeout: time.Hour, Heartbeat: time.Hour, Timeout: time.Minute},
		Verify: verify, Grains: nobody{}, Media: w.shelf, Admit: w.g.AdmitUser, Draining: w.g.Draining,
		Logger: slog.New(slog.DiscardHandler), Now: time.Now, Go: tasks.Go,
	}
	w.spawn = func(c session.Conn, claims *session.Claims) func(any) {
		sess := session.New(&deps, c, claims)
		pid := system.Root.Spawn(actor.PropsFromProducer(func() actor.Actor { return sess }))
		return func(m any) { system.Root.Send(pid, m) }
	}
	w.stop = func() {
		tasks.Wait()
		system.Shutdown()
	}
}

// nobody stands for threads and users.
type nobody struct{}

func (nobody) Thread(context.Context, wire.ID, *thread.Request) error { return wire.NotFound("thread") }
func (nobody) Limits(context.Context, wire.ID) ([]wire.Limit, error)  { return nil, nil }
func (nobody) Greet(context.Context, wire.ID) ([]wire.Limit, error)   { return nil, nil }
func (nobody) Threads(context.Context, wire.ID, *wire.ThreadList) (*wire.Threads, error) {
	return &wire.Threads{}, nil
}

// signIn is a client with a real session, welcomed.
func (w *world) signIn() *client {
	w.t.Helper()
	ws, _, err := w.dial(http.Header{"Authorization": {"Bearer good"}}, wire.Subprotocol)
	if err != nil {
		w.t.Fatal(err)
	}
	c := &client{w: w, ws: ws, ctx: w.context()}
	c.want("welcome")
	c.want("limits")
	return c
}

// want reads one frame, of this type or an error of this code.
func (c *client) want(name string) frame {
	c.w.t.Helper()
	f := c.read()
	if f.Type != name && (f.Type != "error" || f.Code != name) {
		c.w.t.Fatalf("%+v, want %s", f, name)
	}
	return f
}

// open opens an upload.
func (c *client) open(more string) frame {
	c.w.t.Helper()
	c.send(`{"type":"media.open","id":"o","kind":"voice","content_type":"audio/wav"` + more + `}`)
	return c.want("media.opened")
}

// chunk sends a binary frame.
func (c *client) chunk(channel uint32, data []byte) {
	c.w.t.Helper()
	if err := c.ws.Write(c.ctx, websocket.MessageBinary, append(binary.BigEndian.AppendUint32(nil, channel), data...)); err != nil {
		c.w.t.Fatal(err)
	}
}

// chunks sends data in pieces.
func (c *client) chunks(channel uint32, data []byte, size int) {
	c.w.t.Helper()
	for len(data) > 0 {
		n := min(size, len(data))
		c.chunk(channel, data[:n])
		data = data[n:]
	}
}

// close ends an upload with this outcome.
func (c *client) close(mediaID, sum, outcome string) frame {
	c.w.t.Helper()
	c.send(fmt.Sprintf(`{"type":"media.close","id":"c","media_id":%q,"sha256":%q}`, mediaID, sum))
	return c.want(outcome)
}

// stored closes an upload that must be what was sent.
func (c *client) stored(mediaID string, content []byte) {
	c.w.t.Helper()
	if f := c.close(mediaID, sumOf(content), "media.stored"); f.Size != int64(len(content)) || f.SHA256 != sumOf(content) || f.MediaID != mediaID || f.ID != "c" {
		c.w.t.Errorf("%d bytes were stored as %+v", len(content), f)
	}
	c.w.ended("stored")
}

// ended waits for the end of an upload or a download.
func (w *world) ended(how string) {
	w.t.Helper()
	if got := <-w.shelf.ends; got != how {
		w.t.Errorf("%s, want %s", got, how)
	}
}

// quiet tells that nothing was sent meanwhile.
func (c *client) quiet() {
	c.w.t.Helper()
	c.send(`{"type":"ping"}`)
	c.want("pong")
}

func edge(t *testing.T, change func(*Config)) (*world, *client) {
	t.Helper()
	w := start(t, change)
	w.withSessions()
	return w, w.signIn()
}
