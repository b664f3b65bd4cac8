package gateway

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"recall/actors/session"
	"recall/wire"
)

// atMost bounds each address; the clock stands still.
func atMost(t *testing.T, change func(*Config)) *world {
	w := start(t, func(c *Config) {
		c.MaxPerAddress, c.HandshakeBurst, c.HandshakesPerSecond, c.RequestBurst, c.RequestsPerSecond = 50, 50, 50, 50, 50
		if change != nil {
			change(c)
		}
	})
	w.now = time.Unix(1000, 0)
	return w
}

// as asks for path as somebody behind a proxy.
func (w *world) as(who, path string, header ...string) *refusal {
	w.t.Helper()
	if who != "" {
		header = append(header, "X-Forwarded-For", who)
	}
	resp, body := w.request(http.MethodGet, path, "", nil, header...)
	return &refusal{resp.StatusCode, resp.Header, body}
}

func (r *refusal) limits(t *testing.T, what, policy, stands string) {
	t.Helper()
	if got := strings.Join(r.header.Values("RateLimit-Policy"), ", "); got != policy {
		t.Errorf("%s: RateLimit-Policy: %s, want %s", what, got, policy)
	}
	if got := strings.Join(r.header.Values("RateLimit"), ", "); got != stands {
		t.Errorf("%s: RateLimit: %s, want %s", what, got, stands)
	}
}

func TestRequestsOfOneAddress(t *testing.T) {
	w := atMost(t, func(c *Config) { c.RequestBurst, c.RequestsPerSecond = 3, 1 })
	for i := range 3 {
		r := w.as("", "/page")
		if r.status != http.StatusNotFound || r.header.Get("Retry-After") != "" {
			t.Errorf("request %d: %d", i, r.status)
		}
		r.limits(t, "let in", `"requests";q=3;w=3`, fmt.Sprintf(`"requests";r=%d;t=1`, 2-i))
	}
	for _, path := range []string{"/page", "/v1/media/x"} {
		r := w.as("", path)
		checkRefusal(t, path, r, http.ErrAbortHandler, http.StatusTooManyRequests, wire.CodeRateLimited)
		r.limits(t, path, `"requests";q=3;w=3`, `"requests";r=0;t=1`)
		if r.header.Get("Retry-After") != "1" || !strings.Contains(string(r.body), `"policy":"requests"`) || !strings.Contains(string(r.body), `"retry_after_ms":1000`) {
			t.Errorf("%s: %v %s", path, r.header, r.body)
		}
		if what := <-w.floods; what != "requests" {
			t.Error(what)
		}
	}
	w.get("/healthz", http.StatusOK) // never
	w.get("/readyz", http.StatusOK)
	w.connect() // something else
	w.later(time.Second)
	w.get("/page", http.StatusNotFound)
}

func TestWaitOfLessThanASecond(t *testing.T) {
	w := atMost(t, func(c *Config) { c.RequestBurst, c.RequestsPerSecond = 1, 3 })
	w.as("", "/page")
	if r := w.as("", "/page"); r.status != http.StatusTooManyRequests || r.header.Get("Retry-After") != "1" || !strings.Contains(string(r.body), `"retry_after_ms":334`) {
		t.Errorf("%d %s %s", r.status, r.header.Get("Retry-After"), r.body)
	}
}

func TestAddressesBehindAProxy(t *testing.T) {
	w := atMost(t, func(c *Config) {
		c.RequestBurst, c.RequestsPerSecond = 1, 1
		c.TrustedProxies, c.Unlimited = networks("127.0.0.0/8", "::1/128"), networks("192.0.2.0/24", "127.0.0.0/8")
	})
	for i, step := range []struct {
		who    string
		status int
	}{
		{"203.0.113.1", 404}, {"203.0.113.1", 429}, {"203.0.113.2", 404}, {"8.8.8.8, 203.0.113.2", 429},
		{"2001:db8::1", 404}, {"2001:db8::2", 429}, {"2001:db8:0:1::2", 404},
		{"192.0.2.1", 404}, {"192.0.2.1", 404}, {"garbage", 404}, {"garbage", 404},
	} {
		r := w.as(step.who, "/page")
		if r.status != step.status {
			t.Errorf("step %d, %s: %d", i, step.who, r.status)
		}
		if limited := r.header.Get("RateLimit") != ""; limited == (i >= 7) {
			t.Errorf("step %d, %s: told of limits: %v", i, step.who, limited)
		}
	}
}

// A refused upload is not waited for.
func TestUploadRefusedBeforeItsBody(t *testing.T) {
	w := atMost(t, func(c *Config) { c.RequestBurst, c.RequestsPerSecond = 1, 1 })
	w.as("", "/page")
	status := w.raw("POST /v1/media?kind=voice HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nRIFF\r\n", nil)
	if !strings.HasPrefix(status, "HTTP/1.1 429 ") {
		t.Error(status)
	}
}

