package gateway

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"recall/actors/session"
	"recall/wire"
)

func TestSubprotocols(t *testing.T) {
	w := start(t, nil)
	for name, c := range map[string]struct {
		offers   []string
		accepted bool
		chosen   string
	}{
		"none":     {nil, true, ""},
		"ours":     {[]string{"recall.v1"}, true, "recall.v1"},
		"among":    {[]string{"graphql-ws", "recall.v1"}, true, "recall.v1"},
		"others":   {[]string{"graphql-ws", "recall.v2"}, false, ""},
		"no blank": {[]string{"recall.v10"}, false, ""},
	} {
		ws, resp, err := w.dial(nil, c.offers...)
		switch {
		case c.accepted && (err != nil || ws.Subprotocol() != c.chosen):
			t.Errorf("%s: %v", name, err)
		case !c.accepted:
			checkRefusal(t, name, resp, err, http.StatusBadRequest, wire.CodeBadRequest)
		}
	}
}

func checkRefusal(t *testing.T, name string, resp *refusal, err error, status int, code wire.Code) {
	t.Helper()
	if err == nil || resp.status != status {
		t.Errorf("%s: %v, want HTTP %d", name, err, status)
		return
	}
	var body struct {
		Type, Message string
		Code          wire.Code
	}
	if err := json.Unmarshal(resp.body, &body); err != nil || body.Type != "error" || body.Code != code || body.Message == "" {
		t.Errorf("%s: the body is %+v, %v", name, body, err)
	}
	if kind := resp.header.Get("Content-Type"); kind != "application/json" {
		t.Errorf("%s: the body is said to be %s", name, kind)
	}
}

func TestBearer(t *testing.T) {
	w := start(t, nil)
	for header, want := range map[string]struct {
		status int
		code   wire.Code
	}{
		"Bearer forged":  {http.StatusUnauthorized, wire.CodeUnauthorized},
		"Bearer ":        {http.StatusUnauthorized, wire.CodeUnauthorized},
		"Bearer":         {http.StatusUnauthorized, wire.CodeUnauthorized},
		"Basic good":     {http.StatusUnauthorized, wire.CodeUnauthorized},
		"Bearer expired": {http.StatusUnauthorized, wire.CodeTokenExpired},
		"Bearer down":    {http.StatusServiceUnavailable, wire.CodeUnavailable},
	} {
		_, resp, err := w.dial(http.Header{"Authorization": {header}})
		checkRefusal(t, header, resp, err, want.status, want.code)
	}
	for _, header := range []string{"Bearer good", "bearer   good "} {
		if _, _, err := w.dial(http.Header{"Authorization": {header}}); err != nil {
			t.Errorf("%s: %v", header, err)
			continue
		}
		if p := <-w.peers; p.claims == nil || p.claims.UserID != someone {
			t.Errorf("%s: the session has %+v", header, p.claims)
		}
	}
	if _, p := w.connect(); p.claims != nil {
		t.Errorf("claims without a token: %+v", p.claims)
	}
}

func TestForeignOrigin(t *testing.T) {
	w := start(t, func(c *Config) { c.AllowedOrigins = []string{"app.example"} })
	for origin, ok := range map[string]bool{"https://app.example": true, "https://evil.example": false} {
		_, resp, err := w.dial(http.Header{"Origin": {origin}})
		if (err == nil) != ok || !ok && resp.status != http.StatusForbidden {
			t.Errorf("%s: %v", origin, err)
		}
	}
}

func TestFullProcess(t *testing.T) {
	w := start(t, func(c *Config) { c.MaxConnections = 1 })
	c, p := w.connect()
	if n := w.g.Connections(); n != 1 {
		t.Errorf("%d connections", n)
	}
	_, resp, err := w.dial(nil)
	checkRefusal(t, "full", resp, err, http.StatusServiceUnavailable, wire.CodeUnavailable)
	_ = c.ws.Close(websocket.StatusNormalClosure, "")
	next[*session.Gone](t, p)
}

func TestHealth(t *testing.T) {
	w := start(t, nil)
	w.get("/healthz", http.StatusOK)
	w.get("/readyz", http.StatusOK)
	down := errors.New("down")
	w.ready.Store(&down)
	w.get("/readyz", http.StatusServiceUnavailable)
	w.get("/healthz", http.StatusOK)
	w.get("/page", http.StatusNotFound)
	w.get("/v1/ws", http.StatusUpgradeRequired)
	w.ready.Store(nil)
	w.g.Drain()
	w.get("/readyz", http.StatusServiceUnavailable)
	w.get("/healthz", http.StatusOK)
}

func (w *world) get(path string, status int) {
	w.t.Helper()
	resp, err := w.srv.Client().Get(w.srv.URL + path)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != status || strings.Contains(string(body), "down") && !strings.Contains(path, "page") {
		w.t.Errorf("%s: %d %s", path, resp.StatusCode, body)
	}
}
