package persistence

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"recall/wire"
)

// groupTracer notes in which trace the statement of a group runs.
type groupTracer struct {
	mu    sync.Mutex
	spans []trace.SpanContext
}

// TraceQueryStart implements [pgx.QueryTracer].
func (g *groupTracer) TraceQueryStart(ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryStartData) context.Context {
	if strings.Contains(q.SQL, "recall_commit") {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.spans = append(g.spans, trace.SpanContextFromContext(ctx))
	}
	return ctx
}

// TraceQueryEnd implements [pgx.QueryTracer].
func (*groupTracer) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// Each commit has a span below its caller's; the statement belongs to one of those
// that are sampled, from which the others can be reached.
func TestCommitIsTraced(t *testing.T) {
	t.Parallel()
	recorder, seen := tracetest.NewSpanRecorder(), new(groupTracer)
	sampled := sdk.NewTracerProvider(sdk.WithSpanProcessor(recorder))
	o := gathering(4)
	o.Tracer = seen
	db := openWith(t, o)
	parents := make(map[trace.TraceID]bool)
	var all sync.WaitGroup
	for i, a := range threadsOf(t, db, 4) {
		ctx := t.Context()
		if i > 0 { // the first is not traced at all
			var span trace.Span
			ctx, span = sampled.Tracer("test").Start(ctx, "caller")
			parents[span.SpanContext().TraceID()] = true
		}
		all.Go(func() {
			if err := db.Commit(ctx, asking(a, 1)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	ended := recorder.Ended()
	if len(ended) != 3 || len(seen.spans) != 1 {
		t.Fatalf("%d spans, %d statements", len(ended), len(seen.spans))
	}
	links := 0
	for _, span := range ended {
		if span.Name() != "db.commit" || !parents[span.SpanContext().TraceID()] || !span.Parent().IsValid() {
			t.Errorf("span %s of trace %s", span.Name(), span.SpanContext().TraceID())
		}
		if attributes := span.Attributes(); len(attributes) != 1 || attributes[0].Value.AsInt64() != 4 {
			t.Errorf("attributes %v", attributes)
		}
		if span.SpanContext().SpanID() == seen.spans[0].SpanID() {
			links = len(span.Links())
		}
	}
	if links != 2 {
		t.Errorf("the statement's span has %d links, want one to each of the other two", links)
	}
}

// Without a tracer there is nothing to see, and nothing goes wrong.
func TestCommitIsNotTraced(t *testing.T) {
	t.Parallel()
	seen := new(groupTracer)
	db := openWith(t, Options{Tracer: seen, NoBatching: true})
	if err := db.Commit(t.Context(), asking(newThread(t, db, wire.NewID()), 1)); err != nil {
		t.Fatal(err)
	}
	if len(seen.spans) != 1 || seen.spans[0].IsValid() {
		t.Errorf("spans %v", seen.spans)
	}
}
