package rest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"recall/actors/provider/fault"
	"recall/actors/provider/rest"
)

func serve(t *testing.T, h http.HandlerFunc) *rest.Client {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return &rest.Client{HTTP: s.Client(), Base: s.URL + "/v1/", Header: http.Header{"X-Key": {"k"}}}
}

func get(ctx context.Context, c *rest.Client, limit int64) (*rest.Answer, error) {
	r, err := c.Request(ctx, http.MethodGet, "/thing", nil)
	if err != nil {
		return nil, err
	}
	return c.Do(r, limit)
}

func classOf(err error) fault.Class {
	if f := fault.Of(err); f != nil {
		return f.Class
	}
	return ""
}

func TestRequestsCarryKeyAndOurID(t *testing.T) {
	t.Parallel()
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.URL.Path, " ", r.Header.Get("X-Key"), " ", r.Header.Get("X-Client-Request-Id"))
	})
	a, err := get(rest.WithRequestID(t.Context(), "rc-1"), c, 100)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(a.Body); got != "/v1/thing k rc-1" {
		t.Error(got)
	}
}

func TestBodiesAreBounded(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status, size int
		want         fault.Class
	}{
		"at the limit":           {200, 10, ""},
		"over it":                {200, 11, fault.Unavailable},
		"a long error is cut":    {401, 11, ""},
		"a short error is whole": {401, 3, ""},
	} {
		client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(c.status)
			fmt.Fprint(w, strings.Repeat("x", c.size))
		})
		a, err := get(t.Context(), client, 10)
		if classOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil && (a.Status != c.status || len(a.Body) != min(c.size, 10)) {
			t.Errorf("%s: %d, %d bytes", name, a.Status, len(a.Body))
		}
	}
}

// cut answers with fewer bytes than it announced.
func cut(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "10")
		w.WriteHeader(status)
		fmt.Fprint(w, "short")
	}
}

func TestCutBodies(t *testing.T) {
	t.Parallel()
	if _, err := get(t.Context(), serve(t, cut(200)), 100); classOf(err) != fault.Unavailable {
		t.Errorf("a cut answer: %v", err)
	}
	if a, err := get(t.Context(), serve(t, cut(401)), 100); err != nil || a.Status != 401 {
		t.Errorf("the status of a cut error is what counts: %v", err)
	}
}

func TestEndOfPatienceIsNoBrokenService(t *testing.T) {
	t.Parallel()
	stalled := &fault.Fault{Class: fault.Timeout, Reason: "stalled"}
	for name, c := range map[string]struct {
		cause error
		want  string
	}{
		"canceled":           {nil, "canceled"},
		"some other cause":   {errors.New("shutting down"), "canceled"},
		"a fault as a cause": {stalled, "stalled"},
	} {
		ctx, cancel := context.WithCancelCause(t.Context())
		client := serve(t, func(_ http.ResponseWriter, r *http.Request) {
			cancel(c.cause)
			<-r.Context().Done()
		})
		_, err := get(ctx, client, 10)
		if got := fault.Of(err).Word(); got != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBrokenTransport(t *testing.T) {
	t.Parallel()
	client := serve(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	if _, err := get(t.Context(), client, 10); classOf(err) != fault.Unavailable {
		t.Error(err)
	}
	client.Base = "http://127.0.0.1:1"
	if _, err := get(t.Context(), client, 10); classOf(err) != fault.Unavailable {
		t.Error(err)
	}
	client.Base = "http://a b"
	if _, err := get(t.Context(), client, 10); classOf(err) != fault.BadInput {
		t.Error(err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// TestWhatWeCannotReadIsNotTheirFault: a body that we fail to send names its fault.
func TestWhatWeCannotReadIsNotTheirFault(t *testing.T) {
	t.Parallel()
	client := serve(t, func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) })
	r, err := client.Request(t.Context(), http.MethodPost, "/", failing{fault.New(fault.BadInput, "gone")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Do(r, 10); classOf(err) != fault.BadInput {
		t.Error(err)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	client := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) })
	client.HTTP = rest.NewHTTP(1)
	a, err := get(t.Context(), client, 1000)
	if err != nil || a.Status != http.StatusFound {
		t.Errorf("%v %v", a, err)
	}
	client.HTTP.CloseIdleConnections()
}
