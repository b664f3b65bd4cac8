package rest

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// longestWait bounds what a service may ask for: a header gone wrong must not
// silence it for a day.
const longestWait = 10 * time.Minute

// again finds the time in "Please try again in 18.642s".
var again = regexp.MustCompile(`try again in ((?:[0-9]+(?:\.[0-9]+)?(?:ms|s|m|h))+)`)

// Wait is how long a service asks not to be called, from its headers, else from
// the text of its error; 0 when it does not say. now is needed for dates.
//
// The forms are those of PROVIDERS.md, B1: retry-after-ms, Retry-After in seconds or
// as a date, the sentence in the message, and last the resets of the rate limits
// that are used up.
func Wait(h http.Header, message string, now time.Time) time.Duration {
	for _, form := range []func() time.Duration{
		func() time.Duration { return number(h.Get("Retry-After-Ms"), time.Millisecond) },
		func() time.Duration { return number(h.Get("Retry-After"), time.Second) },
		func() time.Duration { return date(h.Get("Retry-After"), now) },
		func() time.Duration { return sentence(message) },
		func() time.Duration { return reset(h) },
	} {
		if d := form(); d > 0 {
			return min(d, longestWait)
		}
	}
	return 0
}

func number(text string, unit time.Duration) time.Duration {
	n, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || !(n > 0) {
		return 0
	}
	return time.Duration(min(n*float64(unit), float64(longestWait)))
}

func date(text string, now time.Time) time.Duration {
	at, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	return at.Sub(now)
}

func sentence(message string) time.Duration {
	m := again.FindStringSubmatch(message)
	if m == nil {
		return 0
	}
	d, _ := time.ParseDuration(m[1])
	return d
}

// reset is when the used-up limits are full again.
func reset(h http.Header) (longest time.Duration) {
	for _, what := range []string{"Requests", "Tokens"} {
		if h.Get("X-Ratelimit-Remaining-"+what) != "0" {
			continue
		}
		if d, err := time.ParseDuration(h.Get("X-Ratelimit-Reset-" + what)); err == nil {
			longest = max(longest, d)
		}
	}
	return longest
}
