package services

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// flushes notes what each flush had to send, and when.
type flushes struct {
	httptest.ResponseRecorder
	start time.Time
	sent  []string
	at    []time.Duration
}

func (w *flushes) Flush() {
	w.sent = append(w.sent, w.Body.String())
	w.at = append(w.at, time.Since(w.start))
	w.Body.Reset()
}

// Tokens of a burst leave together when the last of them is due: none early, and the
// last of all at the same time as without bursts.
func TestTokensOfABurstLeaveTogether(t *testing.T) {
	t.Parallel()
	const every = 10 * time.Millisecond
	for _, c := range []struct {
		name            string
		interval, burst time.Duration
		sent            string
		at              []time.Duration
	}{
		{"each by itself", every, 0, "a|b|c|d|e|f", []time.Duration{0, every, 2 * every, 3 * every, 4 * every, 5 * every}},
		{"shorter than a token", every, every / 2, "a|b|c|d|e|f", []time.Duration{0, every, 2 * every, 3 * every, 4 * every, 5 * every}},
		{"four tokens", every, 4 * every, "abcd|ef", []time.Duration{3 * every, 5 * every}},
		{"no pauses", 0, every, "abcdef", []time.Duration{0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := &flushes{ResponseRecorder: *httptest.NewRecorder(), start: time.Now()}
				d := &delivery{reply: reply{status: http.StatusOK}, w: w, ctx: t.Context(), interval: c.interval, burst: c.burst}
				for letter := range strings.SplitSeq("abcdef", "") {
					d.parts = append(d.parts, []byte(letter))
				}
				if err := d.plain(); err != nil {
					t.Fatal(err)
				}
				if got := strings.Join(w.sent, "|"); got != c.sent {
					t.Errorf("sent %s, not %s", got, c.sent)
				}
				for i := range w.at {
					if w.at[i] != c.at[i] {
						t.Errorf("%d at %s, not %s", i, w.at[i], c.at[i])
					}
				}
			})
		})
	}
}
