package rest_test

import (
	"net/http"
	"testing"
	"time"

	"recall/actors/provider/rest"
)

func header(pairs ...string) http.Header {
	h := http.Header{}
	for i := 0; i < len(pairs); i += 2 {
		h.Set(pairs[i], pairs[i+1])
	}
	return h
}

func TestWaitReadsEveryForm(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		header  http.Header
		message string
		want    time.Duration
	}{
		"milliseconds go first":    {header("retry-after-ms", "1500", "retry-after", "9"), "", 1500 * time.Millisecond},
		"seconds":                  {header("retry-after", " 20 "), "", 20 * time.Second},
		"parts of a second":        {header("retry-after", "0.5"), "", 500 * time.Millisecond},
		"a date":                   {header("retry-after", "Mon, 23 Nov 2026 12:01:30 GMT"), "", 90 * time.Second},
		"a date that has passed":   {header("retry-after", "Mon, 23 Nov 2026 11:00:00 GMT"), "", 0},
		"the sentence":             {nil, "Limit 3, Used 3. Please try again in 18.642s. Visit", 18642 * time.Millisecond},
		"the sentence, small":      {nil, "Please try again in 644ms.", 644 * time.Millisecond},
		"the sentence, long":       {nil, "Please try again in 6m0s.", 6 * time.Minute},
		"the header goes first":    {header("retry-after", "2"), "Please try again in 9s.", 2 * time.Second},
		"a limit that is used up":  {header("x-ratelimit-remaining-requests", "0", "x-ratelimit-reset-requests", "1.2s"), "", 1200 * time.Millisecond},
		"the longer of two limits": {header("x-ratelimit-remaining-requests", "0", "x-ratelimit-reset-requests", "12ms", "x-ratelimit-remaining-tokens", "0", "x-ratelimit-reset-tokens", "6m0s"), "", 6 * time.Minute},
		"a limit that is not":      {header("x-ratelimit-remaining-requests", "5", "x-ratelimit-reset-requests", "1h"), "", 0},
		"never for a day":          {header("retry-after", "86400"), "", 10 * time.Minute},
		"nor for ever":             {header("retry-after", "1e300"), "", 10 * time.Minute},
		"nor backwards":            {header("retry-after", "-3"), "", 0},
		"nonsense":                 {header("retry-after", "NaN", "retry-after-ms", "soon"), "try again in a while", 0},
		"nothing":                  {nil, "", 0},
	} {
		if got := rest.Wait(c.header, c.message, now); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func FuzzWaitIsBounded(f *testing.F) {
	f.Add("20", "try again in 5s", "1.2s")
	f.Add("Mon, 23 Nov 2026 12:01:30 GMT", "try again in 99999999h", "-1s")
	f.Fuzz(func(t *testing.T, after, message, reset string) {
		h := http.Header{"Retry-After": {after}, "X-Ratelimit-Remaining-Tokens": {"0"}, "X-Ratelimit-Reset-Tokens": {reset}}
		if got := rest.Wait(h, message, time.Unix(0, 0)); got < 0 || got > 10*time.Minute {
			t.Fatalf("%v", got)
		}
	})
}
