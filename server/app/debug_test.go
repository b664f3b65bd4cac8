package app

import (
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
)

// Profiles are on their own address, and on no other.
func TestProfiles(t *testing.T) {
	t.Parallel()
	d, err := startDebug(t.Context(), "127.0.0.1:0", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer d.close()
	resp, err := http.Get("http://" + d.listener.Addr().String() + "/debug/pprof/goroutine?debug=1")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK || !strings.HasPrefix(string(body), "goroutine profile: total") {
		t.Errorf("%v %v: %.100s", resp.Status, err, body)
	}
}
