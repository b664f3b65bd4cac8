package app

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"recall/actors/provider/rest"
	"recall/actors/recall"
	"recall/actors/thread"
	"recall/server/metrics"
	"recall/wire"
)

// timed measures the work on recalls, stage by stage and as a span. How long the whole
// took only the thread knows, which had it wait and stores its end.
type timed struct {
	next     thread.Resolver
	recorder *metrics.Recorder
	tracer   trace.Tracer // nil: nothing is traced
}

// Resolve implements [thread.Resolver].
func (t timed) Resolve(ctx context.Context, job recall.Job, emit func(wire.Event)) (out recall.Outcome) {
	defer t.recorder.Begin()()
	ctx, span := t.trace(ctx, job)
	defer span.End()
	course := t.recorder.Course(job.RecallID)
	defer func() { course.End(out.Outside) }() // also of a crash, which the thread turns into a failure
	out = t.next.Resolve(rest.WithRequestID(ctx, job.RecallID.String()), job, func(e wire.Event) {
		if s, isStatus := e.(*wire.RecallStatus); isStatus {
			course.Stage(string(s.Stage))
			span.AddEvent(string(s.Stage))
		}
		emit(e)
	})
	if f, failed := out.Terminal.(*wire.RecallFailed); failed && ctx.Err() == nil { // else it was given up
		span.SetStatus(codes.Error, f.Message)
	}
	return out
}

// trace begins the span of a recall's work, as a part of the frame that asked.
func (t timed) trace(ctx context.Context, job recall.Job) (context.Context, trace.Span) {
	if t.tracer == nil {
		return ctx, trace.SpanFromContext(ctx)
	}
	return t.tracer.Start(ctx, "resolve", trace.WithAttributes(
		attribute.String("recall.id", job.RecallID.String()), attribute.String("recall.kind", string(job.Input.Kind))))
}
