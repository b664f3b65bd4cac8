package rest

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"recall/actors/provider/fault"
)

// Refused is the fault of a bad HTTP status as it is understood of any service that
// has no rules of its own; nil for 200. now is for dates in Retry-After.
func Refused(a *Answer, now time.Time) error {
	class := fault.Unavailable // also what only a wrong address answers: 404, redirects
	switch a.Status {
	case http.StatusOK:
		return nil
	case http.StatusUnauthorized, http.StatusForbidden:
		class = fault.Auth
	case http.StatusTooManyRequests:
		class = fault.Throttled
	case http.StatusRequestTimeout:
		class = fault.Timeout
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusRequestURITooLong,
		http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity:
		class = fault.BadInput
	}
	f := fault.New(class, "HTTP %d: %s", a.Status, Quote(a.Body))
	if class == fault.Throttled {
		f.Wait = Wait(a.Header, string(a.Body), now)
	}
	return f
}

// Quote is the beginning of a service's words, for the log.
func Quote(body []byte) string {
	const most = 200 // bytes
	return strconv.Quote(strings.ToValidUTF8(string(body[:min(most, len(body))]), "?"))
}
