package rest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"recall/actors/provider/fault"
	"recall/actors/provider/rest"
)

func TestBadStatuses(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]fault.Class{
		301: fault.Unavailable, 400: fault.BadInput, 401: fault.Auth, 403: fault.Auth, 404: fault.Unavailable, 408: fault.Timeout,
		413: fault.BadInput, 414: fault.BadInput, 415: fault.BadInput, 422: fault.BadInput, 429: fault.Throttled, 500: fault.Unavailable, 502: fault.Unavailable, 503: fault.Unavailable, 504: fault.Unavailable,
	} {
		f := fault.Of(rest.Refused(&rest.Answer{Status: status, Header: http.Header{"Retry-After": {"7"}}}, time.Time{}))
		if f.Class != want {
			t.Errorf("%d is %s, want %s", status, f.Class, want)
		}
		if wait := f.Wait == 7*time.Second; wait != (status == 429) {
			t.Errorf("%d: wait %v", status, f.Wait)
		}
	}
	if err := rest.Refused(&rest.Answer{Status: 200}, time.Time{}); err != nil {
		t.Error(err)
	}
}

func TestWordsForTheLogAreShort(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"":                             `""`,
		"down\n":                       `"down\n"`,
		"\xff":                         `"?"`,
		strings.Repeat("ä", 150):       `"` + strings.Repeat("ä", 100) + `"`,
		"x" + strings.Repeat("ä", 150): `"x` + strings.Repeat("ä", 99) + `?"`,
	} {
		if got := rest.Quote([]byte(body)); got != want {
			t.Errorf("%q: %s", body, got)
		}
	}
}
