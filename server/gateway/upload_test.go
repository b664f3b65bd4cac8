package gateway

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"recall/wire"
)

// reply is an answer without its body.
type reply struct {
	StatusCode    int
	Header        http.Header
	ContentLength int64
}

// request sends one with a token ("" for none) and reads the whole answer.
func (w *world) request(method, path, token string, body io.Reader, headers ...string) (*reply, []byte) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.context(), method, w.srv.URL+path, body)
	if err != nil {
		w.t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := w.srv.Client().Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return &reply{resp.StatusCode, resp.Header, resp.ContentLength}, answer
}

// refused wants the status, the code in the JSON of an error, and nothing that a cache keeps.
func (w *world) refused(name string, resp *reply, body []byte, status int, code wire.Code) {
	w.t.Helper()
	checkRefusal(w.t, name, &refusal{resp.StatusCode, resp.Header, body}, io.EOF, status, code)
	h := resp.Header
	if h.Get("Cache-Control") != "no-store" || h.Get("ETag") != "" || h.Get("Content-Disposition") != "" {
		w.t.Errorf("%s: the refusal has %v", name, h)
	}
	if (status == http.StatusUnauthorized) != (h.Get("WWW-Authenticate") != "") || (status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests) != (h.Get("Retry-After") != "") {
		w.t.Errorf("%s: %d with %v", name, status, h)
	}
}

func (w *world) post(body io.Reader, query string, headers ...string) (*reply, []byte) {
	w.t.Helper()
	return w.request(http.MethodPost, "/v1/media?"+query, "good", body, headers...)
}

func TestPost(t *testing.T) {
	w := start(t, nil)
	content := voice(70_000)
	for _, query := range []string{"kind=voice", "kind=voice&sha256=" + strings.ToUpper(sumOf(content))} {
		resp, body := w.post(bytes.NewReader(content), query)
		w.ended("stored")
		var fields map[string]any
		if err := json.Unmarshal(body, &fields); err != nil || resp.StatusCode != http.StatusCreated || len(fields) != 3 || fields["size"] != 70000.0 || fields["sha256"] != sumOf(content) {
			t.Fatalf("%d %s", resp.StatusCode, body)
		}
		if id := fields["media_id"].(string); resp.Header.Get("Location") != "/v1/media/"+id {
			t.Errorf("Location: %s, want %s", resp.Header.Get("Location"), id)
		}
		if _, again := w.request(http.MethodGet, resp.Header.Get("Location"), "good", nil); !bytes.Equal(again, content) {
			t.Errorf("%d bytes came back", len(again))
		}
		w.ended("closed")
	}
	if w.shelf.writes > chunkBuffer {
		t.Errorf("%d bytes at once in memory", w.shelf.writes)
	}
}

func TestPostRefused(t *testing.T) {
	w := start(t, nil)
	for name, c := range map[string]struct {
		query, content, ends string
		status               int
		code                 wire.Code
	}{
		"no kind":    {"", "RIFF", "", 400, wire.CodeBadRequest},
		"text":       {"kind=text", "RIFF", "", 400, wire.CodeBadRequest},
		"no hash":    {"kind=voice&sha256=12", "RIFF", "aborted", 400, wire.CodeBadRequest},
		"other hash": {"kind=voice&sha256=" + sumOf(nil), "RIFF", "failed", 400, wire.CodeBadRequest},
		"empty":      {"kind=voice", "", "failed", 400, wire.CodeBadRequest},
		"other kind": {"kind=image", "RIFF", "failed", 415, wire.CodeUnsupportedMedia},
		"no content": {"kind=voice", "<html>", "failed", 415, wire.CodeUnsupportedMedia},
		"store away": {"kind=voice", "RIFF", "", 503, wire.CodeUnavailable},
	} {
		w.shelf.away = c.status == 503
		resp, body := w.post(strings.NewReader(c.content), c.query)
		w.refused(name, resp, body, c.status, c.code)
		if c.ends != "" {
			w.ended(c.ends)
		}
	}
	w.shelf.away = false
	for token, code := range map[string]wire.Code{"": wire.CodeUnauthorized, "forged": wire.CodeUnauthorized, "expired": wire.CodeTokenExpired} {
		resp, body := w.request(http.MethodPost, "/v1/media?kind=voice", token, strings.NewReader("RIFF"))
		w.refused("token "+token, resp, body, 401, code)
	}
	w.g.Drain()
	resp, body := w.post(strings.NewReader("RIFF"), "kind=voice")
	w.refused("draining", resp, body, 503, wire.CodeUnavailable)
	if len(w.shelf.ends) > 0 || len(w.shelf.kept) > 0 {
		t.Error("something was kept")
	}
}

func TestTransfersOfAUser(t *testing.T) {
	w := start(t, nil)
	for range maxTransfers {
		if _, ok := w.g.transfers.enter(someone); !ok {
			t.Fatal("too few")
		}
	}
	resp, body := w.post(strings.NewReader("RIFF"), "kind=voice")
	w.refused("too many", resp, body, http.StatusTooManyRequests, wire.CodeBusy)
	if _, ok := w.g.transfers.enter(another); !ok {
		t.Error("another user is refused")
	}
	w.g.transfers.leave(another)
	for range maxTransfers {
		w.g.transfers.leave(someone)
	}
	if len(w.g.transfers.ofUser) > 0 {
		t.Error("users without transfers are remembered")
	}
	if resp, _ := w.post(strings.NewReader("RIFF"), "kind=voice"); resp.StatusCode != http.StatusCreated {
		t.Errorf("%d", resp.StatusCode)
	}
}
