package gateway

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"recall/actors/session"
)

// trace spans a command from its frame on until its place comes back; all that is done
// for it is below that span. Nothing that a person has written goes into it, and what a
// client says of traces of its own is not asked for.
func (c *conn) trace(m *session.Received, frame []byte, came time.Time) {
	tracer := c.g.deps.Tracer
	if tracer == nil || m.Command == nil {
		return
	}
	_, span := tracer.Start(context.Background(), "command", trace.WithSpanKind(trace.SpanKindServer), trace.WithTimestamp(came))
	if span.IsRecording() {
		var head struct{ Type string }
		_ = json.Unmarshal(frame, &head) // a command came out of it
		span.SetName(head.Type)
		span.SetAttributes(attribute.String("recall.command", head.Type), attribute.Int64("recall.connection", c.number))
	}
	if m.Fault != nil {
		span.SetStatus(codes.Error, string(m.Fault.Code))
	}
	done := m.Done
	m.Trace, m.Done = span, func() { span.End(); done() }
}

// traced spans a request.
func (g *Gateway) traced(route string, next http.HandlerFunc) http.HandlerFunc {
	if g.deps.Tracer == nil {
		return next
	}
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, span := g.deps.Tracer.Start(r.Context(), route, trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(
			attribute.String("http.request.method", r.Method), attribute.String("http.route", route)))
		defer span.End()
		next(w, r.WithContext(ctx))
	}
}
