package shazam

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"recall/actors/provider/fault"
	"recall/actors/provider/rest"
)

// The longest waits that are believed: the window of the rate limit, and the month
// of the plan.
const (
	window = time.Minute
	month  = 31 * 24 * time.Hour
)

// refused is the fault of a bad status, nil for 200. The gateway uses 429 for two
// things, which only its words tell apart.
func refused(a *rest.Answer, now time.Time) error {
	if a.Status != http.StatusTooManyRequests {
		return rest.Refused(a, now)
	}
	f := fault.New(fault.Quota, "HTTP 429: %s", rest.Quote(a.Body))
	if tooFast(string(a.Body)) {
		f.Class, f.Wait = fault.Throttled, pause(a, now)
		return f
	}
	f.Wait = min(until(a.Header.Get("X-Ratelimit-Requests-Reset"), now), month)
	return f
}

// tooFast is true of the words about calls in a second or a minute. Anything else,
// unknown words too, is a plan that is used up: that is told to somebody, whereas
// waiting would hide it.
func tooFast(words string) bool {
	words = strings.ToLower(words)
	return !strings.Contains(words, "quota") && (strings.Contains(words, "per second") || strings.Contains(words, "per minute"))
}

// pause is how long not to call: Retry-After, which is not promised, else the end of
// the window. The window is a minute's: it tells nothing of calls in one second while
// it has some left.
func pause(a *rest.Answer, now time.Time) time.Duration {
	if d := rest.Wait(a.Header, "", now); d > 0 {
		return d
	}
	left := a.Header.Get("X-Ratelimit-Remaining")
	if left != "" && left != "0" && strings.Contains(strings.ToLower(string(a.Body)), "per second") {
		return 0
	}
	return min(until(a.Header.Get("X-Ratelimit-Reset"), now), window)
}

// until reads a reset: seconds from now, or a Unix time.
func until(text string, now time.Time) time.Duration {
	const earliest = 1e9 // as a Unix time: in 2001
	s, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	switch {
	case err != nil || s <= 0:
		return 0
	case s >= earliest:
		return max(time.Unix(min(s, 1<<40), 0).Sub(now), 0)
	}
	return time.Duration(s) * time.Second
}
