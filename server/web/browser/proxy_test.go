package browser_test

import (
	"io"
	"net"
	"sync"
	"testing"
)

// proxy is a network between a browser and the program that a test can cut.
// Offline as the DevTools know it leaves open sockets alone; this does not.
type proxy struct {
	listener net.Listener
	target   string
	loops    sync.WaitGroup

	mu    sync.Mutex
	down  bool              // connections are closed as soon as they come
	deaf  bool              // nothing of what the program says gets through
	conns map[net.Conn]bool // both ends of each connection
}

func newProxy(t *testing.T, target string) *proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	p := &proxy{listener: listener, target: target, conns: map[net.Conn]bool{}}
	p.loops.Go(p.serve)
	t.Cleanup(func() {
		_ = listener.Close()
		p.cut()
		p.loops.Wait()
	})
	return p
}

func (p *proxy) addr() string { return p.listener.Addr().String() }

func (p *proxy) serve() {
	for {
		near, err := p.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", p.target)
		if err != nil || !p.keep(near, far) {
			_ = near.Close()
			if far != nil {
				_ = far.Close()
			}
			continue
		}
		p.loops.Go(func() { p.carry(far, near, func() bool { return true }) })
		p.loops.Go(func() { p.carry(near, far, p.hears) })
	}
}

// keep takes a connection on, unless the network is down.
func (p *proxy) keep(conns ...net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.down {
		return false
	}
	for _, c := range conns {
		p.conns[c] = true
	}
	return true
}

func (p *proxy) hears() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.deaf
}

// carry brings what one end says to the other, as long as through allows it.
func (p *proxy) carry(to, from net.Conn, through func() bool) {
	defer p.drop(to, from)
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		out := io.Discard
		if through() {
			out = to
		}
		if _, failed := out.Write(buffer[:n]); err != nil || failed != nil {
			return
		}
	}
}

func (p *proxy) drop(conns ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range conns {
		delete(p.conns, c)
		_ = c.Close()
	}
}

// silence swallows what the program says from now on, until the network is cut.
func (p *proxy) silence() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.deaf = true
}

// cut closes every connection and refuses new ones.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down, p.deaf = true, false
	for c := range p.conns {
		_ = c.Close()
	}
}

// restore lets connections through again.
func (p *proxy) restore() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down = false
}
