package app

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/exaring/otelpgx"
	"github.com/jackc/pgx/v5"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"recall/server/config"
)

// tracing makes one trace of a command: the frame, the resolving, each call of an
// outside service and each statement. Nil traces nothing and costs nothing.
type tracing struct {
	provider *sdk.TracerProvider
	sending  *http.Client
}

// sendTimeout bounds one batch of spans on its way to the collector.
const sendTimeout = 10 * time.Second

// startTracing sends spans to the configured collector. One that is away costs
// spans, nothing else; the log says so once a minute.
func startTracing(ctx context.Context, cfg config.Config, log *slog.Logger) (*tracing, error) {
	if cfg.OTLPEndpoint == "" {
		return nil, nil
	}
	endpoint, err := url.JoinPath(cfg.OTLPEndpoint, "v1/traces")
	if err != nil {
		return nil, fmt.Errorf("OTLP endpoint: %w", err)
	}
	// A client of our own, so that its connections end with us.
	sending := &http.Client{Timeout: sendTimeout, Transport: http.DefaultTransport.(*http.Transport).Clone()}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(endpoint), otlptracehttp.WithHTTPClient(sending))
	if err != nil {
		return nil, fmt.Errorf("OTLP exporter: %w", err)
	}
	// Without a schema of its own it goes with whatever the variables of OpenTelemetry
	// (OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES) say, which win.
	about, err := resource.New(ctx, resource.WithAttributes(attribute.String("service.name", "recall")), resource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("OpenTelemetry resource: %w", err)
	}
	otel.SetErrorHandler(onceInAWhile(log))
	share := sdk.TraceIDRatioBased(float64(cfg.TracePercent) / 100)
	provider := sdk.NewTracerProvider(sdk.WithBatcher(exporter), sdk.WithSampler(sdk.ParentBased(share)), sdk.WithResource(about))
	return &tracing{provider, sending}, nil
}

// onceInAWhile logs what goes wrong with sending spans, at most once a minute.
func onceInAWhile(log *slog.Logger) otel.ErrorHandler {
	var last atomic.Int64
	return otel.ErrorHandlerFunc(func(err error) {
		now := time.Now().UnixNano()
		if before := last.Load(); now-before > int64(time.Minute) && last.CompareAndSwap(before, now) {
			log.Warn("traces cannot be sent", slog.Any("error", err))
		}
	})
}

// tracer starts the spans of this program; nil: nothing is traced.
func (t *tracing) tracer() trace.Tracer {
	if t == nil {
		return nil
	}
	return t.provider.Tracer("recall/server")
}

// sql makes a span of each statement that is part of a trace.
func (t *tracing) sql() pgx.QueryTracer {
	if t == nil {
		return nil
	}
	return otelpgx.NewTracer(otelpgx.WithTracerProvider(t.provider), otelpgx.WithDisableConnectionDetailsInAttributes())
}

// outside makes a span of each request of an outside service that is part of a trace.
// The service itself is told nothing of it.
func (t *tracing) outside(next http.RoundTripper) http.RoundTripper {
	if t == nil {
		return next
	}
	return otelhttp.NewTransport(next, otelhttp.WithTracerProvider(t.provider),
		otelhttp.WithPropagators(propagation.NewCompositeTextMapPropagator()),
		otelhttp.WithFilter(func(r *http.Request) bool { return trace.SpanFromContext(r.Context()).IsRecording() }),
		otelhttp.WithSpanNameFormatter(func(_ string, r *http.Request) string { return r.Method + " " + r.URL.Host }))
}

// stop sends what is left.
func (t *tracing) stop(ctx context.Context) error {
	if t == nil {
		return nil
	}
	defer t.sending.CloseIdleConnections()
	return t.provider.Shutdown(ctx)
}
