package auth

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
)

// Keys stay over a failed fetch only where there are some.
func TestFailedFetchSaysWhatItMeans(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	is := newIssuer(t, "")
	k := newKeySet(is.URL, slog.New(slog.NewTextHandler(&out, nil)))
	defer k.stop()
	for _, step := range []struct{ body, says string }{
		{"", "there are no keys yet"},
		{keysOf(t, "a", ecKey()), ""},
		{"", "the keys from before stay"},
	} {
		out.Reset()
		is.body.Store(step.body)
		k.refresh(t.Context())
		got := out.String()
		if step.says == "" && got != "" || !strings.Contains(got, step.says) {
			t.Errorf("logged %q, want %q", got, step.says)
		}
		if got != "" && (!strings.Contains(got, " error=") || !strings.Contains(got, "retry_in=10s")) {
			t.Errorf("logged %q, want the error and the wait in words", got)
		}
	}
}
