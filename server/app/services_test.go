package app

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/asynkron/protoactor-go/actor"

	"recall/actors/provider"
	"recall/server/config"
)

// TestTheLogNamesTheServicesOwnID of a call, which its support asks for, in the log of
// the program and not in another one.
func TestTheLogNamesTheServicesOwnID(t *testing.T) {
	t.Parallel()
	model := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Request-Id", "req_theirs")
		_, _ = io.WriteString(w, `{"choices":[{"message":{"content":"{\"intent\":\"find_song\",\"confidence\":1}"},"finish_reason":"stop"}]}`)
	}))
	t.Cleanup(model.Close)
	quiet := slog.New(slog.DiscardHandler)
	system := actor.NewActorSystem(actor.WithLoggerFactory(func(*actor.ActorSystem) *slog.Logger { return quiet }))
	t.Cleanup(system.Shutdown)
	var log bytes.Buffer
	cfg := config.Default()
	cfg.OpenAIURL = model.URL
	s := startServices(cfg, (*tracing)(nil).outside, system, provider.Deps{Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))}, nil)
	_, err := s.team.Understander.Understand(t.Context(), "which song goes la la")
	s.stop()
	if err != nil || !strings.Contains(log.String(), "request=req_theirs") {
		t.Errorf("%v; the log: %s", err, &log)
	}
	if strings.Contains(log.String(), "la la") {
		t.Errorf("what a person said is in the log: %s", &log)
	}
}
