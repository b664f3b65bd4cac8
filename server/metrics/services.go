package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// services is the record of the outside services.
type services struct {
	seconds *prometheus.HistogramVec // by service
	calls   *prometheus.CounterVec   // by service and outcome
	changes *prometheus.CounterVec   // by service and state

	names, outcomes, states *named[string]
}

func (r *Recorder) newServices() services {
	return services{
		seconds: r.histogram("recall_service_seconds", "Time of each call of an outside service.", "service", shortBuckets),
		calls:   r.counter("recall_service_calls_total", "Calls of outside services by outcome, refusals of our own included.", "service", "outcome"),
		changes: r.counter("recall_service_state_changes_total", "Changes of a service's breaker, by the new state.", "service", "state"),
		names:   newNamed(itself), outcomes: newNamed(itself), states: newNamed(itself, breakerStates...),
	}
}

// itself keeps nothing with a name: only the number of names is bounded.
func itself(name string) string { return name }

// Called counts an attempt of an outside service by its outcome. One that was
// refused without asking took no time, and is in no percentile.
func (r *Recorder) Called(service, outcome string, took time.Duration) {
	service = r.services.names.of(service)
	r.services.calls.WithLabelValues(service, r.services.outcomes.of(outcome)).Inc()
	if took == 0 {
		return
	}
	r.services.seconds.WithLabelValues(service).Observe(took.Seconds())
	r.ops.of(service).observe(took, outcome != "ok")
}

// StateChanged counts a change of a service's breaker.
func (r *Recorder) StateChanged(service, _, to string) {
	r.services.changes.WithLabelValues(r.services.names.of(service), r.services.states.of(to)).Inc()
}
