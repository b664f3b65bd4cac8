package services

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
)

// plan is the faults that are to come.
type plan struct {
	mu     sync.Mutex
	random *rand.Rand
	rules  map[string][]*rule // by service, the first that applies wins
}

type rule struct {
	fault       Fault
	left        int     // calls; below 0: for ever
	probability float64 // of each call
}

func newPlan(seed uint64) *plan {
	return &plan{random: rand.New(rand.NewPCG(seed, 0)), rules: map[string][]*rule{}} //nolint:gosec // repeatable on purpose
}

func (p *plan) add(service string, r *rule) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rules[service] = append(p.rules[service], r)
}

func (p *plan) clear(services []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range services {
		delete(p.rules, s)
	}
}

// next is the fault of the call that begins now.
func (p *plan) next(service string) (Fault, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, r := range p.rules[service] {
		if r.probability < 1 && p.random.Float64() >= r.probability {
			continue
		}
		if r.left > 0 {
			r.left--
		}
		if r.left == 0 {
			p.rules[service] = slices.Delete(p.rules[service], i, i+1)
		}
		return r.fault, true
	}
	return Fault{}, false
}

// Inject plays a fault in the next calls of a service; times below 0: in all of them.
// Faults that were injected earlier come first.
func (s *Services) Inject(service string, f Fault, times int) {
	if times != 0 {
		s.plan.add(service, &rule{fault: f, left: times, probability: 1})
	}
}

// InjectWithProbability plays a fault in each call with this probability (0 to 1).
// The draws follow from [Options].Seed and the order of the calls.
func (s *Services) InjectWithProbability(service string, f Fault, probability float64) {
	s.plan.add(service, &rule{fault: f, left: -1, probability: probability})
}

// InjectNamed is Inject by name; with [All] for a fault that all services have, such
// as status_503, it is an outage of everything. The error says which name is wrong.
func (s *Services) InjectNamed(service, name string, times int) error {
	return s.eachFault(service, name, func(one string, f Fault) { s.Inject(one, f, times) })
}

// eachFault finds the fault by name for the service, or for each of [All]; add is
// called for none unless it is found for all of them.
func (s *Services) eachFault(service, name string, add func(service string, f Fault)) error {
	services := servicesOf(service)
	found := make([]Fault, len(services))
	for i, one := range services {
		var err error
		if found[i], err = findFault(one, name); err != nil {
			return err
		}
	}
	for i, one := range services {
		add(one, found[i])
	}
	return nil
}

// servicesOf is the one service, or every one.
func servicesOf(service string) []string {
	if service == All {
		return Names()
	}
	return []string{service}
}

func findFault(service, name string) (Fault, error) {
	if Faults(service) == nil {
		return Fault{}, fmt.Errorf("service: %q is none of %v nor %q", service, Names(), All)
	}
	f, ok := FaultNamed(service, name)
	if !ok {
		return Fault{}, fmt.Errorf("fault: %s has none called %q", service, name)
	}
	return f, nil
}

// ClearFaults forgets every fault that is still to come.
func (s *Services) ClearFaults() { s.plan.clear(Names()) }

// ClearFaultsOf forgets those of one service, or of [All].
func (s *Services) ClearFaultsOf(service string) { s.plan.clear(servicesOf(service)) }
