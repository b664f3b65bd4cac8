package metrics

import "time"

// Called counts an attempt of an outside service by its outcome. One that was
// refused without asking took no time, and is in no percentile.
func (r *Recorder) Called(service, outcome string, took time.Duration) {
	r.calls.WithLabelValues(service, outcome).Inc()
	if took == 0 {
		return
	}
	r.callSeconds.WithLabelValues(service).Observe(took.Seconds())
	r.operation(service).observe(took, outcome != "ok")
}

// StateChanged counts a change of a service's breaker.
func (r *Recorder) StateChanged(service, _, to string) {
	r.states.WithLabelValues(service, to).Inc()
}

// Added records what of a recall's time was the server's own: all of it but the
// time during which an outside service was waited for.
func (r *Recorder) Added(d time.Duration) {
	r.operation("resolve_recall_added").observe(d, false)
	r.seconds.WithLabelValues("resolve_recall_added").Observe(d.Seconds())
}
