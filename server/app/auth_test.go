package app_test

import (
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"recall/server/auth"
	"recall/server/config"
	"recall/stress/device"
	"recall/wire"
)

// secret signs the tokens of these tests, so that they can make bad ones too.
const secret = "a secret that is long enough for HS256"

func withSecret(c *config.Config) { c.JWTSecret = secret }

// sign makes a token; one that lives less than a second has been expired for an hour.
func sign(t *testing.T, key string, user wire.ID, life time.Duration) string {
	t.Helper()
	token, _, err := auth.Issue([]byte(key), user, max(life, time.Second))
	check(t, err)
	if life >= time.Second {
		return token
	}
	return craft(key, `{"alg":"HS256","typ":"JWT"}`, `{"sub":"`+user.String()+`","exp":1600000000}`)
}

// badTokens are tokens that nobody may get in with, and the code for each.
func badTokens(t *testing.T) map[string][2]string {
	id := wire.NewID()
	good := sign(t, secret, id, time.Hour)
	parts := strings.Split(good, ".")
	claims := `{"sub":"` + id.String() + `","exp":99999999999}`
	return map[string][2]string{
		"expired":          {sign(t, secret, id, 0), "token_expired"},
		"other secret":     {sign(t, "another secret that is long enough too", id, time.Hour), "unauthorized"},
		"alg none":         {b64(`{"alg":"none","typ":"JWT"}`) + "." + b64(claims) + ".", "unauthorized"},
		"alg none, signed": {b64(`{"alg":"none"}`) + "." + parts[1] + "." + parts[2], "unauthorized"},
		"other claims":     {parts[0] + "." + b64(claims) + "." + parts[2], "unauthorized"},
		"no sub":           {craft(secret, `{"alg":"HS256"}`, `{"exp":99999999999}`), "unauthorized"},
		"sub is no UUID":   {craft(secret, `{"alg":"HS256"}`, `{"sub":"root","exp":99999999999}`), "unauthorized"},
		"no exp":           {craft(secret, `{"alg":"HS256"}`, `{"sub":"`+id.String()+`"}`), "unauthorized"},
		"no token at all":  {"hunter2", "unauthorized"},
	}
}

func b64(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

func TestBadTokens(t *testing.T) {
	t.Parallel()
	w := setup(t, withSecret)
	for name, c := range badTokens(t) {
		t.Run(name, func(t *testing.T) {
			w := w.in(t)
			status, body := w.upgrade("Bearer " + c[0])
			if status != http.StatusUnauthorized || !strings.Contains(body, `"code":"`+c[1]+`"`) {
				t.Errorf("the upgrade got %d %s", status, body)
			}
			closeCode := map[string]int{"unauthorized": 4500, "token_expired": 4001}[c[1]]
			p := w.dial(device.Options{})
			p.refused(c[1], "hello", fields{"token": c[0]})
			p.farewell(closeCode)
		})
	}
}

// upgrade asks for the socket over plain HTTP and returns what a refusal says.
func (w *world) upgrade(authorization string) (status int, body string) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.ctx, http.MethodGet, w.url+"/v1/ws", nil)
	check(w.t, err)
	for name, value := range map[string]string{
		"Authorization": authorization, "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
		"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol": "recall.v1",
	} {
		req.Header.Set(name, value)
	}
	resp, err := http.DefaultClient.Do(req)
	check(w.t, err)
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode == http.StatusSwitchingProtocols {
		return resp.StatusCode, ""
	}
	raw, err := io.ReadAll(resp.Body)
	check(w.t, err)
	return resp.StatusCode, string(raw)
}

func TestBothWaysToSignIn(t *testing.T) {
	t.Parallel()
	w := setup(t, withSecret)
	id := wire.NewID()
	token := sign(t, secret, id, time.Hour)
	u := &user{w, id.String(), token}
	byHeader := u.dial()
	byHello := w.dial(device.Options{})
	byHello.refused("unauthorized", "ping", nil)
	byHello.refused("unauthorized", "thread.list", nil)
	welcome := byHello.want("welcome", "hello", fields{"token": token, "client": fields{"name": "test", "version": "1"}})
	if text(welcome, "user_id") != u.id || number(welcome, "max_frame_bytes") != 65536 || number(welcome, "heartbeat_ms") != 25000 {
		t.Errorf("welcome is %s", welcome.Raw)
	}
	if n := len(list(welcome, "limits")); n != 3 {
		t.Errorf("welcome names %d limits", n)
	}
	byHello.await("limits", func(f device.Frame) bool { return f.Type == "limits" })
	for _, p := range []*phone{byHeader, byHello} {
		p.want("pong", "ping", nil)
		again := p.want("welcome", "hello", nil) // a client may ask for it once more
		if text(again, "user_id") != u.id {
			t.Errorf("welcome is %s", again.Raw)
		}
	}
	silent := w.dial(device.Options{})
	silent.refused("unauthorized", "hello", nil)
	silent.farewell(4500)
}

func TestRefreshedToken(t *testing.T) {
	t.Parallel()
	w := setup(t, withSecret)
	id := wire.NewID()
	p := (&user{w, id.String(), sign(t, secret, id, 2*time.Second)}).dial()
	p.refused("unauthorized", "auth.refresh", fields{"token": sign(t, secret, wire.NewID(), time.Hour)})
	p.refused("token_expired", "auth.refresh", fields{"token": sign(t, secret, id, 0)})
	p.refused("bad_request", "auth.refresh", nil)
	p.want("pong", "ping", nil)

	short := (&user{w, id.String(), sign(t, secret, id, time.Second)}).dial()
	p.want("ok", "auth.refresh", fields{"token": sign(t, secret, id, time.Hour)})
	if bye := short.farewell(4001); at(bye, "reconnect") != true {
		t.Errorf("goodbye is %s", bye.Raw)
	}
	p.want("pong", "ping", nil) // its first token was to end as well
}

// A socket that says nothing is not kept, nor one more than a user may have.
func TestConnectionsThatAreNotKept(t *testing.T) {
	t.Parallel()
	w := setup(t, func(c *config.Config) { c.HelloTimeout = 100 * time.Millisecond; c.MaxConnectionsPerUser = 3 })
	w.dial(device.Options{}).farewell(4500)

	u := w.user() // three tabs are fine, a fourth is not
	tabs := []*phone{u.dial(), u.dial(), u.dial()}
	if bye := w.dial(device.Options{Token: u.token}).farewell(4504); at(bye, "reconnect") != false {
		t.Errorf("goodbye is %s", bye.Raw)
	}
	for _, p := range tabs {
		p.want("pong", "ping", nil)
	}
	tabs[0].Close()
	eventually(w.ctx, t, "the place of a closed tab", func() bool {
		p := w.dial(device.Options{Token: u.token})
		f, err := p.Await(w.ctx, func(f device.Frame) bool { return f.Type == "welcome" || f.Type == "goodbye" })
		return err == nil && f.Type == "welcome"
	})
}
