package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// service is the record of an outside service.
type service struct {
	name    string
	seconds prometheus.Observer
	calls   *named[prometheus.Counter] // by outcome
	changes *named[prometheus.Counter] // by the breaker's new state
}

func (r *Recorder) newServices() *named[*service] {
	seconds := r.histogram("recall_service_seconds", "Time of each call of an outside service.", "service", shortBuckets)
	calls := r.counter("recall_service_calls_total", "Calls of outside services by outcome, refusals of our own included.", "service", "outcome")
	changes := r.counter("recall_service_state_changes_total", "Changes of a service's breaker.", "service", "state")
	of := func(vec *prometheus.CounterVec, service string) *named[prometheus.Counter] {
		return newNamed(func(value string) prometheus.Counter { return vec.WithLabelValues(service, value) })
	}
	return newNamed(func(name string) *service {
		return &service{name: name, seconds: seconds.WithLabelValues(name), calls: of(calls, name), changes: of(changes, name)}
	})
}

// Called counts an attempt of an outside service by its outcome. One that was
// refused without asking took no time, and is in no percentile.
func (r *Recorder) Called(service, outcome string, took time.Duration) {
	s := r.services.of(service)
	s.calls.of(outcome).Inc()
	if took == 0 {
		return
	}
	s.seconds.Observe(took.Seconds())
	r.ops.of(s.name).observe(took, outcome != "ok")
}

// StateChanged counts a change of a service's breaker.
func (r *Recorder) StateChanged(service, _, to string) { r.services.of(service).changes.of(to).Inc() }
