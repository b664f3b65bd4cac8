// Package monitoring_test holds what operators load into Prometheus and Grafana
// against what the recorder exposes.
package monitoring_test

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"recall/server/metrics"
	"recall/wire"
)

// busy is a recorder that every part of a server has reported to, under the names
// that named makes of the usual ones.
func busy(r *metrics.Recorder, named func(string) string) {
	id := wire.NewID()
	c := r.Course(id)
	c.Stage(named("searching"))
	c.End(0)
	r.Ended(id, wire.InputKind(named("text")), named("done"), time.Second)
	r.Begin()()
	r.Observe(named("commit"), time.Millisecond, errors.New("x"))
	r.Hit(named("threads"), named("list_threads"))
	r.Miss(named("answers"))
	r.Coalesced(named("fetch_messages"))
	r.Prefetched(named("fetch_messages"))
	r.Admitted(wire.NewID())
	r.Refused(wire.NewID(), named("recall_hour"))
	r.Shed(named("database"))
	r.Flooded(named("bytes"))
	r.Closed(wire.CloseTooSlow)
	r.Called(named("whisper"), named("ok"), time.Second)
	r.StateChanged(named("whisper"), named("closed"), named("open"))
}

func usual(name string) string { return name }

// whole is a busy recorder with everything that the app hands in.
func whole() *metrics.Recorder {
	r := metrics.NewRecorder()
	busy(r, usual)
	r.Connections(func() (int, int) { return 3, 2 })
	r.ServiceStates(func() map[string]string { return map[string]string{"whisper": "open", "lyrics": "closed"} })
	r.Pool(func() metrics.DB {
		return metrics.DB{Conns: 4, MaxConns: 16, Acquired: 2, WaitedMS: 1500, PressureMS: 250}
	})
	r.Caches(func() map[string]metrics.Cache {
		return map[string]metrics.Cache{"threads": {Size: 7, Bytes: 99}, "messages": {}}
	})
	r.Overload(func() metrics.Overload { return metrics.Overload{Shedding: true, LagMS: 20, OpenRecalls: 5} })
	return r
}

func scrape(r *metrics.Recorder) string {
	answer := httptest.NewRecorder()
	r.Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	return answer.Body.String()
}

// labels are the values of each label.
type labels map[string]map[string]bool

func (l labels) names() []string { return slices.Sorted(maps.Keys(l)) }

// exposure is what was scraped: the labels by the name of the sample (with _bucket,
// _sum and _count), and the type of each metric.
type exposure struct {
	samples map[string]labels
	types   map[string]string
}

var (
	sampleLine = regexp.MustCompile(`(?m)^(\w+)(?:\{(.*)\})? \S+$`)
	labelPair  = regexp.MustCompile(`(\w+)="((?:\\.|[^"\\])*)"`)
	typeLine   = regexp.MustCompile(`(?m)^# TYPE (\w+) (\w+)$`)
)

func read(text string) exposure {
	e := exposure{samples: map[string]labels{}, types: map[string]string{}}
	for _, m := range typeLine.FindAllStringSubmatch(text, -1) {
		e.types[m[1]] = m[2]
	}
	for _, m := range sampleLine.FindAllStringSubmatch(text, -1) {
		if e.samples[m[1]] == nil {
			e.samples[m[1]] = labels{}
		}
		for _, pair := range labelPair.FindAllStringSubmatch(m[2], -1) {
			if e.samples[m[1]][pair[1]] == nil {
				e.samples[m[1]][pair[1]] = map[string]bool{}
			}
			e.samples[m[1]][pair[1]][pair[2]] = true
		}
	}
	return e
}

// labelsOf are the labels of a metric, whatever its samples are called.
func (e exposure) labelsOf(metric string) []string {
	if l, ok := e.samples[metric]; ok {
		return l.names()
	}
	return e.samples[metric+"_count"].names()
}

func TestNamesFollowTheRules(t *testing.T) {
	t.Parallel()
	problems, err := promlint.New(strings.NewReader(scrape(whole()))).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

// Whatever names the parts report, each label has few values.
func TestLabelsAreBounded(t *testing.T) {
	t.Parallel()
	r := metrics.NewRecorder()
	for i := range 500 {
		busy(r, func(name string) string { return fmt.Sprint(name, i) })
	}
	for sample, l := range read(scrape(r)).samples {
		for label, values := range l {
			if len(values) > 41 {
				t.Errorf("%s has %d values of %s", sample, len(values), label)
			}
		}
	}
}

func TestValuesOfTheParts(t *testing.T) {
	t.Parallel()
	text := scrape(whole())
	for _, line := range []string{
		`recall_connections 3`, `recall_connected_users 2`,
		`recall_service_state{service="whisper",state="open"} 1`, `recall_service_state{service="whisper",state="closed"} 0`,
		`recall_service_state{service="lyrics",state="closed"} 1`,
		`recall_db_connections_in_use 2`, `recall_db_connections_max 16`, `recall_db_waited_seconds_total 1.5`, `recall_db_pressure_seconds 0.25`,
		`recall_cache_entries{cache="threads"} 7`, `recall_cache_bytes{cache="threads"} 99`,
		`recall_shedding 1`, `recall_lag_seconds 0.02`, `recall_open_recalls 5`,
		`recall_users{state="active"} 2`, `recall_users{state="limited"} 1`, `recall_users{state="hammering"} 0`,
		`recall_resolve_seconds_bucket{kind="text",le="2"} 1`, `recall_stage_seconds_count{stage="searching"} 1`,
	} {
		if !strings.Contains(text, "\n"+line+"\n") {
			t.Errorf("no line %s", line)
		}
	}
}
