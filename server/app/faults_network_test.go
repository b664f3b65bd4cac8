package app

import (
	"context"
	"net"
	"net/http"
	"sync"
	"testing"

	double "recall/stress/emulator/services"
)

// network is the way from the server to the double of the outside services.
type network interface {
	net.Listener
	// use has a transport call through this network.
	use(transport *http.Transport)
}

// pipes is a network within a bubble of testing/synctest: its clock stands while
// anybody works, so that time-outs cost no time and come at the same moment on any
// machine.
type pipes struct {
	calls  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newPipes(*testing.T) network {
	return &pipes{calls: make(chan net.Conn), closed: make(chan struct{})}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.calls:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }

func (p *pipes) use(transport *http.Transport) {
	transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		select {
		case p.calls <- theirs:
			return ours, nil
		case <-p.closed:
			return nil, net.ErrClosed
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// loopback is the real thing, where a reset is a reset.
type loopback struct{ net.Listener }

func newLoopback(t *testing.T) network {
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return loopback{listener}
}

func (loopback) use(*http.Transport) {}

// serve has the double answer on a network, and gives its address.
func serve(t *testing.T, n network, d *double.Services) (url string) {
	server := &http.Server{Handler: d} //nolint:gosec // the only client is ours
	var served sync.WaitGroup
	served.Go(func() { _ = server.Serve(n) })
	t.Cleanup(func() {
		d.Close()
		_ = server.Close()
		served.Wait()
	})
	return "http://" + n.Addr().String()
}
