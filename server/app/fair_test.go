package app

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"testing"
)

// One address has its sockets and no more, another one is not concerned, and a socket
// that is closed gives its place back.
func TestSocketsOfOneAddress(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &fairListener{Listener: listener, most: 2, exempt: []netip.Prefix{netip.MustParsePrefix("127.0.0.9/32")}, sockets: map[netip.Addr]int{}}
	taken := make(chan net.Conn, 16)
	go func() {
		defer close(taken)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			taken <- c
		}
	}()
	from := func(address string) net.Conn {
		t.Helper()
		d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
		c, err := d.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		return c
	}
	from("127.0.0.2")
	from("127.0.0.2")
	first, second := <-taken, <-taken
	refused := from("127.0.0.2")
	if _, err := refused.Read(make([]byte, 1)); !errors.Is(err, io.EOF) && !isReset(err) {
		t.Errorf("the third socket of an address was not closed: %v", err)
	}
	for range 3 { // not limited
		from("127.0.0.9")
		defer func(c net.Conn) { _ = c.Close() }(<-taken)
	}
	from("127.0.0.3")
	other := <-taken
	_ = first.Close()
	_ = first.Close() // again gives nothing back
	from("127.0.0.2")
	third := <-taken
	if _, err := from("127.0.0.2").Read(make([]byte, 1)); err == nil {
		t.Error("a place was given back twice")
	}
	for _, c := range []net.Conn{second, third, other} {
		_ = c.Close()
	}
	_ = listener.Close()
	for c := range taken {
		t.Errorf("%v was let in", c.RemoteAddr())
	}
	if len(l.sockets) != 0 {
		t.Errorf("still counted: %v", l.sockets)
	}
}

func isReset(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && !op.Timeout()
}
