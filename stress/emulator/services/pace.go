package services

import (
	"math"
	"math/rand/v2"
	"sync"
	"time"
)

// latencySpread is the sigma of the log-normal pause: one answer in twenty takes
// more than 2.3 times the median.
const latencySpread = 0.5

// pace is how fast the services are.
type pace struct {
	mu     sync.Mutex
	tokens float64
	median time.Duration
	random *rand.Rand
}

func newPace(o Options) *pace {
	return &pace{tokens: o.TokensPerSecond, median: o.Latency, random: rand.New(rand.NewPCG(o.Seed, 1))} //nolint:gosec // repeatable on purpose
}

func (p *pace) set(tokens float64, median time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if tokens == 0 {
		tokens = defaultPace
	}
	p.tokens, p.median = tokens, median
}

// interval is the time from one token to the next.
func (p *pace) interval() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.tokens < 0 {
		return 0
	}
	return time.Duration(float64(time.Second) / p.tokens)
}

// latency is the pause before an answer.
func (p *pace) latency() time.Duration {
	p.mu.Lock()
	median := p.median
	p.mu.Unlock()
	return p.around(median)
}

// around draws from the log-normal distribution with this median, at most ten
// times it.
func (p *pace) around(median time.Duration) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	factor := math.Exp(latencySpread * p.random.NormFloat64())
	return time.Duration(float64(median) * min(factor, 10))
}
