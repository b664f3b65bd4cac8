package rest_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"recall/actors/provider/rest"
)

// pipes are a network in memory, so that a bubble sees who waits for it.
type pipes struct {
	incoming chan net.Conn
	once     sync.Once
	closed   chan struct{}
}

func newPipes() *pipes { return &pipes{incoming: make(chan net.Conn), closed: make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.incoming:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { p.once.Do(func() { close(p.closed) }); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 443} }

// cable is a connection that can be cut without anybody being told: what is sent is
// lost, and nothing comes.
type cable struct {
	net.Conn
	cut    atomic.Bool
	closed chan struct{}
	once   sync.Once
}

func (p *pipes) dial(ctx context.Context) (*cable, error) {
	ours, theirs := net.Pipe()
	select {
	case p.incoming <- theirs:
		return &cable{Conn: ours, closed: make(chan struct{})}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (c *cable) Write(b []byte) (int, error) {
	if c.cut.Load() {
		return len(b), nil
	}
	return c.Conn.Write(b)
}

func (c *cable) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if c.cut.Load() && err == nil {
		<-c.closed
		return 0, net.ErrClosed
	}
	return n, err
}

func (c *cable) Close() error {
	c.once.Do(func() { close(c.closed) })
	return c.Conn.Close()
}

// A connection that died without a word must not be used for ever: over HTTP/2 all
// calls of a service share one, and each would wait for its deadline in it.
func TestASilentConnectionIsGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		network := newPipes()
		s := &httptest.Server{Listener: network, EnableHTTP2: true, Config: &http.Server{
			Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Proto) }),
		}}
		s.StartTLS()
		defer s.Close()
		h := rest.NewHTTP(1)
		defer h.CloseIdleConnections()
		transport := h.Transport.(*http.Transport)
		transport.TLSClientConfig = s.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
		transport.TLSClientConfig.NextProtos = nil
		var cables []*cable
		defer func() {
			for _, c := range cables {
				_ = c.Close()
			}
		}()
		transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			c, err := network.dial(ctx)
			cables = append(cables, c)
			return c, err
		}
		c := &rest.Client{HTTP: h, Base: s.URL}
		ask := func() (string, error) {
			ctx, done := context.WithTimeout(t.Context(), 10*time.Second)
			defer done()
			a, err := get(ctx, c, 100)
			if err != nil {
				return "", err
			}
			return string(a.Body), nil
		}
		if proto, err := ask(); err != nil || proto != "HTTP/2.0" {
			t.Fatal(proto, err)
		}
		cables[0].cut.Store(true)
		if _, err := ask(); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		time.Sleep(10 * time.Second) // of the bubble
		if _, err := ask(); err != nil || len(cables) != 2 {
			t.Errorf("%v, %d connections", err, len(cables))
		}
	})
}
