package acrcloud

import (
	"fmt"
	"net/http"
	"time"

	"recall/actors/provider/fault"
	"recall/actors/provider/rest"
	"recall/wire"
)

// The codes of an answer that are no faults.
const (
	success  = 0
	noResult = 1001
)

// badSignature is also what a wrong clock gets.
const badSignature = 3014

// classes of the other codes. What is not listed is unavailable.
var classes = map[int]fault.Class{
	2000:         fault.BadInput, // recording error
	2002:         fault.Unavailable,
	2004:         fault.BadInput, // no fingerprint: silence, too short
	2005:         fault.Timeout,
	2006:         fault.BadInput,
	2008:         fault.BadInput,
	2009:         fault.BadInput,
	2010:         fault.BadInput,
	3000:         fault.Unavailable,
	3001:         fault.Auth,
	3003:         fault.Quota,
	3006:         fault.BadInput, // invalid arguments
	badSignature: fault.Auth,
	3015:         fault.Throttled, // too many a second
}

// read tells an answer: HTTP statuses say little here, the code in the body counts.
func (c *Client) read(a *rest.Answer) ([]wire.Candidate, error) {
	if err := rest.Refused(a, c.config.Now()); err != nil {
		return nil, err
	}
	answer, code, err := decode(a.Body)
	if err != nil {
		return nil, err
	}
	switch code {
	case success:
		return answer.candidates(), nil
	case noResult:
		return nil, nil
	default:
		return nil, c.failure(code, string(answer.Status.Msg), a.Header)
	}
}

func (c *Client) failure(code int, message string, h http.Header) error {
	class, known := classes[code]
	if !known {
		class = fault.Unavailable
	}
	hint := ""
	if code == badSignature {
		hint = "; check the access secret and this machine's clock" + c.skew(h)
	}
	return fault.New(class, "code %d: %s%s", code, rest.Quote([]byte(message)), hint)
}

// skew compares our clock with the service's, which stands on every HTTP answer.
func (c *Client) skew(h http.Header) string {
	theirs, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return ""
	}
	return fmt.Sprintf(", which differs from the service's by %v", c.config.Now().Sub(theirs).Round(time.Second))
}
