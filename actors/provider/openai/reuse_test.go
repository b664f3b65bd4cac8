package openai_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"recall/actors/provider/openai"
	"recall/actors/provider/rest"
)

// TestConnectionsServeAgain: a stream is read to its very end, so that the next call
// needs no new connection.
func TestConnectionsServeAgain(t *testing.T) {
	t.Parallel()
	var opened atomic.Int32
	s := httptest.NewUnstartedServer(answer(200, "text/event-stream", good()))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	s.Start()
	t.Cleanup(s.Close)
	client := rest.NewHTTP(1)
	t.Cleanup(client.CloseIdleConnections)
	c := openai.New(openai.Config{BaseURL: s.URL, HTTP: client})
	for range 5 {
		if text, _, err := stream(t, c); text != "It is Füße" || err != nil {
			t.Fatalf("%q, %v", text, err)
		}
	}
	if n := opened.Load(); n != 1 {
		t.Errorf("%d connections for five streams", n)
	}
}
