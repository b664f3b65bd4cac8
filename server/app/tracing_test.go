package app_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	otlp "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"recall/server/config"
	"recall/stress/emulator/services"
)

// collecting is a collector of traces as OTLP over HTTP has it.
type collecting struct {
	t *testing.T

	mu    sync.Mutex
	spans []*otlp.Span
	paths []string
}

func (c *collecting) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var batch collector.ExportTraceServiceRequest
	if err != nil || proto.Unmarshal(body, &batch) != nil {
		c.t.Errorf("not what OTLP looks like: %v, %d bytes", err, len(body))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.paths = append(c.paths, r.URL.Path)
	for _, resource := range batch.ResourceSpans {
		for _, scope := range resource.ScopeSpans {
			c.spans = append(c.spans, scope.Spans...)
		}
	}
	w.Header().Set("Content-Type", "application/x-protobuf")
}

// named are the spans whose name begins with prefix.
func (c *collecting) named(prefix string) (found []*otlp.Span) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.spans {
		if strings.HasPrefix(s.Name, prefix) {
			found = append(found, s)
		}
	}
	return found
}

// under tells whether s is a descendant of top.
func (c *collecting) under(top, s *otlp.Span) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		i := slices.IndexFunc(c.spans, func(o *otlp.Span) bool { return string(o.SpanId) == string(s.ParentSpanId) })
		if i < 0 {
			return false
		}
		if s = c.spans[i]; s == top {
			return true
		}
	}
}

// One trace of a recall leads from the frame through the provider's request to the
// SQL, and holds nothing that the user wrote.
func TestOneTraceFromFrameToSQL(t *testing.T) {
	t.Parallel()
	traces := &collecting{t: t}
	server := httptest.NewServer(traces)
	defer server.Close()
	outside, err := services.Start(t.Context(), services.Options{TokensPerSecond: -1})
	check(t, err)
	defer outside.Close()
	w := setup(t, func(c *config.Config) {
		c.OTLPEndpoint, c.TracePercent = server.URL, 100
		c.OpenAIURL, c.OpenAIKey = outside.OpenAI, outside.Keys.OpenAI
	})
	p := w.user().dial()
	p.found(p.thread(), known)
	p.Drop()
	w.proc.stop() // sends what is left

	frames := traces.named("recall")
	if len(frames) != 1 {
		t.Fatalf("%d spans of the frame", len(frames))
	}
	frame := frames[0]
	for _, part := range []string{"resolve", "POST ", "db.commit", "SELECT"} {
		found := slices.ContainsFunc(traces.named(part), func(s *otlp.Span) bool { return traces.under(frame, s) })
		if !found {
			t.Errorf("no %q below the frame; there are %v", part, traces.names())
		}
	}
	for _, s := range traces.named("") {
		if strings.Contains(s.String(), known) {
			t.Errorf("the span %s holds the user's words: %v", s.Name, s)
		}
	}
	if i := slices.IndexFunc(traces.paths, func(p string) bool { return p != "/v1/traces" }); i >= 0 {
		t.Errorf("sent to %s", traces.paths[i])
	}
}

func (c *collecting) names() (names []string) {
	for _, s := range c.named("") {
		names = append(names, s.Name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
