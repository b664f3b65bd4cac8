package browser_test

import (
	"net"
	"sync"
	"testing"
	"time"
)

// way is a direction through the proxy.
type way int

const (
	neither way = iota
	toProgram
	toPage
)

// The pieces of a slow network: a candidate takes several, and several frames.
const (
	pieceBytes = 256
	pieceTime  = 25 * time.Millisecond
)

// proxy is a network between a browser and the program that a test can cut.
// Offline as the DevTools know it leaves open sockets alone; this does not.
type proxy struct {
	listener net.Listener
	target   string
	loops    sync.WaitGroup

	mu    sync.Mutex
	down  bool              // connections are closed as soon as they come
	lost  way               // what goes this way is swallowed
	count int               // how often something was swallowed
	slow  bool              // what the program says comes in small pieces
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
		p.loops.Go(func() { p.carry(far, near, toProgram) })
		p.loops.Go(func() { p.carry(near, far, toPage) })
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

// carry brings what one end says to the other.
func (p *proxy) carry(to, from net.Conn, way way) {
	defer p.drop(to, from)
	pace := time.NewTicker(pieceTime)
	defer pace.Stop()
	for {
		buffer := make([]byte, 32<<10)
		if p.paced(way) {
			buffer = buffer[:pieceBytes]
			<-pace.C
		}
		n, err := from.Read(buffer)
		if !p.swallows(way) {
			if _, failed := to.Write(buffer[:n]); failed != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

func (p *proxy) paced(way way) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.slow && way == toPage
}

func (p *proxy) swallows(way way) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.lost == way {
		p.count++
	}
	return p.lost == way
}

// swallowed is how often something was lost since the network was last cut.
func (p *proxy) swallowed() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.count
}

func (p *proxy) drop(conns ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range conns {
		delete(p.conns, c)
		_ = c.Close()
	}
}

// lose swallows what goes one way from now on, until the network is cut.
func (p *proxy) lose(way way) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lost = way
}

// crawl makes what the program says come in pieces, with time for a page to paint
// in between, from the second piece on.
func (p *proxy) crawl() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.slow = true
}

// cut closes every connection and refuses new ones.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down, p.lost, p.count = true, neither, 0
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
