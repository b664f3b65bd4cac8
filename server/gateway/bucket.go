package gateway

import (
	"math"
	"time"

	"golang.org/x/time/rate"
)

// bucket is a token bucket: a burst, then a rate. Every limit over time of the edge is
// one. The zero value limits nothing.
type bucket struct{ tokens *rate.Limiter }

// newBucket is full. Without a burst or a rate (0) it limits nothing.
func newBucket(burst, perSecond int) bucket {
	if burst <= 0 || perSecond <= 0 {
		return bucket{}
	}
	return bucket{rate.NewLimiter(rate.Limit(perSecond), burst)}
}

// take counts one. A wait above 0 refuses it: by then one would be let in.
func (b bucket) take(now time.Time) (wait time.Duration) {
	if b.tokens == nil || b.tokens.AllowN(now, 1) {
		return 0
	}
	return b.until(now, 1)
}

// spend counts n, at most the burst, that are there already: what is missing becomes a debt.
func (b bucket) spend(now time.Time, n int) {
	if b.tokens != nil {
		b.tokens.ReserveN(now, n)
	}
}

// debt is the time until what was spent has come back; 0: nothing is owed.
func (b bucket) debt(now time.Time) time.Duration {
	if b.tokens == nil {
		return 0
	}
	return b.until(now, 0)
}

// until is the time until there will be as many tokens, rounded up, so that waiting
// for it always suffices.
func (b bucket) until(now time.Time, tokens float64) time.Duration {
	missing := tokens - b.tokens.TokensAt(now)
	return max(0, time.Duration(math.Ceil(missing/float64(b.tokens.Limit())*float64(time.Second))))
}

// left is how many could be taken at once.
func (b bucket) left(now time.Time) int { return max(0, int(b.tokens.TokensAt(now))) }

// more is the time until there is one more than now; 0 when the bucket is full.
func (b bucket) more(now time.Time) time.Duration {
	left := b.left(now)
	if left >= b.tokens.Burst() {
		return 0
	}
	return b.until(now, float64(left+1))
}
