package metrics

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

var (
	// shortBuckets are of what takes from half a millisecond to a minute.
	shortBuckets = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2, 5, 10, 30, 60}
	// recallBuckets are narrow around 2 s, which an alert watches, and end behind the
	// budget of a recall (55 s).
	recallBuckets = []float64{.005, .01, .025, .05, .1, .25, .5, .75, 1, 1.5, 2, 2.5, 3, 5, 10, 20, 30, 60}
)

func (r *Recorder) histogram(name, help, label string, buckets []float64) *prometheus.HistogramVec {
	return promauto.With(r.registry).NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets}, []string{label})
}

func (r *Recorder) counter(name, help string, labels ...string) *prometheus.CounterVec {
	return promauto.With(r.registry).NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
}

// tally makes a counter by one label. The known values are there from the start: a
// counter that appears with its first event hides that event from rate().
func (r *Recorder) tally(name, help, label string, known ...string) tally {
	vec := r.counter(name, help, label)
	return tally{newNamed(func(value string) *count { return &count{counter: vec.WithLabelValues(value)} }, known...)}
}

// Gauge publishes a value that is read when somebody asks.
func (r *Recorder) Gauge(name, help string, read func() float64) {
	r.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, read))
}

// Handler serves the Prometheus metrics.
func (r *Recorder) Handler() http.Handler {
	return promhttp.HandlerFor(r.registry, promhttp.HandlerOpts{})
}
