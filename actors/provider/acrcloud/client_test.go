package acrcloud

import (
	"context"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the API's choice
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"recall/actors/provider/fault"
	"recall/actors/provider/rest"
	"recall/actors/recall"
	"recall/wire"
)

var now = time.Unix(1700000000, 987654321)

// service answers with body and hands each request to check.
func service(t *testing.T, status int, body string, check func(*http.Request)) *Client {
	t.Helper()
	h := rest.NewHTTP(1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if check != nil {
			check(r)
		}
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(func() { h.CloseIdleConnections(); server.Close() })
	return New(Config{BaseURL: server.URL + "/", AccessKey: "test_key", AccessSecret: "test_secret", Now: func() time.Time { return now }}, h)
}

func ask(t *testing.T, c *Client) ([]wire.Candidate, error) {
	t.Helper()
	return c.Recognize(t.Context(), recall.Sample{PCM: make([]byte, 88200)})
}

// TestSignature by the vectors of PROVIDERS.md, B4.
func TestSignature(t *testing.T) {
	t.Parallel()
	for _, v := range []struct{ key, secret, kind, timestamp, want string }{
		{"test_key", "test_secret", "audio", "1700000000", "J+NymOC5ws+MG/Y3eey+bTchzOo="},
		{"test_key", "test_secret", "fingerprint", "1700000000", "cIBGJI/58PwlxjvDMuSANBKpQmk="},
		{"0123456789abcdef0123456789abcdef", "s3cr3t", "audio", "1732350000.25", "dPgO5Pm1FfmlEYnkgn9tV/rMiZ8="},
	} {
		if got := sign(v.key, v.secret, v.kind, v.timestamp); got != v.want {
			t.Errorf("%v: %s", v, got)
		}
	}
}

// TestTheRequestIsWhatTheServiceChecks: parsed by the standard library, the signature
// computed anew from what arrived.
func TestTheRequestIsWhatTheServiceChecks(t *testing.T) {
	t.Parallel()
	c := service(t, 200, `{"status":{"msg":"No result","code":1001,"version":"1.0"}}`, func(r *http.Request) {
		if r.Method != http.MethodPost || r.URL.Path != "/v1/identify" || r.ContentLength <= 0 {
			t.Error(r.Method, r.URL, r.ContentLength)
		}
		if err := r.ParseMultipartForm(8 << 20); err != nil {
			t.Error(err)
			return
		}
		v := func(name string) string { return r.PostForm.Get(name) }
		mac := hmac.New(sha1.New, []byte("test_secret"))
		_, _ = fmt.Fprintf(mac, "POST\n/v1/identify\n%s\n%s\n%s\n%s", v("access_key"), v("data_type"), v("signature_version"), v("timestamp"))
		if want := base64.StdEncoding.EncodeToString(mac.Sum(nil)); v("signature") != want {
			t.Errorf("signature %q, want %q", v("signature"), want)
		}
		if v("access_key") != "test_key" || v("data_type") != "audio" || v("signature_version") != "1" || v("timestamp") != "1700000000" {
			t.Error(r.PostForm)
		}
		checkSample(t, r)
	})
	found, err := c.Recognize(t.Context(), recall.Sample{PCM: make([]byte, 20*88200)})
	if err != nil || len(found) != 0 {
		t.Error(found, err)
	}
}

func checkSample(t *testing.T, r *http.Request) {
	t.Helper()
	f, h, err := r.FormFile("sample")
	if err != nil {
		t.Error(err)
		return
	}
	data, _ := io.ReadAll(f)
	if strconv.Itoa(len(data)) != r.PostForm.Get("sample_bytes") || h.Filename == "" {
		t.Errorf("%d bytes of %q, announced %s", len(data), h.Filename, r.PostForm.Get("sample_bytes"))
	}
	if string(data[:4]) != "RIFF" || binary.LittleEndian.Uint32(data[40:]) != 12*88200 || len(data) != 44+12*88200 {
		t.Errorf("%d bytes that begin with %x", len(data), data[:44])
	}
}

// TestCodes is the table of B4, and what is not in it.
func TestCodes(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]fault.Class{
		2000: fault.BadInput, 2001: fault.Unavailable, 2002: fault.Unavailable, 2004: fault.BadInput, 2005: fault.Timeout,
		2006: fault.BadInput, 2008: fault.BadInput, 2009: fault.BadInput, 2010: fault.BadInput, 3000: fault.Unavailable,
		3001: fault.Auth, 3003: fault.Quota, 3006: fault.BadInput, 3014: fault.Auth, 3015: fault.Throttled,
		9999: fault.Unavailable, -1: fault.Unavailable,
	} {
		_, err := ask(t, service(t, 200, fmt.Sprintf(`{"status":{"msg":"m","code":%d,"version":"1.0"}}`, code), nil))
		f := fault.Of(err)
		if f == nil || f.Class != want {
			t.Errorf("%d is %v, want %s", code, err, want)
		}
		if hint := strings.Contains(fmt.Sprint(err), "clock, which differs from the service's by -"); hint != (code == 3014) {
			t.Errorf("%d: %v", code, err)
		}
	}
}

func TestStatuses(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]fault.Class{
		302: fault.Unavailable, 401: fault.Auth, 403: fault.Auth, 404: fault.Unavailable, 413: fault.BadInput,
		429: fault.Throttled, 500: fault.Unavailable, 502: fault.Unavailable, 503: fault.Unavailable, 504: fault.Unavailable,
	} {
		_, err := ask(t, service(t, status, `<html>no</html>`, nil))
		if f := fault.Of(err); f == nil || f.Class != want {
			t.Errorf("%d is %v, want %s", status, err, want)
		}
	}
}

func TestBodiesThatAreNoAnswer(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"empty": "", "html": "<html>", "cut": `{"status":{"code":0,`, "no status": `{}`, "null": "null", "array": "[]",
		"code of words": `{"status":{"code":"all is well"}}`, "code null": `{"status":{"code":null}}`,
		"too big": `{"status":{"msg":"` + strings.Repeat("x", 1<<20) + `","code":0}}`,
	} {
		_, err := ask(t, service(t, 200, body, nil))
		if f := fault.Of(err); f == nil || f.Class != fault.Unavailable {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnEmptySampleIsNotSent(t *testing.T) {
	t.Parallel()
	c := service(t, 200, "", func(*http.Request) { t.Error("called") })
	_, err := c.Recognize(t.Context(), recall.Sample{PCM: []byte{1}})
	if f := fault.Of(err); f == nil || f.Class != fault.BadInput {
		t.Error(err)
	}
}

// TestTheEndOfTheContextEndsTheCall while the service is still thinking.
func TestTheEndOfTheContextEndsTheCall(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	gone := make(chan struct{})
	c := service(t, 200, "", func(r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		cancel()
		<-r.Context().Done()
		close(gone)
	})
	_, err := c.Recognize(ctx, recall.Sample{PCM: make([]byte, 88200)})
	if f := fault.Of(err); f == nil || f.Class != fault.Canceled || !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	<-gone
}
