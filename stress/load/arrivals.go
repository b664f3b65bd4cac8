package load

import (
	"iter"
	"math/rand/v2"
	"time"
)

// Arrival is something that a user does at a time that no server can change.
type Arrival struct {
	Due  time.Duration // from the beginning of the plan
	Kind Kind
	Luck uint64 // decides the rest: the same plan does the same
}

// Plan is what is to come in: a Poisson process whose rate follows the connections, the
// way many independent people are.
type Plan struct {
	Stages Stages
	Rate   float64 // recalls a second at the peak of connections
	Mix    Mix
	Seed   uint64
}

// Arrivals are all of the plan in the order of their times: the same for the same seed.
// Candidates come at the peak's rate, and as many of them stay as the moment is worth.
func (p Plan) Arrivals() iter.Seq[Arrival] {
	return func(yield func(Arrival) bool) {
		random := rand.New(rand.NewPCG(p.Seed, 0x10ad))
		rate, peak, end := p.Mix.arrivals(p.Rate), float64(p.Stages.Peak()), p.Stages.Length()
		if rate <= 0 || peak <= 0 {
			return
		}
		for seconds := 0.0; ; {
			seconds += random.ExpFloat64() / rate
			a := Arrival{Due: time.Duration(seconds * float64(time.Second)), Kind: p.Mix.pick(random.Float64()), Luck: random.Uint64()}
			if a.Due >= end {
				return
			}
			now, _ := p.Stages.At(a.Due)
			if random.Float64()*peak < float64(now) && !yield(a) {
				return
			}
		}
	}
}
