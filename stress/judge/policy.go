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

// window is how far back a limit reaches, 0 for the one at once.
func (p policy) window() int64 {
	switch p {
	case minute:
		return int64(time.Minute)
	case hour:
		return int64(time.Hour)
	}
	return 0
}
