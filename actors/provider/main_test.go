package provider

import (
	"log/slog"
	"testing"

	"github.com/asynkron/protoactor-go/actor"
	"go.uber.org/goleak"
)

// TestMain fails the package when goroutines are left.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// newSystem is a plain actor system, without cluster and without words.
func newSystem() *actor.ActorSystem {
	return actor.NewActorSystem(actor.WithLoggerFactory(func(*actor.ActorSystem) *slog.Logger {
		return slog.New(slog.DiscardHandler)
	}))
}
