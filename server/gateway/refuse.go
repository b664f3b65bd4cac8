package gateway

import (
	"net/http"
	"strconv"

	"recall/wire"
)

// statuses are the HTTP statuses of the codes that a request may be refused with;
// any other is a fault of ours.
var statuses = map[wire.Code]int{
	wire.CodeBadRequest:       http.StatusBadRequest,
	wire.CodeUnauthorized:     http.StatusUnauthorized,
	wire.CodeTokenExpired:     http.StatusUnauthorized,
	wire.CodeNotFound:         http.StatusNotFound,
	wire.CodeTooLarge:         http.StatusRequestEntityTooLarge,
	wire.CodeUnsupportedMedia: http.StatusUnsupportedMediaType,
	wire.CodeRateLimited:      http.StatusTooManyRequests,
	wire.CodeBusy:             http.StatusTooManyRequests,
	wire.CodeUnavailable:      http.StatusServiceUnavailable,
}

// refuse answers with the same object that a socket would get, under the status that
// says the same to programs which know HTTP only.
func refuse(w http.ResponseWriter, e *wire.Error) {
	status, known := statuses[e.Code]
	if !known {
		status = http.StatusInternalServerError
	}
	switch status {
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", "Bearer") // RFC 9110, 11.6.1: a 401 must say how
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		seconds := max(1, (e.RetryAfterMS+999)/1000)
		w.Header().Set("Retry-After", strconv.FormatInt(seconds, 10))
	}
	writeError(w, status, e)
}

func writeError(w http.ResponseWriter, status int, e *wire.Error) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(wire.Encode("", e)) // the client may be gone
}
