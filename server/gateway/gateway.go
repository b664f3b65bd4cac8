package gateway

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/trace"

	"recall/actors/session"
	"recall/wire"
)

// Config bounds the edge. Every field up to AllowedOrigins must be set; server/config
// has the defaults of all.
type Config struct {
	PingInterval    time.Duration // between pings of one connection
	PongTimeout     time.Duration // for a sign of life after a ping; then 4012
	WriteTimeout    time.Duration // for the client's TCP to take some of what is written
	OutboxFrames    int           // queued for one client; more: 4008
	OutboxBytes     int           // likewise, in bytes
	InFlight        int           // commands of one connection at once
	FrameBurst      int           // frames that may come at once
	FramesPerSecond int           // frames after a burst
	MaxConnections  int           // of the process
	MaxPerUser      int           // of one user
	AllowedOrigins  []string      // of browsers, scheme://host[:port], besides the own host

	// The limits below are none when they are 0.

	ByteBurst, BytesPerSecond           int // of one connection, likewise; read more slowly beyond
	MaxPerAddress                       int // connections of one address (of IPv6: one /64)
	HandshakeBurst, HandshakesPerSecond int // of one address; then HTTP 429
	RequestBurst, RequestsPerSecond     int // other HTTP requests, likewise

	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed
	Unlimited      []netip.Prefix // without the limits of one address
}

// Metrics is told what happens at the edge.
type Metrics interface {
	Closed(code wire.CloseCode)
	// Flooded is told of too much of what: frames (each that was refused or had to wait),
	// bytes (each flood), connections, handshakes or requests (each that was refused).
	Flooded(what string)
}

// Deps are what the edge talks to.
type Deps struct {
	// Session starts the actor of a connection and returns its mailbox.
	Session func(c session.Conn, claims *session.Claims) (tell func(any))
	Verify  func(ctx context.Context, token string) (session.Claims, error)
	// Media keeps uploads; nil: the server has no routes for them.
	Media Media
	// Ready is nil when the database answers.
	Ready   func(ctx context.Context) error
	Metrics Metrics
	// Tracer spans commands and transfers; nil: nothing is traced.
	Tracer trace.Tracer
	Logger *slog.Logger
	Now    func() time.Time
	// Pages are the other routes: console, statistics, development token.
	Pages map[string]http.Handler
}

// Gateway is the edge of one process.
type Gateway struct {
	cfg       Config
	deps      Deps
	now       func() time.Time
	metrics   Metrics
	registry  *registry
	addresses *addresses
	transfers transfers
	numbers   atomic.Int64 // of connections, given out
	draining  atomic.Bool
}

// New makes a gateway; [Gateway.Handler] serves it.
func New(cfg Config, deps Deps) *Gateway {
	return &Gateway{
		cfg: cfg, deps: deps, now: deps.Now, metrics: deps.Metrics,
		registry: newRegistry(cfg.MaxConnections, cfg.MaxPerUser, userShare*cfg.InFlight),
		addresses: newAddresses(cfg.MaxPerAddress,
			policy{wire.PolicyHandshakes, cfg.HandshakeBurst, cfg.HandshakesPerSecond},
			policy{wire.PolicyRequests, cfg.RequestBurst, cfg.RequestsPerSecond}),
		transfers: transfers{idle: transferIdle, ofUser: map[wire.ID]int{}},
	}
}

// Handler is every route of PROTOCOL.md, sections 6 and 7.
func (g *Gateway) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/ws", g.limited(handshakes, g.accept))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { writeText(w, http.StatusOK, "ok\n") })
	mux.HandleFunc("GET /readyz", g.ready)
	if g.deps.Media != nil {
		g.routeMedia(mux)
	}
	for route, page := range g.deps.Pages {
		mux.Handle(route, g.limited(requests, page.ServeHTTP))
	}
	return mux
}

// Connections is how many there are.
func (g *Gateway) Connections() int { return g.registry.count() }

// Users is how many users have a connection.
func (g *Gateway) Users() int { return g.registry.countUsers() }

// userShare is how many connections' worth of commands all connections of one user
// may have under way together.
const userShare = 2

// AdmitUser counts one more connection of a user, which from here on shares the
// user's places; false: the user has too many connections.
func (g *Gateway) AdmitUser(c session.Conn, id wire.ID) (leave func(), ok bool) {
	m := g.registry.admitUser(id)
	if m == nil {
		return nil, false
	}
	if own, isOurs := c.(*conn); isOurs {
		own.member.Store(m)
	}
	return func() { g.registry.leaveUser(id) }, true
}

// Draining tells whether [Gateway.Drain] was called: no new recalls then.
func (g *Gateway) Draining() bool { return g.draining.Load() }

// Drain turns the health check over and refuses new connections; those that are
// there go on, without new recalls.
func (g *Gateway) Drain() { g.draining.Store(true) }

// leaveSpread is the time over which clients are asked to come back, so that they
// do not all come at once.
const leaveSpread = 3 * time.Second

// Close says goodbye (1012) to every client and waits for them to go, until ctx
// ends; who is left then is cut off.
func (g *Gateway) Close(ctx context.Context) {
	g.Drain()
	all := g.registry.close()
	for _, c := range all {
		c.told.Wait()
		c.tell(&session.Leave{RetryAfterMS: rand.Int64N(leaveSpread.Milliseconds())})
	}
	select {
	case <-g.registry.empty:
	case <-ctx.Done():
		for _, c := range all {
			c.cut()
		}
	}
	g.registry.end()
}

func (g *Gateway) ready(w http.ResponseWriter, r *http.Request) {
	if g.draining.Load() {
		writeText(w, http.StatusServiceUnavailable, "draining\n")
		return
	}
	ctx, done := context.WithTimeout(r.Context(), 2*time.Second)
	defer done()
	if err := g.deps.Ready(ctx); err != nil {
		writeText(w, http.StatusServiceUnavailable, "the database does not answer\n")
		return
	}
	writeText(w, http.StatusOK, "ready\n")
}

func writeText(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text)) // the client may be gone
}
