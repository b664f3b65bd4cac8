package grain

import (
	"context"

	"go.opentelemetry.io/otel/trace"
)

// WithTrace is ctx as a part of what span traces; nil traces nothing. A span travels
// with a message from actor to actor, since a context does not.
func WithTrace(ctx context.Context, span trace.Span) context.Context {
	if span == nil {
		return ctx
	}
	return trace.ContextWithSpan(ctx, span)
}

// TraceOf is the span that ctx is a part of, to be sent along with a message; nil when
// nothing is traced.
func TraceOf(ctx context.Context) trace.Span {
	if span := trace.SpanFromContext(ctx); span.SpanContext().IsValid() {
		return span
	}
	return nil
}
