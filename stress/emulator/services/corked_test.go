package services

import (
	"bytes"
	"io"
	"net"
	"testing"
)

// What is held back leaves as one write, in order, and what is too much leaves early.
func TestCorkedConnectionsSendInOnePiece(t *testing.T) {
	t.Parallel()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	received := make(chan []byte, 1)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			close(received)
			return
		}
		defer conn.Close()
		all, _ := io.ReadAll(conn)
		received <- all
	}()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	c := &corked{TCPConn: conn.(*net.TCPConn)}
	large := bytes.Repeat([]byte("x"), mostWaiting)
	err = c.asOne(func() error {
		_, _ = c.Write([]byte("a"))
		_, _ = c.Write([]byte("b"))
		if string(c.waiting) != "ab" {
			t.Errorf("%q waits", c.waiting)
		}
		_, err := c.Write(large)
		if len(c.waiting) != 0 {
			t.Errorf("%d bytes wait", len(c.waiting))
		}
		return err
	})
	_, _ = c.Write([]byte("c"))
	_ = c.Close()
	if want := "ab" + string(large) + "c"; err != nil || string(<-received) != want {
		t.Errorf("%v, or not what was written", err)
	}
}
