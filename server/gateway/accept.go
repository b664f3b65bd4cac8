package gateway

import (
	"bufio"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/coder/websocket"

	"recall/actors/session"
	"recall/wire"
)

// accept upgrades a request to a WebSocket (PROTOCOL.md, section 1). It returns
// at once: the connection is served by goroutines of its own.
func (g *Gateway) accept(w http.ResponseWriter, r *http.Request) {
	if g.draining.Load() || g.registry.full() {
		refuse(w, wire.Errorf(wire.CodeUnavailable, "the server takes no connections now"))
		return
	}
	if !speaks(r) {
		refuse(w, wire.Errorf(wire.CodeBadRequest, "Sec-WebSocket-Protocol: must offer %s", wire.Subprotocol))
		return
	}
	claims, fault := g.bearer(r)
	if fault != nil {
		refuse(w, fault)
		return
	}
	leave, ok := g.seat(w, r)
	if !ok {
		return
	}
	c := g.newConn(leave)
	ws, err := websocket.Accept(lean{w, c}, r, &websocket.AcceptOptions{
		Subprotocols:    []string{wire.Subprotocol},
		OriginPatterns:  g.cfg.AllowedOrigins,
		CompressionMode: websocket.CompressionDisabled,
		OnPingReceived:  c.pinged,
		OnPongReceived:  c.ponged,
	})
	if err != nil { // Accept has answered
		g.deps.Logger.Debug("upgrade refused", slog.Any("error", err))
		c.end()
		return
	}
	g.open(c, ws, claims)
}

func (g *Gateway) open(c *conn, ws *websocket.Conn, claims *session.Claims) {
	ws.SetReadLimit(-1) // readAll has its own limits, one for each kind of frame
	c.ws = ws
	if !g.registry.add(c) { // the last place went while we shook hands
		g.turnAway(c)
		c.end()
		return
	}
	c.tell = g.deps.Session(c, claims)
	c.told.Done()
	c.begin()
}

// turnAway says goodbye to a socket that never became a connection.
func (g *Gateway) turnAway(c *conn) {
	goodbye := wire.NewGoodbye(wire.CloseOverload, "the server takes no connections now", 1000)
	said := appendFrame(nil, frameText, wire.Encode("", goodbye))
	_ = c.sock.send(appendClose(said, goodbye), true)
	_ = c.ws.Close(websocket.StatusCode(goodbye.Code), goodbye.Reason) // waits for the client's
	g.metrics.Closed(goodbye.Code)
}

// speaks tells whether the client offers our subprotocol or none at all.
func speaks(r *http.Request) bool {
	offers := r.Header.Values("Sec-WebSocket-Protocol")
	for _, line := range offers {
		for offer := range strings.SplitSeq(line, ",") {
			if strings.TrimSpace(offer) == wire.Subprotocol {
				return true
			}
		}
	}
	return !slices.ContainsFunc(offers, func(line string) bool { return strings.TrimSpace(line) != "" })
}

// bearer verifies the token of a request, if it has one.
func (g *Gateway) bearer(r *http.Request) (*session.Claims, *wire.Error) {
	header := r.Header.Get("Authorization")
	if header == "" {
		return nil, nil
	}
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return nil, wire.Errorf(wire.CodeUnauthorized, "Authorization: must be a bearer token")
	}
	claims, err := g.deps.Verify(r.Context(), strings.TrimSpace(token))
	if err != nil {
		return nil, wire.AsError(err)
	}
	return &claims, nil
}

// lean hands small buffers out of Hijack, and the socket of c.
type lean struct {
	http.ResponseWriter
	c *conn
}

// Hijack implements [http.Hijacker].
func (l lean) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	nc, brw, err := http.NewResponseController(l.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	s := &l.c.sock
	early, _ := brw.Peek(brw.Reader.Buffered())
	s.Conn, s.in = nc, slices.Clone(early)
	s.br = bufio.NewReaderSize(s, libraryBuffer)
	return s, bufio.NewReadWriter(s.br, bufio.NewWriterSize(s, libraryBuffer)), nil
}
