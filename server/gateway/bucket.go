package gateway

import "time"

// bucket bounds the frames of one connection: a burst, then a rate. Only the
// connection's reader uses it.
type bucket struct {
	burst, rate float64
	tokens      float64
	at          time.Time
}

func newBucket(burst, perSecond int, now time.Time) bucket {
	return bucket{burst: float64(burst), rate: float64(perSecond), tokens: float64(burst), at: now}
}

// take counts one frame. A wait above 0 refuses it: by then one would be let in.
func (b *bucket) take(now time.Time) (wait time.Duration) {
	b.tokens = min(b.burst, b.tokens+now.Sub(b.at).Seconds()*b.rate)
	b.at = now
	if b.tokens >= 1 {
		b.tokens--
		return 0
	}
	return time.Duration((1 - b.tokens) / b.rate * float64(time.Second))
}
