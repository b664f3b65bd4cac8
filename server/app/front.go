package app

import (
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync/atomic"
	"time"

	"golang.org/x/net/netutil"

	"recall/server/config"
)

// front is the HTTP server. It answers from the first moment, since whoever
// watches over the process asks at once: until the program is up, `/healthz` says
// that it lives and everything else that it is not there yet.
type front struct {
	server  http.Server
	handler atomic.Pointer[http.Handler]
}

func newFront(log *slog.Logger) *front {
	f := &front{}
	f.show(http.HandlerFunc(starting))
	f.server = http.Server{
		Handler:           http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { (*f.handler.Load()).ServeHTTP(w, r) }),
		ReadHeaderTimeout: 10 * time.Second, // a handshake that trickles in
		ReadTimeout:       15 * time.Second, // a body that does; a WebSocket has left the server by then
		WriteTimeout:      30 * time.Second, // an answer that nobody reads; transfers of media set their own
		IdleTimeout:       5 * time.Second,  // a socket that only waits keeps somebody out
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	return f
}

// spareSockets is how many sockets there may be besides the WebSockets: requests
// in progress, health checks. More wait in the kernel until one is free, so that the
// process keeps the file descriptors that it needs itself.
const spareSockets = 256

// show puts the program in.
func (f *front) show(h http.Handler) { f.handler.Store(&h) }

// serve takes connections until close.
func (f *front) serve(l net.Listener, cfg config.Config) {
	fair := &fairListener{
		Listener: l, most: cfg.MaxConnectionsPerAddress + spareSockets,
		exempt:  append(config.Networks(cfg.UnlimitedAddresses), config.Networks(cfg.TrustedProxies)...),
		sockets: map[netip.Addr]int{},
	}
	_ = f.server.Serve(netutil.LimitListener(fair, cfg.MaxConnections+spareSockets))
}

func (f *front) close() { _ = f.server.Close() }

func starting(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/healthz" {
		_, _ = w.Write([]byte("ok\n"))
		return
	}
	w.Header().Set("Retry-After", "1")
	http.Error(w, "starting", http.StatusServiceUnavailable)
}
