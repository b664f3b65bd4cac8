package gateway

import (
	"fmt"
	"net/http"
	"time"

	"recall/wire"
)

// policy is a limit over time as it is configured. Without a burst or a rate there is none.
type policy struct {
	name             wire.Policy
	burst, perSecond int
}

func (p policy) limits() bool { return p.burst > 0 && p.perSecond > 0 }

func (p policy) bucket() bucket { return newBucket(p.burst, p.perSecond) }

// window is the time in which the whole burst comes back.
func (p policy) window() time.Duration {
	if !p.limits() {
		return 0
	}
	return time.Duration(p.burst) * time.Second / time.Duration(p.perSecond)
}

// standing is how somebody stands with a policy.
type standing struct {
	left int
	more time.Duration // until there is one more; 0: there are as many as there can be
}

// announce tells programs how they stand with the policy, before they are refused
// (draft-ietf-httpapi-ratelimit-headers-10). Several policies are several lines of one list.
func (p policy) announce(h http.Header, s standing) {
	h.Add("RateLimit-Policy", fmt.Sprintf("%q;q=%d;w=%d", p.name, p.burst, max(1, ceilSeconds(p.window()))))
	h.Add("RateLimit", fmt.Sprintf("%q;r=%d;t=%d", p.name, s.left, ceilSeconds(s.more)))
}

// announceAtOnce does so for a limit of what is under way at once, which no clock gives back.
func announceAtOnce(h http.Header, name wire.Policy, most, left int) {
	h.Add("RateLimit-Policy", fmt.Sprintf(`%q;q=%d;qu="concurrent-requests"`, name, most))
	h.Add("RateLimit", fmt.Sprintf("%q;r=%d", name, left))
}

// ceilSeconds never ends before d does.
func ceilSeconds(d time.Duration) int64 { return int64((d + time.Second - 1) / time.Second) }
