package metrics

import (
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"recall/wire"
)

// Recorder is where everybody reports to. It is safe for concurrent use.
type Recorder struct {
	registry *prometheus.Registry
	seconds  *prometheus.HistogramVec
	errors   *prometheus.CounterVec
	closes   *prometheus.CounterVec
	joined   *prometheus.CounterVec
	lookups  *prometheus.CounterVec
	ended    *prometheus.CounterVec
	refused  *prometheus.CounterVec
	admitted prometheus.Counter
	calls    *prometheus.CounterVec
	states   *prometheus.CounterVec

	callSeconds *prometheus.HistogramVec
	prefetched  *prometheus.CounterVec

	mu        sync.RWMutex
	ops       map[string]*operation
	coalesced map[string]int64
	caches    map[string]*cache

	active atomic.Int64
}

type cache struct{ hits, misses atomic.Int64 }

// NewRecorder makes a recorder with a Prometheus registry of its own.
func NewRecorder() *Recorder {
	r := &Recorder{
		registry:    prometheus.NewRegistry(),
		seconds:     histogram("recall_operation_seconds", "Time of each operation.", "operation"),
		callSeconds: histogram("recall_service_seconds", "Time of each call of an outside service.", "service"),
		calls:       counter("recall_service_calls_total", "Calls of outside services by outcome, refusals of our own included.", "service", "outcome"),
		states:      counter("recall_service_state_changes_total", "Changes of a service's breaker.", "service", "state"),
		errors:      counter("recall_operation_errors_total", "Operations that failed.", "operation"),
		closes:      counter("recall_closes_total", "Connections that the server closed.", "code"),
		joined:      counter("recall_coalesced_total", "Requests that shared another's run.", "operation"),
		lookups:     counter("recall_cache_lookups_total", "Lookups in a cache.", "cache", "result"),
		ended:       counter("recall_recalls_total", "Accepted recalls that have ended.", "status"),
		refused:     counter("recall_refusals_total", "Recalls that a limit refused.", "policy"),
		prefetched:  counter("recall_prefetched_total", "Loads that nobody had asked for yet.", "operation"),
		admitted:    prometheus.NewCounter(prometheus.CounterOpts{Name: "recall_admitted_total", Help: "Recalls that the limits let in."}),
		ops:         map[string]*operation{},
		coalesced:   map[string]int64{},
		caches:      map[string]*cache{},
	}
	r.registry.MustRegister(r.seconds, r.errors, r.closes, r.joined, r.lookups, r.ended, r.refused,
		r.calls, r.states, r.callSeconds, r.prefetched, r.admitted,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	r.Gauge("recall_active_recalls", "Recalls being resolved.", func() float64 { return float64(r.active.Load()) })
	return r
}

func histogram(name, help string, labels ...string) *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: name, Help: help,
		Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2, 5, 10, 30, 60},
	}, labels)
}

func counter(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
}

// Gauge publishes a value that is read when somebody asks.
func (r *Recorder) Gauge(name, help string, read func() float64) {
	r.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, read))
}

// Total publishes a count that only rises and is read when somebody asks.
func (r *Recorder) Total(name, help string, read func() float64) {
	r.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, read))
}

// Observe records one run of an operation. Names are a fixed set of our own, so
// that the labels stay bounded.
func (r *Recorder) Observe(op string, d time.Duration, err error) {
	failed := err != nil && wire.AsError(err).Code != wire.CodeNotFound
	r.operation(op).observe(d, failed)
	r.seconds.WithLabelValues(op).Observe(d.Seconds())
	if failed {
		r.errors.WithLabelValues(op).Inc()
	}
}

// Hit and Miss count a lookup in a cache. A hit spares a run of op.
func (r *Recorder) Hit(cacheName, op string) {
	r.cache(cacheName).hits.Add(1)
	r.lookups.WithLabelValues(cacheName, "hit").Inc()
	r.operation(op).spared()
}

// Miss counts a lookup that found nothing.
func (r *Recorder) Miss(cacheName string) {
	r.cache(cacheName).misses.Add(1)
	r.lookups.WithLabelValues(cacheName, "miss").Inc()
}

// Coalesced counts a request that shared another's run of op.
func (r *Recorder) Coalesced(op string) {
	r.mu.Lock()
	r.coalesced[op]++
	r.mu.Unlock()
	r.joined.WithLabelValues(op).Inc()
	r.operation(op).spared()
}

// Closed counts a connection that the server closed.
func (r *Recorder) Closed(code wire.CloseCode) {
	r.closes.WithLabelValues(strconv.Itoa(int(code))).Inc()
}

// Ended counts a recall by the state that it ended in.
func (r *Recorder) Ended(state string) { r.ended.WithLabelValues(state).Inc() }

// Admitted counts a recall that the limits of user let in.
func (r *Recorder) Admitted(wire.ID) { r.admitted.Inc() }

// Refused counts a recall of user that a limit refused.
func (r *Recorder) Refused(_ wire.ID, policy string) { r.refused.WithLabelValues(policy).Inc() }

// Prefetched counts a run of op that nobody had asked for yet.
func (r *Recorder) Prefetched(op string) { r.prefetched.WithLabelValues(op).Inc() }

// Begin counts a recall that is being resolved, until done is called.
func (r *Recorder) Begin() (done func()) {
	r.active.Add(1)
	return func() { r.active.Add(-1) }
}

func (r *Recorder) operation(name string) *operation {
	return lookup(r, r.ops, name, func() *operation { return &operation{} })
}

func (r *Recorder) cache(name string) *cache {
	return lookup(r, r.caches, name, func() *cache { return &cache{} })
}

// lookup finds or makes the entry of a name.
func lookup[T any](r *Recorder, in map[string]T, name string, fresh func() T) T {
	r.mu.RLock()
	found, ok := in[name]
	r.mu.RUnlock()
	if ok {
		return found
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if found, ok := in[name]; ok {
		return found
	}
	made := fresh()
	in[name] = made
	return made
}
