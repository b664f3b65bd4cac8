package gateway

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"recall/actors/session"
	"recall/wire"
)

// ground is an edge without sessions, for what the connections themselves cost.
type ground struct {
	b     *testing.B
	srv   *httptest.Server
	g     *Gateway
	peers chan session.Conn
	heard chan struct{} // a token for each frame that a session was told of
}

// Closed implements [Metrics].
func (*ground) Closed(wire.CloseCode) {}

// Flooded implements [Metrics].
func (*ground) Flooded(string) {}

func newGround(b *testing.B) *ground {
	b.Helper()
	r := &ground{b: b, peers: make(chan session.Conn, 1), heard: make(chan struct{}, crowd)}
	r.g = New(Config{
		PingInterval: time.Hour, PongTimeout: time.Hour, WriteTimeout: time.Minute, OutboxFrames: 1 << 20, OutboxBytes: 1 << 30,
		InFlight: 10, FrameBurst: 1 << 20, FramesPerSecond: 1 << 20, MaxConnections: 1 << 20, MaxPerUser: 2, ByteBurst: 1 << 30, BytesPerSecond: 1 << 30,
	}, Deps{Session: r.session, Verify: verify, Metrics: r, Logger: slog.New(slog.DiscardHandler), Now: time.Now})
	r.srv = httptest.NewServer(r.g.Handler())
	b.Cleanup(func() {
		ctx, cut := context.WithCancel(context.Background())
		cut()
		r.g.Close(ctx)
		r.srv.Close()
	})
	return r
}

func (r *ground) session(c session.Conn, _ *session.Claims) func(any) {
	r.peers <- c
	return func(m any) {
		if received, ok := m.(*session.Received); ok {
			received.Done()
			r.heard <- struct{}{}
		}
	}
}

// dial is one more connection. The client's end has next to no memory of its own.
func (r *ground) dial() (net.Conn, session.Conn) {
	r.b.Helper()
	nc, err := net.Dial("tcp", strings.TrimPrefix(r.srv.URL, "http://"))
	if err != nil {
		r.b.Fatal(err)
	}
	r.b.Cleanup(func() { _ = nc.Close() })
	_, _ = io.WriteString(nc, "GET /v1/ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"+
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
	resp, err := http.ReadResponse(bufio.NewReaderSize(nc, 16), nil)
	if err != nil || resp.StatusCode != http.StatusSwitchingProtocols {
		r.b.Fatal(resp, err)
	}
	_ = resp.Body.Close()
	return nc, <-r.peers
}

// inUse is the heap and the stacks of this process, in bytes.
func inUse() int64 {
	var m runtime.MemStats
	for range 3 { // pools, and stacks that can be smaller
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return int64(m.HeapInuse + m.StackInuse) //nolint:gosec // far from the bound
}

// crowd is how many connections share the growth of the memory.
const crowd = 2000

// BenchmarkIdleConnection tells the bytes of a connection without its actors, with both
// ends of the socket, before and after it has been at work.
func BenchmarkIdleConnection(b *testing.B) {
	for _, worked := range []bool{false, true} {
		b.Run(fmt.Sprintf("worked=%v", worked), func(b *testing.B) {
			r := newGround(b)
			conns := make([]net.Conn, crowd)
			before := inUse()
			for b.Loop() {
				for i := range conns {
					conns[i], _ = r.dial()
					if worked {
						_, _ = io.WriteString(conns[i], masked(`{"type":"ping","id":"1"}`))
					}
				}
				for i := 0; worked && i < crowd; i++ {
					<-r.heard
				}
				b.ReportMetric(float64(inUse()-before)/crowd, "B/conn")
				before = inUse()
			}
			runtime.KeepAlive(conns)
		})
	}
}

// BenchmarkBusyConnection tells the bytes of a connection while each is sent events.
func BenchmarkBusyConnection(b *testing.B) {
	r := newGround(b)
	event := delta(1, strings.Repeat("word ", 60))
	before := inUse()
	peers := make([]session.Conn, crowd)
	for i := range peers {
		var nc net.Conn
		nc, peers[i] = r.dial()
		go func() {
			_, _ = io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{nc}, make([]byte, 512))
		}()
	}
	for b.Loop() {
		for range 20 {
			for _, p := range peers {
				p.Send(event)
			}
		}
		b.ReportMetric(float64(inUse()-before)/crowd, "B/conn")
	}
}

// BenchmarkDelivery sends frames to a client over the loopback, a burst at a time.
func BenchmarkDelivery(b *testing.B) {
	for _, burst := range []int{1, 30} {
		b.Run(fmt.Sprintf("burst=%d", burst), func(b *testing.B) {
			r := newGround(b)
			nc, p := r.dial()
			f := delta(1, "four words of text ")
			size := len(appendFrame(nil, frameText, f.Bytes)) * burst
			buf := make([]byte, size)
			b.ReportAllocs()
			for b.Loop() {
				for range burst {
					p.Send(f)
				}
				if _, err := io.ReadFull(nc, buf); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*burst), "ns/frame")
		})
	}
}

// BenchmarkCommand is the way of a client's frame to its session.
func BenchmarkCommand(b *testing.B) {
	r := newGround(b)
	nc, _ := r.dial()
	text := masked(`{"type":"ping","id":"1"}`)
	b.ReportAllocs()
	for b.Loop() {
		_, _ = io.WriteString(nc, text)
		<-r.heard
	}
}
