package gateway

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
	"go.uber.org/goleak"

	"recall/actors/session"
	"recall/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a gateway on a loopback socket. Its sessions are scripted: what they
// are told waits in a channel for the test.
type world struct {
	t      *testing.T
	g      *Gateway
	srv    *httptest.Server
	peers  chan *peer
	closed chan wire.CloseCode // what Metrics was told
	ready  atomic.Pointer[error]
	shelf  *shelf
	spawn  func(session.Conn, *session.Claims) func(any) // nil: the session is scripted
	stop   func()                                        // ends the real ones
	floods chan string                                   // likewise
	looks  chan struct{}                                 // one for each look at the clock, as far as there is room

	mu  sync.Mutex
	now time.Time // zero: the real clock
}

// peer is the server's end of one connection.
type peer struct {
	session.Conn
	claims *session.Claims
	told   chan any
}

// start runs a gateway; change makes its bounds tighter.
func start(t *testing.T, change func(*Config)) *world {
	t.Helper()
	t.Parallel()
	w := &world{t: t, peers: make(chan *peer, 100), closed: make(chan wire.CloseCode, 100), looks: make(chan struct{}, 100), floods: make(chan string, 1000), shelf: newShelf()}
	cfg := Config{
		PingInterval: time.Hour, PongTimeout: time.Hour, WriteTimeout: 20 * time.Second, OutboxFrames: 100, OutboxBytes: 1 << 20,
		InFlight: 10, FrameBurst: 1000, FramesPerSecond: 1000, MaxConnections: 100, MaxPerUser: 2,
	}
	if change != nil {
		change(&cfg)
	}
	w.g = New(cfg, Deps{
		Session: w.session, Verify: verify, Media: w.shelf, Ready: w.isReady, Metrics: w, Logger: slog.New(slog.DiscardHandler), Now: w.clock,
		Pages: map[string]http.Handler{"GET /page": http.NotFoundHandler()},
	})
	w.srv = httptest.NewUnstartedServer(w.g.Handler())
	w.srv.Config.ConnState = func(c net.Conn, s http.ConnState) {
		if s == http.StateNew {
			_ = c.(*net.TCPConn).SetWriteBuffer(4 << 10) // so that a client that does not read is felt soon
		}
	}
	w.srv.Start()
	t.Cleanup(func() {
		ctx, cut := context.WithCancel(context.Background())
		cut()
		w.g.Close(ctx)
		w.srv.Close()
		if w.stop != nil {
			w.stop()
		}
	})
	return w
}

func (w *world) session(c session.Conn, claims *session.Claims) func(any) {
	if w.spawn != nil {
		return w.spawn(c, claims)
	}
	p := &peer{c, claims, make(chan any, 1000)}
	w.peers <- p
	return func(m any) {
		p.told <- m
		if leave, ok := m.(*session.Leave); ok {
			c.Close(wire.NewGoodbye(wire.CloseRestart, "restart", leave.RetryAfterMS))
		}
	}
}

func (w *world) isReady(context.Context) error {
	if err := w.ready.Load(); err != nil {
		return *err
	}
	return nil
}

func (w *world) clock() time.Time {
	select {
	case w.looks <- struct{}{}:
	default:
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.now.IsZero() {
		return time.Now()
	}
	return w.now
}

// set stops the clock at a time, or, the zero one, lets it go on.
func (w *world) set(now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = now
}

// later moves the clock that a test has stopped.
func (w *world) later(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// Closed implements Metrics.
func (w *world) Closed(code wire.CloseCode) { w.closed <- code }

// Flooded implements Metrics.
func (w *world) Flooded(what string) {
	select {
	case w.floods <- what:
	default: // a test that floods need not count
	}
}

var someone, another = wire.NewID(), wire.NewID()

func verify(_ context.Context, token string) (session.Claims, error) {
	switch token {
	case "good":
		return session.Claims{UserID: someone, ExpiresAt: time.Now().Add(time.Hour)}, nil
	case "other":
		return session.Claims{UserID: another, ExpiresAt: time.Now().Add(time.Hour)}, nil
	case "expired":
		return session.Claims{}, wire.Errorf(wire.CodeTokenExpired, "token: expired")
	case "down":
		return session.Claims{}, wire.Errorf(wire.CodeUnavailable, "token: no keys")
	default:
		return session.Claims{}, wire.Errorf(wire.CodeUnauthorized, "token: bad")
	}
}

// context guards against a test that hangs; no test depends on its length.
func (w *world) context() context.Context {
	ctx, cancel := context.WithTimeout(w.t.Context(), time.Minute)
	w.t.Cleanup(cancel)
	return ctx
}

// refusal is what a client that was not let in got instead.
type refusal struct {
	status int
	header http.Header
	body   []byte
}

func (w *world) dial(header http.Header, protocols ...string) (*websocket.Conn, *refusal, error) {
	ws, resp, err := websocket.Dial(w.context(), strings.Replace(w.srv.URL, "http", "ws", 1)+"/v1/ws",
		&websocket.DialOptions{HTTPClient: w.srv.Client(), HTTPHeader: header, Subprotocols: protocols})
	if err == nil {
		ws.SetReadLimit(-1)
		w.t.Cleanup(func() { _ = ws.CloseNow() })
		return ws, nil, nil
	}
	if resp == nil {
		w.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, _ := io.ReadAll(resp.Body)
	return nil, &refusal{resp.StatusCode, resp.Header, body}, err
}
