package persistence

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// traceCommit begins the span of one commit, below the caller's own and by the
// caller's provider: without one it costs nothing.
func traceCommit(ctx context.Context) (context.Context, trace.Span) {
	return trace.SpanFromContext(ctx).TracerProvider().Tracer("recall/persistence").
		Start(ctx, "db.commit", trace.WithSpanKind(trace.SpanKindInternal))
}

// endCommit says how many were written together, 0 when the commit was never sent.
func endCommit(span trace.Span, size int, err error) {
	span.SetAttributes(attribute.Int("recall.group.size", size))
	if err != nil {
		span.SetStatus(codes.Error, err.Error())
	}
	span.End()
}

// inTraceOf puts the group's statement into the trace of the first of its commits
// that is sampled, whose span points to those of the others: a span has one parent.
func inTraceOf(ctx context.Context, group []*entry) context.Context {
	var first trace.Span
	for _, e := range group {
		span := trace.SpanFromContext(e.ctx)
		switch {
		case !span.SpanContext().IsSampled():
		case first == nil:
			first = span
		default:
			first.AddLink(trace.Link{SpanContext: span.SpanContext()})
		}
	}
	if first == nil {
		return ctx
	}
	return trace.ContextWithSpan(ctx, first)
}
