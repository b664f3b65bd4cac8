package provider

import (
	"log/slog"
	"time"
)

// Config is how one service is treated. Zero values mean the defaults.
type Config struct {
	// Timeout ends a call, its retry and its wait for a place included; a caller with
	// less time left goes earlier. Default 10 s.
	Timeout time.Duration
	// Failures in a row open the breaker. Default 5.
	Failures int
	// Open is how long the breaker then refuses every call. Default 60 s.
	Open time.Duration
	// AtOnce is the most attempts under way, retries that pause included. Default 16.
	AtOnce int
	// Waiting is the most calls that wait for a place, in order. Default: as AtOnce.
	// Negative: none.
	Waiting int
	// MaxWait is the longest wait for a place; then the call is refused as "busy".
	// Default 500 ms.
	MaxWait time.Duration
	// DefaultWait is the pause after a throttled answer that names none. Default 1 s.
	DefaultWait time.Duration
	// Probe is how often one call is let through while key or plan are refused, so
	// that a change made outside is noticed. Default 10 min.
	Probe time.Duration
	// RetryShare is what each call adds to the budget of retries; one costs 1. So it is
	// the share of calls that may be retried in the long run. Default 0.1; negative:
	// never retry.
	RetryShare float64
	// NoCoalescing switches off that equal requests under way are one call.
	NoCoalescing bool
	// Answers is how answers are kept; the zero value keeps none.
	Answers Answers
}

// Answers bounds the answers that are kept. Empty answers are not: the next one may
// be better.
type Answers struct {
	Bytes int64         // of all kept answers together, about; 0: none are kept
	TTL   time.Duration // how long one is good for; 0: none are kept
}

// maxBudget bounds the retries that a quiet time may save up.
const maxBudget = 10

// grace is how long after its deadline a worker may take to notice. Then its callers
// are answered without it, and only its place stays taken.
const grace = time.Second

func (c Config) withDefaults() Config {
	c.Timeout = or(c.Timeout, 10*time.Second)
	c.Failures = or(c.Failures, 5)
	c.Open = or(c.Open, time.Minute)
	c.AtOnce = or(c.AtOnce, 16)
	c.Waiting = or(c.Waiting, c.AtOnce)
	c.MaxWait = or(c.MaxWait, 500*time.Millisecond)
	c.DefaultWait = or(c.DefaultWait, time.Second)
	c.Probe = or(c.Probe, 10*time.Minute)
	c.RetryShare = or(c.RetryShare, 0.1)
	return c
}

func or[T comparable](value, otherwise T) T {
	var zero T
	if value == zero {
		return otherwise
	}
	return value
}

// Deps are what a service needs of the process. Each may be absent.
type Deps struct {
	Logger *slog.Logger
	Now    func() time.Time
	Meter  Meter
}

// Meter is told what the services do. It must be fast and safe for concurrent use.
type Meter interface {
	// Called counts an attempt by its outcome: "ok", "crashed" or the fault's class,
	// and what it took. A call that was refused without asking the service counts with
	// the reason ("breaker_open", "busy", "throttled", "auth", "config", "quota") and took 0.
	Called(service, outcome string, took time.Duration)
	// StateChanged counts a change of the breaker.
	StateChanged(service, from, to string)
	// Coalesced counts a caller that joined a call of the service under way.
	Coalesced(service string)
	// Hit counts a kept answer that spared a call of the service, Miss a look-up in
	// vain.
	Hit(cache, service string)
	Miss(cache string)
}

func (d Deps) withDefaults() Deps {
	if d.Logger == nil {
		d.Logger = slog.New(slog.DiscardHandler)
	}
	if d.Now == nil {
		d.Now = time.Now
	}
	if d.Meter == nil {
		d.Meter = noMeter{}
	}
	return d
}

type noMeter struct{}

func (noMeter) Called(string, string, time.Duration) {}
func (noMeter) StateChanged(string, string, string)  {}
func (noMeter) Coalesced(string)                     {}
func (noMeter) Hit(string, string)                   {}
func (noMeter) Miss(string)                          {}
