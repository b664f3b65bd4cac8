package auth

import (
	"net/http"
	"strings"
)

// Bearer is the token of a request's Authorization header. given is false when
// there is no header of that scheme; an empty token counts as given, so that it
// is refused rather than overlooked.
func Bearer(r *http.Request) (token string, given bool) {
	scheme, token, _ := strings.Cut(strings.TrimSpace(r.Header.Get("Authorization")), " ")
	if !strings.EqualFold(scheme, "Bearer") { // RFC 9110, section 11.1: schemes have no case
		return "", false
	}
	return strings.TrimSpace(token), true
}
