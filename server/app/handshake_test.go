package app_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"recall/server/app"
	"recall/server/config"
)

// Another site's page may not open the socket in its visitor's browser, and a
// client of another protocol is told so.
func TestHandshake(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	for name, c := range map[string]struct {
		header, value string
		status        int
	}{
		"another site":      {"Origin", "https://evil.example", 403},
		"another protocol":  {"Sec-WebSocket-Protocol", "chat, superchat", 400},
		"ours among others": {"Sec-WebSocket-Protocol", "chat, recall.v1", 101},
		"no protocol":       {"Sec-WebSocket-Protocol", "", 101},
	} {
		req, err := http.NewRequestWithContext(w.ctx, http.MethodGet, w.url+"/v1/ws", nil)
		check(t, err)
		for k, v := range map[string]string{
			"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
		} {
			req.Header.Set(k, v)
		}
		if c.value != "" {
			req.Header.Set(c.header, c.value)
		}
		resp, err := http.DefaultClient.Do(req)
		check(t, err)
		check(t, resp.Body.Close())
		if resp.StatusCode != c.status {
			t.Errorf("%s: %s", name, resp.Status)
		}
		if name == "ours among others" && resp.Header.Get("Sec-WebSocket-Protocol") != "recall.v1" {
			t.Errorf("%s: chose %q", name, resp.Header.Get("Sec-WebSocket-Protocol"))
		}
	}
}

// In development mode anybody is anybody, so it is for this machine only.
func TestDevelopmentModeStaysAtHome(t *testing.T) {
	t.Parallel()
	for _, listen := range []string{"0.0.0.0:0", ":0", "[::]:0"} {
		cfg := config.Default()
		cfg.Listen, cfg.DataDir, cfg.JWTSecret, cfg.JWKSURL = listen, t.TempDir(), "", ""
		a, err := app.Start(context.Background(), "test", cfg, slog.New(slog.DiscardHandler))
		if err == nil {
			_ = a.Stop(context.Background())
			t.Fatalf("started on %s", listen)
		}
		if !strings.Contains(err.Error(), "RECALL_JWT_SECRET") {
			t.Errorf("%s: %v", listen, err)
		}
	}
}
