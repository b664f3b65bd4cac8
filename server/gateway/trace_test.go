package gateway

import (
	"net/http"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"recall/actors/session"
)

// record makes the world's spans be remembered, as far as the sampler wants them.
func (w *world) record(sampler sdk.Sampler) *tracetest.SpanRecorder {
	spans := tracetest.NewSpanRecorder()
	w.g.deps.Tracer = sdk.NewTracerProvider(sdk.WithSpanProcessor(spans), sdk.WithSampler(sampler)).Tracer("test")
	return spans
}

func TestSpanOfACommand(t *testing.T) {
	w := start(t, nil)
	spans := w.record(sdk.AlwaysSample())
	c, p := w.connect()
	c.send(`{"type":"stash.list","id":"secret"}`)
	m := next[*session.Received](t, p)
	if m.Trace == nil || !m.Trace.IsRecording() || len(spans.Ended()) != 0 {
		t.Fatalf("the command is under way, its span is %v", m.Trace)
	}
	m.Done()
	ended := spans.Ended()
	if len(ended) != 1 || ended[0].Name() != "stash.list" || ended[0].SpanKind() != trace.SpanKindServer || ended[0].Parent().IsValid() {
		t.Fatalf("%+v", ended)
	}
	want := attribute.NewSet(attribute.String("recall.command", "stash.list"), attribute.Int64("recall.connection", 1))
	if got := attribute.NewSet(ended[0].Attributes()...); !got.Equals(&want) {
		t.Errorf("%v", ended[0].Attributes())
	}
}

func TestSpanOfAFault(t *testing.T) {
	w := start(t, nil)
	spans := w.record(sdk.AlwaysSample())
	c, p := w.connect()
	for text, span := range map[string]string{`{"type":"recall","text":5}`: "recall", `{"type":"dance"}`: "", "{": ""} {
		c.send(text)
		m := next[*session.Received](t, p)
		m.Done()
		if (m.Trace != nil) != (span != "") {
			t.Errorf("%s: the span is %v", text, m.Trace)
		}
	}
	if ended := spans.Ended(); len(ended) != 1 || ended[0].Name() != "recall" || ended[0].Status().Code != codes.Error || ended[0].Status().Description != "bad_request" {
		t.Errorf("%+v", ended)
	}
}

// What is not sampled is not sampled further down either.
func TestSpanThatIsNotRecorded(t *testing.T) {
	w := start(t, nil)
	spans := w.record(sdk.NeverSample())
	c, p := w.connect()
	c.send(`{"type":"ping"}`)
	m := next[*session.Received](t, p)
	if m.Trace == nil || m.Trace.SpanContext().IsSampled() {
		t.Errorf("%v", m.Trace)
	}
	if m.Done(); len(spans.Started()) != 0 {
		t.Error("recorded")
	}
}

func TestNothingIsTraced(t *testing.T) {
	w := start(t, nil)
	c, p := w.connect()
	c.send(`{"type":"ping"}`)
	if m := next[*session.Received](t, p); m.Trace != nil {
		t.Errorf("%v", m.Trace)
	}
}

func TestSpanOfADownload(t *testing.T) {
	w := start(t, nil)
	spans := w.record(sdk.AlwaysSample())
	w.srv.Config.Handler = w.g.Handler() // with the tracer
	id := w.shelf.put(someone, voice(100)).String()
	if resp, _ := w.request(http.MethodGet, "/v1/media/"+id, "good", nil); resp.StatusCode != http.StatusOK {
		t.Fatal(resp.StatusCode)
	}
	w.g.Close(t.Context())
	w.srv.Close() // waits for the handler
	if ended := spans.Ended(); len(ended) != 1 || ended[0].Name() != "GET /v1/media/{media_id}" {
		t.Errorf("%+v", ended)
	}
}
