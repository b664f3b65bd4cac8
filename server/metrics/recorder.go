package metrics

import (
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"recall/wire"
)

// Recorder is where everybody reports to. It is safe for concurrent use. Names of
// operations, services and so on are fixed sets of the caller's; of each kind 40 are
// kept apart, and "other" stands for what is beyond.
type Recorder struct {
	registry *prometheus.Registry
	now      func() time.Time

	seconds *prometheus.HistogramVec // by operation
	errors  *prometheus.CounterVec   // by operation
	stages  *named[*stage]
	kinds   *named[*kind]

	ops      *named[*operation]
	services services
	caches   *named[*cache]

	coalesced, ended, refused, debounced, prefetched, floods, shed, closes tally

	admitted count
	users    *recentUsers
	slow     slowest
	courses  courses
	active   atomic.Int64
}

// NewRecorder makes a recorder with a Prometheus registry of its own.
func NewRecorder() *Recorder { return newRecorder(time.Now) }

func newRecorder(now func() time.Time) *Recorder {
	r := &Recorder{registry: prometheus.NewRegistry(), now: now, users: newRecentUsers(now), courses: courses{done: map[wire.ID]*Course{}}}
	r.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	r.timers()
	r.tallies()
	r.services = r.newServices()
	r.caches = r.newCaches()
	r.recent()
	r.Gauge("recall_active_recalls", "Recalls being resolved.", func() float64 { return float64(r.active.Load()) })
	return r
}

// Names that are listed from the start.
var (
	knownOperations = []string{"resolve_recall", "fetch_messages", "fetch_thread", "list_threads", "commit", "resolve_recall_added"}
	knownCaches     = []string{"threads", "messages"}
	knownStages     = []string{
		string(wire.StageTranscribing), string(wire.StageReadingImage), string(wire.StageUnderstanding),
		string(wire.StageRecognizing), string(wire.StageSearching), string(wire.StageAnswering),
	}
	knownKinds = []string{string(wire.InputText), string(wire.InputVoice), string(wire.InputImage)}
	knownEnds  = []string{
		string(wire.RecallDone), string(wire.RecallRefining), string(wire.RecallNoMatch),
		string(wire.RecallFailedEnd), string(wire.RecallCancelEnd), string(wire.RecallExpireEnd),
	}
	knownPolicies = []string{string(wire.PolicyMinute), string(wire.PolicyHour), string(wire.PolicyConcurrent)}
)

func (r *Recorder) timers() {
	r.seconds = r.histogram("recall_operation_seconds", "Time of each operation.", "operation", shortBuckets)
	r.errors = r.counter("recall_operation_errors_total", "Operations that failed.", "operation")
	r.ops = newNamed(newOperation, knownOperations...)
	r.stages = r.newStages()
	r.kinds = r.newKinds()
}

func (r *Recorder) tallies() {
	r.coalesced = r.tally("recall_coalesced_total", "Requests that shared another's run.", "operation", "resolve_recall", "fetch_messages", "list_threads")
	r.ended = r.tally("recall_recalls_total", "Accepted recalls that have ended.", "status", knownEnds...)
	r.refused = r.tally("recall_refusals_total", "Recalls that a limit of their user refused.", "policy", knownPolicies...)
	r.debounced = r.tally("recall_debounced_total", "Requests that had the result of an equal one of their connection a moment before.", "operation", "fetch_messages")
	r.prefetched = r.tally("recall_prefetched_total", "Loads that nobody had asked for yet.", "operation", "fetch_messages", "list_threads")
	r.floods = r.tally("recall_floods_total", "Times that too much was refused or slowed down.", "what", "frames", "bytes", "handshakes", "connections", "requests")
	r.shed = r.tally("recall_shed_total", "Recalls refused because the server is overloaded.", "reason", "recalls", "database", "processor")
	r.closes = r.tally("recall_closes_total", "Connections that the server closed.", "code")
	r.admitted.counter = prometheus.NewCounter(prometheus.CounterOpts{Name: "recall_admitted_total", Help: "Recalls that the limits let in."})
	r.registry.MustRegister(r.admitted.counter)
}
