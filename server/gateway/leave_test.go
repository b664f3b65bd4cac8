package gateway

import (
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

// Whoever leaves, in whatever way, leaves nothing behind.
func TestLeavingInTheMiddle(t *testing.T) {
	w := start(t, nil)
	w.withSessions()
	for name, leave := range map[string]func(*client, *net.TCPConn){
		"closes": func(c *client, _ *net.TCPConn) { _ = c.ws.Close(websocket.StatusNormalClosure, "") },
		"is reset in a frame": func(_ *client, nc *net.TCPConn) {
			// A frame of 126 bytes is announced (RFC 6455, 5.2: final, binary, masked), 6 of them come.
			_, _ = nc.Write([]byte{0x82, 0xfe, 0, 126, 0, 0, 0, 0, 0, 0, 0, 1, 'R', 'I'})
			_ = nc.SetLinger(0)
			_ = nc.Close()
		},
		"is cut between frames": func(_ *client, nc *net.TCPConn) { _ = nc.Close() },
	} {
		c, nc := w.signInRaw()
		o := c.open("")
		c.chunk(o.Channel, voice(1000))
		c.quiet()
		leave(c, nc)
		if got := <-w.shelf.ends; got != "aborted" {
			t.Errorf("a client that %s: %s", name, got)
		}
	}
	if len(w.shelf.kept) > 0 {
		t.Error("something was kept")
	}
}

// signInRaw also gives the TCP connection.
func (w *world) signInRaw() (*client, *net.TCPConn) {
	w.t.Helper()
	var raw net.Conn
	dial := func(network, address string) (nc net.Conn, err error) {
		raw, err = net.Dial(network, address)
		return raw, err
	}
	transport := &http.Transport{Dial: dial, DisableKeepAlives: true}                               //nolint:staticcheck // no context to end it
	ws, _, err := websocket.Dial(w.context(), strings.Replace(w.srv.URL, "http", "ws", 1)+"/v1/ws", //nolint:bodyclose // never needed
		&websocket.DialOptions{HTTPClient: &http.Client{Transport: transport}, HTTPHeader: http.Header{"Authorization": {"Bearer good"}}})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = ws.CloseNow() })
	c := &client{w: w, ws: ws, ctx: w.context()}
	c.want("welcome")
	c.want("limits")
	return c, raw.(*net.TCPConn)
}
