package app

import (
	"context"
	"errors"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"recall/actors/provider/rest"
	"recall/actors/recall"
	"recall/actors/thread"
	"recall/server/metrics"
	"recall/wire"
)

// timed measures the work on recalls: as a whole, stage by stage, and as a span.
type timed struct {
	next     thread.Resolver
	recorder *metrics.Recorder
	tracer   trace.Tracer // nil: nothing is traced
}

// Resolve implements [thread.Resolver].
func (t timed) Resolve(ctx context.Context, job recall.Job, emit func(wire.Event)) (out recall.Outcome) {
	defer t.recorder.Begin()()
	ctx, span := t.trace(ctx, job)
	course := t.recorder.Course(job.RecallID, job.Input.Kind)
	defer func() { // also of a crash, which the thread turns into a failure
		how, fault := ended(ctx, out)
		end(course, span, how, out.Outside, fault)
	}()
	out = t.next.Resolve(rest.WithRequestID(ctx, job.RecallID.String()), job, func(e wire.Event) {
		if s, isStatus := e.(*wire.RecallStatus); isStatus {
			course.Stage(string(s.Stage))
			span.AddEvent(string(s.Stage))
		}
		emit(e)
	})
	return out
}

// end records how the work ended.
func end(course *metrics.Course, span trace.Span, how string, outside time.Duration, fault error) {
	if fault != nil {
		span.SetStatus(codes.Error, fault.Error())
	}
	span.SetAttributes(attribute.String("recall.ended", how))
	span.End()
	course.End(how, outside, fault)
}

// trace begins the span of a recall's work, as a part of the frame that asked.
func (t timed) trace(ctx context.Context, job recall.Job) (context.Context, trace.Span) {
	if t.tracer == nil {
		return ctx, trace.SpanFromContext(ctx)
	}
	return t.tracer.Start(ctx, "resolve", trace.WithAttributes(
		attribute.String("recall.id", job.RecallID.String()), attribute.String("recall.kind", string(job.Input.Kind))))
}

// ended is how the work ended, in the words of the statistics. When the thread has
// given it up, that is the user's wish or the end of the budget, whatever the work
// made of it.
func ended(ctx context.Context, out recall.Outcome) (how string, fault error) {
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, context.DeadlineExceeded):
		return "expired", cause
	case errors.Is(cause, context.Canceled):
		return "cancelled", nil
	}
	switch e := out.Terminal.(type) {
	case *wire.RecallCompleted:
		return string(e.Status), nil
	case *wire.RecallFailed:
		return "failed", wire.Errorf(e.Code, "%s", e.Message)
	default:
		return "failed", wire.Errorf(wire.CodeInternal, "the work crashed")
	}
}
