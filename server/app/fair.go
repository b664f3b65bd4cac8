package app

import (
	"net"
	"net/netip"
	"slices"
	"sync"

	"recall/server/gateway"
)

// fairListener lets a client's address hold so many sockets at once and closes further
// ones at the door, whatever they are for: one that never says a word is not yet a
// request that anybody could refuse, but it takes a place from all others.
type fairListener struct {
	net.Listener
	most   int
	exempt []netip.Prefix // proxies, which speak for many, and who is not limited at all

	mu      sync.Mutex
	sockets map[netip.Addr]int
}

// Accept implements [net.Listener].
func (l *fairListener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		key, limited := l.key(c.RemoteAddr())
		switch {
		case !limited:
			return c, nil
		case l.enter(key):
			return &countedConn{Conn: c, leave: sync.OnceFunc(func() { l.leave(key) })}, nil
		default:
			_ = c.Close()
		}
	}
}

// key is what the address counts by; limited is false for those that are exempt.
func (l *fairListener) key(from net.Addr) (key netip.Addr, limited bool) {
	tcp, isTCP := from.(*net.TCPAddr)
	if !isTCP {
		return netip.Addr{}, false
	}
	addr := tcp.AddrPort().Addr().Unmap().WithZone("")
	exempt := slices.ContainsFunc(l.exempt, func(n netip.Prefix) bool { return n.Contains(addr) })
	return gateway.ClientKey(addr), !exempt
}

func (l *fairListener) enter(key netip.Addr) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sockets[key] >= l.most {
		return false
	}
	l.sockets[key]++
	return true
}

func (l *fairListener) leave(key netip.Addr) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sockets[key]--; l.sockets[key] == 0 {
		delete(l.sockets, key)
	}
}

// countedConn is counted until it is closed.
type countedConn struct {
	net.Conn
	leave func()
}

// Close implements [net.Conn].
func (c *countedConn) Close() error {
	c.leave()
	return c.Conn.Close()
}
