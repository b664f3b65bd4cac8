package gateway

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"recall/wire"
)

func TestPostAtTheLimit(t *testing.T) {
	w := start(t, nil)
	content := voice(wire.MaxMedia + 1)
	unsized := func(b []byte) io.Reader { return io.MultiReader(bytes.NewReader(b)) }
	resp, body := w.post(unsized(content[:wire.MaxMedia]), "kind=voice&sha256="+sumOf(content[:wire.MaxMedia]))
	if w.ended("stored"); resp.StatusCode != http.StatusCreated {
		t.Errorf("25 MiB: %d %s", resp.StatusCode, body)
	}
	begun := w.shelf.begun
	// The client waits for the word to go on, so that the refusal comes before the bytes.
	status := w.raw("POST /v1/media?kind=voice HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\nContent-Length: 26214401\r\nExpect: 100-continue\r\n\r\n", nil)
	if !strings.HasPrefix(status, "HTTP/1.1 413 ") || w.shelf.begun != begun {
		t.Errorf("an announced byte more: %s", status)
	}
	// Without a length it is seen when it comes.
	reply := w.raw("POST /v1/media?kind=voice HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\nTransfer-Encoding: chunked\r\n\r\n1900001\r\n", func(nc net.Conn) {
		_, _ = nc.Write(content)
	})
	if w.ended("aborted"); !strings.HasPrefix(reply, "HTTP/1.1 413 ") {
		t.Errorf("a byte more: %s", reply)
	}
}

// raw sends the head of a request, then what comes behind it, and returns the first
// line of the answer.
func (w *world) raw(head string, then func(net.Conn)) string {
	w.t.Helper()
	nc, err := net.Dial("tcp", w.srv.Listener.Addr().String())
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = nc.Close() }()
	if _, err := io.WriteString(nc, head); err != nil {
		w.t.Fatal(err)
	}
	if then != nil {
		then(nc)
	}
	answer := make([]byte, 200)
	n, _ := io.ReadAtLeast(nc, answer, 20)
	line, _, _ := strings.Cut(string(answer[:n]), "\r\n")
	return line
}

// A client that records while it sends hears at once that it may not.
func TestPostRefusedBeforeTheBodyEnds(t *testing.T) {
	w := start(t, nil)
	for range maxTransfers {
		w.g.transfers.enter(someone)
	}
	for token, want := range map[string]string{"good": "HTTP/1.1 429 ", "forged": "HTTP/1.1 401 "} {
		status := w.raw("POST /v1/media?kind=voice HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "+token+"\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nRIFF\r\n", nil)
		if !strings.HasPrefix(status, want) {
			t.Errorf("%s: %q, want %s", token, status, want)
		}
	}
}

const headOfThousand = "POST /v1/media?kind=voice HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\nContent-Length: 1000\r\n\r\n"

func TestPostCutOff(t *testing.T) {
	w := start(t, nil)
	for range 2 {
		w.raw(headOfThousand, func(nc net.Conn) {
			_, _ = nc.Write(voice(999))
			_ = nc.(*net.TCPConn).SetLinger(0)
			_ = nc.Close()
		})
		w.ended("aborted")
	}
	status := w.raw(headOfThousand, func(nc net.Conn) {
		_, _ = nc.Write(voice(999))
		_ = nc.(*net.TCPConn).CloseWrite()
	})
	if w.ended("aborted"); !strings.HasPrefix(status, "HTTP/1.1 400 ") {
		t.Error(status)
	}
}

// A body that stands still ends, however much time the server gives to requests.
func TestPostStandsStill(t *testing.T) {
	w := start(t, nil)
	w.g.transfers.idle = 1 // nanosecond: whatever is not there yet comes too late
	status := w.raw(headOfThousand, nil)
	if w.ended("aborted"); !strings.HasPrefix(status, "HTTP/1.1 400 ") {
		t.Error(status)
	}
}

// The server's time for whole requests, here over at once, is not that of an upload.
func TestPostOutlivesTheReadTimeout(t *testing.T) {
	w := start(t, nil)
	w.srv.Close()
	w.srv = httptest.NewUnstartedServer(w.g.Handler())
	w.srv.Config.ReadHeaderTimeout, w.srv.Config.ReadTimeout = time.Minute, 1
	w.srv.Start()
	status := w.raw(strings.Replace(headOfThousand, "\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n", 1), func(nc net.Conn) {
		first := make([]byte, len("HTTP/1.1 100 Continue\r\n\r\n"))
		if _, err := io.ReadFull(nc, first); err != nil {
			t.Error(err)
		}
		_, _ = nc.Write(voice(1000))
	})
	if w.ended("stored"); !strings.HasPrefix(status, "HTTP/1.1 201 ") {
		t.Error(status)
	}
}

// Nor is the server's time for an answer, which begins with the request.
func TestPostOutlivesTheWriteTimeout(t *testing.T) {
	w := start(t, nil)
	w.srv.Close()
	w.srv = httptest.NewUnstartedServer(w.g.Handler())
	w.srv.Config.WriteTimeout = 1
	w.srv.Start()
	status := w.raw(headOfThousand, func(nc net.Conn) { _, _ = nc.Write(voice(1000)) })
	if w.ended("stored"); !strings.HasPrefix(status, "HTTP/1.1 201 ") {
		t.Error(status)
	}
}

// hasty remembers until when the client may be silent.
type hasty struct {
	*httptest.ResponseRecorder
	set   int
	until time.Time
}

// SetReadDeadline is what [http.ResponseController] looks for.
func (h *hasty) SetReadDeadline(until time.Time) error {
	h.set, h.until = h.set+1, until
	return nil
}

// Behind its last byte an upload has the time of the store, not that of a client that
// has fallen silent: what would still be to be said?
func TestPostIsStoredWithoutHaste(t *testing.T) {
	w := start(t, nil)
	r := httptest.NewRequestWithContext(w.context(), http.MethodPost, "/v1/media?kind=voice", bytes.NewReader(voice(1000)))
	r.Header.Set("Authorization", "Bearer good")
	answer := &hasty{ResponseRecorder: httptest.NewRecorder()}
	w.g.Handler().ServeHTTP(answer, r)
	if w.ended("stored"); answer.Code != http.StatusCreated || answer.set < 2 || !answer.until.IsZero() {
		t.Errorf("%d; %d deadlines, the last is %v", answer.Code, answer.set, answer.until)
	}
}

// Nor is its time for answers that of a download.
func TestGetOutlivesTheWriteTimeout(t *testing.T) {
	w := start(t, nil)
	w.srv.Close()
	w.srv = httptest.NewUnstartedServer(w.g.Handler())
	w.srv.Config.WriteTimeout = 1
	w.srv.Start()
	content := voice(1_000_000)
	id := w.shelf.put(someone, content).String()
	if resp, body := w.request(http.MethodGet, "/v1/media/"+id, "good", nil); resp.StatusCode != http.StatusOK || !bytes.Equal(body, content) {
		t.Errorf("%d with %d bytes", resp.StatusCode, len(body))
	}
}