func TestTransfersAreTold(t *testing.T) {
	w := atMost(t, func(c *Config) { c.AllowedOrigins = []string{"app.example"} })
	id := w.shelf.put(someone, voice(100)).String()
	policies := `"requests";q=50;w=1, "transfers";q=256;qu="concurrent-requests"`
	r := w.as("", "/v1/media/"+id, "Authorization", "Bearer good", "Origin", "https://app.example")
	r.limits(t, "a download", policies, `"requests";r=49;t=1, "transfers";r=255`)
	if r.status != http.StatusOK || !strings.HasSuffix(r.header.Get("Access-Control-Expose-Headers"), "RateLimit, RateLimit-Policy") {
		t.Errorf("%d %v", r.status, r.header)
	}
	w.as("", "/v1/media/"+id).limits(t, "nobody", `"requests";q=50;w=1`, `"requests";r=48;t=1`)
	for range maxTransfers {
		w.g.transfers.enter(someone)
	}
	r = w.as("", "/v1/media/"+id, "Authorization", "Bearer good")
	checkRefusal(t, "busy", r, http.ErrAbortHandler, http.StatusTooManyRequests, wire.CodeBusy)
	r.limits(t, "busy", policies, `"requests";r=47;t=1, "transfers";r=0`)
	if r.header.Get("Retry-After") != "1" {
		t.Errorf("%v", r.header)
	}
}

func TestHandshakesOfOneAddress(t *testing.T) {
	w := atMost(t, func(c *Config) { c.HandshakeBurst, c.HandshakesPerSecond = 3, 1 })
	w.connect()
	const policy = `"handshakes";q=3;w=3`
	_, r, _ := w.dial(http.Header{"Authorization": {"Bearer forged"}})
	r.limits(t, "401", policy, `"handshakes";r=1;t=1`)
	w.g.Drain()
	_, r, _ = w.dial(nil)
	r.limits(t, "503", policy, `"handshakes";r=0;t=1`)
	_, r, err := w.dial(nil)
	checkRefusal(t, "429", r, err, http.StatusTooManyRequests, wire.CodeRateLimited)
	r.limits(t, "429", policy, `"handshakes";r=0;t=1`)
	if what := <-w.floods; what != "handshakes" || r.header.Get("Retry-After") != "1" || !strings.Contains(string(r.body), `"policy":"handshakes"`) {
		t.Errorf("%s %v %s", what, r.header, r.body)
	}
	w.get("/page", http.StatusNotFound) // something else
}

func TestConnectionsOfOneAddress(t *testing.T) {
	w := atMost(t, func(c *Config) { c.MaxPerAddress = 2 })
	a, p := w.connect()
	ws, resp, err := websocket.Dial(w.context(), //nolint:bodyclose // it succeeded
		strings.Replace(w.srv.URL, "http", "ws", 1)+"/v1/ws", &websocket.DialOptions{HTTPClient: w.srv.Client()})
	if err != nil {
		t.Fatal(err)
	}
	defer ws.CloseNow()
	const policies = `"handshakes";q=50;w=1, "connections";q=2;qu="concurrent-requests"`
	(&refusal{header: resp.Header}).limits(t, "101", policies, `"handshakes";r=48;t=1, "connections";r=0`)
	if _, _, err := w.dial(http.Header{"Origin": {"https://evil.example"}}); err == nil {
		t.Error("a third connection")
	}
	_, r, err := w.dial(nil)
	checkRefusal(t, "429", r, err, http.StatusTooManyRequests, wire.CodeRateLimited)
	r.limits(t, "429", policies, `"handshakes";r=46;t=1, "connections";r=0`)
	if what := <-w.floods; what != "connections" || r.header.Get("Retry-After") != "5" || !strings.Contains(string(r.body), `"policy":"connections"`) {
		t.Errorf("%s %v %s", what, r.header, r.body)
	}
	_ = a.ws.Close(websocket.StatusNormalClosure, "")
	next[*session.Gone](t, p) // gives the place back
	w.connect()
}

// A handshake that fails, or comes when the process is full, gives its place back.
func TestFailedHandshakesTakeNoPlace(t *testing.T) {
	w := atMost(t, func(c *Config) { c.MaxPerAddress, c.MaxConnections = 1, 1 })
	for range 3 {
		if _, r, err := w.dial(http.Header{"Origin": {"https://evil.example"}}); err == nil || r.status != http.StatusForbidden {
			t.Fatal(err)
		}
	}
	c, p := w.connect()
	if _, r, _ := w.dial(nil); r.status != http.StatusServiceUnavailable {
		t.Errorf("a full process: %d", r.status)
	}
	_ = c.ws.Close(websocket.StatusNormalClosure, "")
	next[*session.Gone](t, p)
	for _, who := range w.g.addresses.known {
		if who.conns != 0 {
			t.Errorf("%d connections are counted", who.conns)
		}
	}
}

func TestUsers(t *testing.T) {
	w := start(t, nil)
	w.withSessions()
	if n := w.g.Users(); n != 0 {
		t.Errorf("%d users", n)
	}
	w.signIn()
	w.signIn()
	if n := w.g.Users(); n != 1 {
		t.Errorf("%d users", n)
	}
}
