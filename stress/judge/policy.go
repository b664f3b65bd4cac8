package judge

import "time"

// policy is a limit of PROTOCOL.md, section 5.
type policy uint8

const (
	minute policy = iota
	hour
	concurrent
)

var policies = map[string]policy{"recall_minute": minute, "recall_hour": hour, "recall_concurrent": concurrent}

// String is the protocol's name.
func (p policy) String() string {
	return [...]string{"recall_minute", "recall_hour", "recall_concurrent"}[p]
}

// window is how far back a limit reaches, 0 for the one at once.
func (p policy) window() int64 {
	return int64([...]time.Duration{time.Minute, time.Hour, 0}[p])
}

// of is the number that a policy allows. Where none is judged, that also holds
// for refusals: nothing is below 0.
func (l Limits) of(p policy) int { return [...]int{l.PerMinute, l.PerHour, l.AtOnce}[p] }
